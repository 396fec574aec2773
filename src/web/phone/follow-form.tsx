// A code typed in, and the codes kept on this device: what somebody without an account comes back with.
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { dropCode, type KeptCode, useCodes } from './codes.ts'
import { Button, TextField } from './parts.tsx'
import { codeGroups, moment } from './words.ts'

/** As typed, with full-width forms and spaces, to what fits in an address. */
const tidy = (typed: string) => typed.normalize('NFKC').toUpperCase().replace(/\s/g, '')

interface FollowProps {
  label: string
  hint: string
  /** Where the code leads, without a slash at its end. */
  to: string
  /** Not what this page is for: its button is not the primary one. */
  aside?: boolean
}

export function FollowForm({ label, hint, to, aside }: FollowProps) {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [, go] = useLocation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const code = tidy(typed)
    if (/^\d{1,6}-[0-9A-Z-]{6,30}$/.test(code)) go(`${to}/${encodeURIComponent(code)}`)
    else setWrong('查询码由数字、短横和字母组成，例如 1-ABCD EFGH JKM。')
  }
  return (
    <form className="sheet" onSubmit={submit} noValidate>
      <TextField label={label} hint={hint} wrong={wrong} most={60} exact value={typed} onText={setTyped} />
      <Button main={!aside}>查看进展</Button>
    </form>
  )
}

const pathOf = (c: KeptCode) => c.path ?? `/f/${c.code}`

/** Codes kept on this device; `below` only those that open a page below it. */
export function KeptCodes({ below }: { below?: string }) {
  const codes = useCodes().filter((c) => !below || pathOf(c).startsWith(`${below}/`))
  if (codes.length === 0) return null
  return (
    <section aria-label="记在这台设备上的查询码">
      <div className="group">
        <h2>记在这台设备上的查询码</h2>
      </div>
      <ul className="rows">
        {codes.map((c) => (
          <li key={c.code}>
            <div className="row">
              <Link href={pathOf(c)}>{c.title}</Link>
              <div className="line more">
                <span className="num">
                  {codeGroups(c.code)}　{moment(c.at)}
                </span>
                <button
                  type="button"
                  className="flat"
                  onClick={() => dropCode(c.code)}
                  aria-label={`从这台设备上删除：${c.title}`}
                >
                  删除
                </button>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
