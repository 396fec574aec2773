// The slip: the code is the only key of somebody without an account, so it is large, can be copied, saved, shared, kept on the
// phone, or printed.
import { type ReactNode, useEffect, useState } from 'react'
import { dropCode, keepCode, useCodes } from './codes.ts'
import { Button, Check, Facts } from './parts.tsx'
import { codeGroups } from './words.ts'

interface SlipProps {
  code: string
  no: number
  /** What the kept code is called in lists. */
  title: string
  at: string
  /** Page the code opens. */
  path: string
  facts: readonly (readonly [string, ReactNode])[]
  /** What can be done with the code, and that it must be guarded. */
  children: ReactNode
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export function CodeSlip({ code, no, title, at, path, facts, children }: SlipProps) {
  const [told, setTold] = useState('')
  const kept = useCodes().some((c) => c.code === code)
  const link = `${location.origin}${path}`
  useEffect(() => {
    if (told === '') return
    const timer = setTimeout(() => setTold(''), 4000)
    return () => clearTimeout(timer)
  }, [told])
  const share = async () => {
    if (navigator.share) await navigator.share({ title: '进展查询', url: link }).catch(() => {})
    else setTold((await copy(link)) ? '链接已复制，可以粘贴到备忘录或发给自己。' : '请长按网址栏复制链接。')
  }
  return (
    <section className="slip" aria-label="查询凭条">
      <h2>查询凭条</h2>
      <span className="code" translate="no">
        {codeGroups(code)}
      </span>
      <Facts rows={facts} />
      <p className="small quiet">{children}</p>
      <div className="noprint">
        <Check checked={kept} onChange={(on) => (on ? keepCode({ code, no, title, at, path }) : dropCode(code))}>
          把查询码记在这台设备上
        </Check>
        <div className="side">
          <Button
            onClick={() =>
              void copy(code).then((ok) => setTold(ok ? '查询码已复制。' : '没有复制成功，请长按查询码复制。'))
            }
          >
            复制查询码
          </Button>
          <Button onClick={() => void share()}>保存链接</Button>
        </div>
        <button type="button" className="flat block" onClick={() => window.print()}>
          打印凭条
        </button>
        <p role="status" className="small">
          {told}
        </p>
      </div>
    </section>
  )
}
