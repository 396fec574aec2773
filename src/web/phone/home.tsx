// The first page of somebody who is not signed in: residents follow their demand, members and officials sign in.
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Outbox } from '#modules/demands/web/phone/outbox.tsx'
import { dropCode, useCodes } from './codes.ts'
import { Button, TextField, Page } from './parts.tsx'
import { codeGroups, moment } from './words.ts'

/** As typed, with full-width forms and spaces, to what fits in an address. */
const tidy = (typed: string) => typed.normalize('NFKC').toUpperCase().replace(/\s/g, '')

function FollowForm() {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string>()
  const [, go] = useLocation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const code = tidy(typed)
    if (/^\d{1,6}-[0-9A-Z-]{6,30}$/.test(code)) go(`/f/${encodeURIComponent(code)}`)
    else setWrong('查询码由数字、短横和字母组成，例如 1-ABCD EFGH JKM。')
  }
  return (
    <form className="sheet" onSubmit={submit} noValidate>
      <TextField
        label="查询诉求进展"
        hint="输入提交诉求时得到的查询码"
        wrong={wrong}
        most={60}
        exact
        value={typed}
        onText={setTyped}
      />
      <Button main>查看进展</Button>
    </form>
  )
}

function Kept() {
  const codes = useCodes()
  if (codes.length === 0) return null
  return (
    <section aria-label="记在这部手机上的诉求">
      <div className="group">
        <h2>记在这部手机上的诉求</h2>
      </div>
      <ul className="rows">
        {codes.map((c) => (
          <li key={c.code}>
            <div className="row">
              <Link href={`/f/${c.code}`}>{c.title}</Link>
              <div className="line more">
                <span className="num">
                  {codeGroups(c.code)}　{moment(c.at)}
                </span>
                <button
                  type="button"
                  className="flat"
                  onClick={() => dropCode(c.code)}
                  aria-label={`从这部手机上删除：${c.title}`}
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

export const Home = () => (
  <Page title="居民诉求与为民服务">
    <Outbox kind="raise" />
    <FollowForm />
    <Kept />
    <section className="sheet">
      <h2>提出诉求</h2>
      <p>
        用手机相机或微信“扫一扫”，扫描小区、楼栋张贴的二维码即可，不需要账号，也不读取您的位置。没有二维码时，可请社区工作人员代为登记。
      </p>
    </section>
    <section className="sheet">
      <h2>党员、志愿者和社区工作人员</h2>
      <p>报到、认领任务、查看服务记录，或办理诉求。</p>
      <p>
        <Link className="btn" href="/m/sign-in">
          登录
        </Link>
      </p>
      <Link className="flat block" href="/m/check">
        查验服务证明
      </Link>
    </section>
  </Page>
)
