// The slip: the code is the resident's only key, so it is large, can be copied, saved, shared, kept on the phone, or printed.
import { useEffect, useState } from 'react'
import { dropCode, keepCode, useCodes } from '#web/phone/codes.ts'
import { Button, Check, Facts } from '#web/phone/parts.tsx'
import { codeGroups, moment } from '#web/phone/words.ts'

export interface Slip {
  code: string
  no: number
  place: string
  at: string
  respondBy?: string
}

let last: Slip | null = null

/** The slip of the demand just raised, for the page that opens next. */
export const rememberSlip = (slip: Slip) => {
  last = slip
}
export const freshSlip = (code: string) => (last?.code === code ? last : null)

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

export function SlipSheet({ slip }: { slip: Slip }) {
  const [told, setTold] = useState('')
  const kept = useCodes().some((c) => c.code === slip.code)
  const link = `${location.origin}/f/${slip.code}`
  useEffect(() => {
    if (told === '') return
    const timer = setTimeout(() => setTold(''), 4000)
    return () => clearTimeout(timer)
  }, [told])
  const share = async () => {
    if (navigator.share) await navigator.share({ title: '诉求查询', url: link }).catch(() => {})
    else setTold((await copy(link)) ? '链接已复制，可以粘贴到备忘录或发给自己。' : '请长按网址栏复制链接。')
  }
  return (
    <section className="slip" aria-label="查询凭条">
      <h2>查询凭条</h2>
      <span className="code" translate="no">
        {codeGroups(slip.code)}
      </span>
      <Facts
        rows={[
          ['受理编号', slip.no],
          ['地点', slip.place],
          ['提交时间', moment(slip.at)],
          ['最迟回应', slip.respondBy ? moment(slip.respondBy) : null],
        ]}
      />
      <p className="small quiet">
        凭查询码可查进展、评价、撤回同意。知道查询码的人都能看到这件诉求，请妥善保管；丢失后无法找回。
      </p>
      <div className="noprint">
        <Check
          checked={kept}
          onChange={(on) =>
            on ? keepCode({ code: slip.code, no: slip.no, title: slip.place, at: slip.at }) : dropCode(slip.code)
          }
        >
          把查询码记在这部手机上
        </Check>
        <div className="side">
          <Button
            onClick={() =>
              void copy(slip.code).then((ok) => setTold(ok ? '查询码已复制。' : '没有复制成功，请长按查询码复制。'))
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
