// One form filled in on the phone: what is known is only confirmed, the draft stays on this phone until it is sent.
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { dropLocal, readLocal, writeLocal } from '#web/phone/local.ts'
import { Button, Facts, Loading, Note, Page, Picks, Refused, TextField } from '#web/phone/parts.tsx'
import { dayWords } from '#web/phone/words.ts'
import type { AskPage } from '../../contract.ts'
import { type Asked, bodyOf, type Given, mayFill, startsOf, type Values } from '../given.ts'
import { valueWords, yesNo } from '../words.ts'

export function FillPage() {
  const { id } = useParams<{ id: string }>()
  const { data, problem, again } = useAsk<AskPage>(`/form-asks/${id}`)
  if (problem && !data)
    return (
      <Page title="填报" back="/m/todo">
        <Refused problem={problem} again={again} />
      </Page>
    )
  if (!data) return <Loading />
  return mayFill(data) ? <Fill key={data.ask.version} page={data} /> : <Filled page={data} />
}

const leadOf = ({ ask }: AskPage) =>
  `${ask.unitName}　${ask.period} 期　${dayWords(ask.dueOn)}截止　约 ${ask.minutes} 分钟`

/** Why it is asked and by whom stands with the form. [JF-09] */
const Why = ({ page: { ask, ground, purpose } }: { page: AskPage }) => (
  <Facts
    rows={[
      ['由谁要求', ask.ownerName],
      ['依据', ground],
      ['用途', purpose],
    ]}
  />
)

const draftName = (id: string) => `ask.${id}`

/** Kept on the phone as it is typed; only the account's own fields are in it, no personal data is asked in forms. */
function useDraft({ ask, fields }: AskPage) {
  const name = draftName(ask.id)
  const [values, setValues] = useState<Values>(() => ({
    ...startsOf(fields),
    ...(readLocal<{ version: number; values: Values }>(name)?.version === ask.version
      ? readLocal<{ values: Values }>(name)?.values
      : {}),
  }))
  const put = (field: string, part: Partial<Given>) =>
    setValues((before) => {
      const next = { ...before, [field]: { ...(before[field] as Given), ...part } }
      writeLocal(name, { version: ask.version, values: next })
      return next
    })
  return { values, put, forget: () => dropLocal(name) }
}

function Fill({ page }: { page: AskPage }) {
  const { ask, fields } = page
  const { values, put, forget } = useDraft(page)
  const { post, sending, problem, clear } = usePost()
  const [, go] = useLocation()
  const send = async () => {
    if ((await post(`/form-asks/${ask.id}/answers`, bodyOf(fields, values))) === null) return
    forget()
    go('/m/todo', { replace: true })
  }
  const wrong = (f: Asked) => problem?.issues.find((i) => i.path === `answers.${f.id}`)?.text
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <Page
        title={ask.title}
        back="/m/todo"
        lead={leadOf(page)}
        act={
          <Button main busy={sending}>
            提交
          </Button>
        }
      >
        <div className="sheet">
          {ask.returnReason && ask.state === 'returned' ? (
            <Note tone="warn">
              <p>退回原因：{ask.returnReason}</p>
            </Note>
          ) : null}
          {problem ? <Refused problem={problem} /> : null}
          {fields.map((f) => (
            <One
              key={f.id}
              field={f}
              given={values[f.id] as Given}
              put={(part) => (clear(), put(f.id, part))}
              wrong={wrong(f)}
            />
          ))}
        </div>
        <div className="sheet">
          <Why page={page} />
        </div>
      </Page>
    </form>
  )
}

interface OneProps {
  field: Asked
  given: Given
  put: (part: Partial<Given>) => void
  wrong: string | undefined
}

function One({ field: f, given, put, wrong }: OneProps) {
  const last = f.type !== 'held' && f.known !== null ? `上期：${valueWords(f.type, f.known, f.measured)}` : ''
  const hint = [f.definition, f.required ? '' : '可不填', last].filter(Boolean).join('　')
  const label = f.measured && f.type !== 'held' ? `${f.label}（${f.measured}）` : f.label
  const write = (value: string) => put({ value })
  if (f.type === 'held') return <Known field={f} given={given} put={put} wrong={wrong} />
  if (f.type === 'choice' || f.type === 'yes-no') {
    const options = f.type === 'choice' ? f.choices.map((c) => ({ id: c, name: c })) : yesNoOptions
    return (
      <Picks
        legend={label}
        hint={hint}
        options={options}
        wrong={wrong}
        value={given.value || null}
        onPick={write}
        {...(f.required ? {} : { onClear: () => write('') })}
      />
    )
  }
  return (
    <TextField
      label={label}
      hint={hint}
      wrong={wrong}
      value={given.value}
      onText={write}
      {...(f.type === 'number' ? { digits: true } : f.type === 'day' ? { kind: 'date' } : { lines: 'few', most: 300 })}
    />
  )
}

const yesNoOptions = Object.entries(yesNo).map(([id, name]) => ({ id, name }))

/** Known already: nothing is typed unless it is wrong. */
function Known({ field: f, given, put, wrong }: OneProps) {
  return (
    <>
      <Picks
        legend={`${f.label}：系统里是 ${valueWords('held', f.known, f.measured)}`}
        hint={f.definition}
        even
        options={[
          { id: 'yes', name: '确认无误' },
          { id: 'no', name: '有误' },
        ]}
        wrong={wrong}
        value={given.agreed === null ? null : given.agreed ? 'yes' : 'no'}
        onPick={(v) => put({ agreed: v === 'yes' })}
      />
      {given.agreed === false ? (
        <>
          <TextField label="应为多少" value={given.claimed} most={60} onText={(claimed) => put({ claimed })} />
          <TextField
            label="哪条记录有误、为什么"
            value={given.reason}
            most={200}
            lines="few"
            onText={(reason) => put({ reason })}
          />
        </>
      ) : null}
    </>
  )
}

const Filled = ({ page }: { page: AskPage }) => (
  <Page title={page.ask.title} back="/m/todo" lead={leadOf(page)}>
    <div className="sheet">
      <Facts
        rows={page.fields.map(
          (f) =>
            [
              f.label,
              f.type === 'held'
                ? valueWords('held', f.known, f.measured)
                : valueWords(f.type, f.answer?.value ?? null, f.measured),
            ] as const,
        )}
      />
    </div>
    <div className="sheet">
      <Why page={page} />
    </div>
  </Page>
)
