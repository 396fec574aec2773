// The certificate of service, free of charge, and the check anybody can make by its code. [VOL-01, VOL-05]
import { type FormEvent, useState } from 'react'
import { useParams } from 'wouter'
import type { Certificate, CheckedCertificate } from '#modules/demands/contract.ts'
import { useAsk } from '#web/phone/ask.ts'
import { Button, Facts, Loading, Note, Page, Refused, TextField } from '#web/phone/parts.tsx'
import { dayWords, span } from '#web/phone/words.ts'

const service = (c: Pick<Certificate, 'minutes' | 'hours'>) => `${c.hours} 小时（${c.minutes} 分钟）`

export function CertificatePage() {
  const { id } = useParams<{ id: string }>()
  const { data: c, problem, again } = useAsk<Certificate>(`/claims/${id}/certificate`)
  return (
    <Page title="志愿服务证明" back="/m/record">
      {problem ? <Refused problem={problem} again={problem.unsettled ? again : undefined} /> : null}
      {c ? (
        <>
          <section className="slip">
            <Facts
              rows={[
                ['姓名', c.name],
                ['服务', c.title],
                ['内容', c.content === c.title ? null : c.content],
                ['时间', span(c.servedFrom, c.servedTo, true)],
                ['时长', service(c)],
                ['地点', c.place],
                ['组织单位', c.organiser],
                ['负责人', c.inCharge],
                ['出具日期', dayWords(c.issuedOn, true)],
                ['查询码', c.code],
              ]}
            />
            <p className="small quiet">无偿服务，由组织单位记录。凭查询码可在“查验服务证明”核对。</p>
          </section>
          <div className="sheet noprint">
            <Button onClick={() => window.print()}>打印或另存</Button>
          </div>
        </>
      ) : problem ? null : (
        <Loading />
      )}
    </Page>
  )
}

export function CheckCertificate() {
  const [typed, setTyped] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const { data: c, problem } = useAsk<CheckedCertificate>(code ? `/certificates/${encodeURIComponent(code)}` : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setCode(typed.normalize('NFKC').replace(/\s/g, ''))
  }
  return (
    <Page title="查验服务证明" back="/m" lead="输入证明上的查询码，核对是否属实。">
      <form className="sheet" onSubmit={submit} noValidate>
        <TextField label="查询码" exact most={60} value={typed} onText={setTyped} />
        <Button main disabled={typed.trim() === ''}>
          查验
        </Button>
      </form>
      {code && problem ? <Refused problem={problem} /> : null}
      {code && c ? (
        <>
          <Note tone="good">
            <p>查到这份证明。</p>
          </Note>
          <section className="sheet">
            <Facts
              rows={[
                ['姓名', c.name],
                ['服务', c.title],
                ['服务日期', dayWords(c.day, true)],
                ['时长', service(c)],
                ['组织单位', c.organiser],
                ['出具日期', dayWords(c.issuedOn, true)],
              ]}
            />
          </section>
        </>
      ) : null}
    </Page>
  )
}
