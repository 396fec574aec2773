// The way of a manuscript: who took which step, and what the reader may do next.
import { useQuery } from '@tanstack/react-query'
import { Drawer, Button } from 'antd'
import { useState } from 'react'
import type { Mechanism } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import type { ListOf } from '#web/kit/list.ts'
import { Sheet } from '#web/kit/page.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import type { ManuscriptPage, ManuscriptState, ReportSettings } from '../contract.ts'
import { stateWords, stepVerbs } from './words.ts'

const asksWhere = (to: ManuscriptState) => to === 'published' || to === 'corrected'
const owesReason = (to: ManuscriptState) => to === 'drafted' || to === 'dropped'

export function Steps({ of, dirty }: { of: ManuscriptPage; dirty: boolean }) {
  const [publishing, setPublishing] = useState<ManuscriptState | null>(null)
  const next = of.can.filter((c): c is ManuscriptState => c in stepVerbs)
  const advance = (state: ManuscriptState) => (note: string | undefined, idempotencyKey: string) =>
    call('POST', `/manuscripts/${of.id}/steps`, {
      ifMatch: of.version,
      idempotencyKey,
      body: { state, note: note ?? '' },
    })
  return (
    <Sheet title="办理" padded>
      {next.length > 0 ? (
        <div className="row">
          {next.map((to) =>
            asksWhere(to) ? (
              <Button key={to} disabled={dirty} onClick={() => setPublishing(to)}>
                {stepVerbs[to]}
              </Button>
            ) : (
              <Act
                key={to}
                verb={stepVerbs[to]}
                done={stateWords[to]}
                disabled={dirty}
                reason={owesReason(to) ? 'required' : 'optional'}
                reasonLabel={owesReason(to) ? '原因' : '意见'}
                run={advance(to)}
              />
            ),
          )}
          {dirty ? <span className="quiet">请先保存修改。</span> : null}
        </div>
      ) : null}
      <ol className="plain-list">
        {of.steps.map((s, i) => (
          <li key={i}>
            <span className="num quiet">{moment(s.at)}</span> {stateWords[s.state]}　{s.by}
            {s.note ? <div className="quiet">{s.note}</div> : null}
          </li>
        ))}
      </ol>
      <Drawer
        open={publishing !== null}
        title={publishing ? stepVerbs[publishing] : ''}
        size={480}
        onClose={() => setPublishing(null)}
        destroyOnHidden
      >
        {publishing ? <Publish of={of} to={publishing} close={() => setPublishing(null)} /> : null}
      </Drawer>
    </Sheet>
  )
}

interface Where {
  outlet: string
  level: string | undefined
  on: string
  link: string
  note: string
}

function Publish({ of, to, close }: { of: ManuscriptPage; to: ManuscriptState; close: () => void }) {
  const refresh = useRefresh()
  const told = useTold()
  const form = useForm<Where>({ outlet: '', level: undefined, on: todayHere(), link: '', note: '' })
  const mechanisms = useQuery({
    queryKey: ['/mechanisms'],
    queryFn: ({ signal }) => call<ListOf<Mechanism>>('GET', '/mechanisms', { signal }),
  })
  const settings = mechanisms.data?.rows.find((m) => m.id === of.mechanismId)?.settings as ReportSettings | undefined
  const send = () =>
    form.submit(async ({ note, level, ...where }, idempotencyKey) => {
      const body = { state: to, note, publication: { ...where, level: level ?? '' } }
      await call('POST', `/manuscripts/${of.id}/steps`, { ifMatch: of.version, idempotencyKey, body })
      told(stateWords[to])
      close()
      await refresh()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <FormProblem form={form} />
      <TextField form={form} name="outlet" path="publication.outlet" label="刊发媒体" required max={40} />
      <ChoiceField
        form={form}
        name="level"
        path="publication.level"
        label="级别"
        required
        options={(settings?.levels ?? []).map((l) => ({ value: l.id, label: l.name }))}
      />
      <Field form={form} name="on" path="publication.on" label="刊发日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      <TextField form={form} name="link" path="publication.link" label="网址" max={300} />
      <TextField
        form={form}
        name="note"
        label={to === 'corrected' ? '更正了什么' : '备注'}
        required={to === 'corrected'}
        max={400}
        rows={3}
      />
      <FormFoot verb={stepVerbs[to]} busy={form.busy} onCancel={close} />
    </form>
  )
}
