// One talent record: who, under which mechanism, how far; the next dated step; what was done to it. [domain 1.11]
import { useQuery } from '@tanstack/react-query'
import { InputNumber } from 'antd'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { Act, useFinish } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import { ChoiceField, TextField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { Reveal } from '#web/kit/reveal.tsx'
import { usePermission } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import type { Talent, TalentPage as Shown, TalentSettings } from '../contract.ts'
import { choicesOf, forms, toneOf, useTalentMechanisms, useTalentWords } from './talent-words.ts'

export function TalentPage() {
  const { id } = useParams<{ id: string }>()
  const carry = useCarry()
  const words = useTalentWords()
  const shown = useQuery({
    queryKey: ['/talents/one', id],
    queryFn: ({ signal }) => call<Shown>('GET', `/talents/${id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={12} />
  const { talent: t, timeline } = shown.data
  return (
    <>
      <PrintHead title={`${t.name}　人才记录`} unit={t.holderName} />
      <PageHead
        title={
          <span className="row">
            {t.name}
            <StateTag tone={toneOf(t)}>
              {t.withdrawn ? '已撤回同意' : words.word(t.mechanismId, 'states', t.state)}
            </StateTag>
          </span>
        }
        where={words.mechanism(t.mechanismId)}
      >
        <Link href={carry('/talents')} className="no-print">
          返回名册
        </Link>
        <Steps talent={t} />
      </PageHead>
      <div className="split">
        <div className="stack">
          <Basics talent={t} />
          <Way talent={t} />
        </div>
        <Sheet title="办理记录" padded>
          <Timeline items={timeline} names={words.all(t.mechanismId)} />
        </Sheet>
      </div>
      <PrintFoot />
    </>
  )
}

function Basics({ talent: t }: { talent: Talent }) {
  const carry = useCarry()
  const words = useTalentWords()
  const mayOpen = usePermission('person.read')
  const part = (list: 'levels' | 'fields' | 'routes' | 'channels', value: string) =>
    value ? words.word(t.mechanismId, list, value) : '—'
  return (
    <Sheet title="基本情况" padded>
      <Facts
        two
        of={[
          ['形式', forms[t.form]],
          ['用人（管理）单位', t.holderName],
          t.personId !== null && [
            '人员',
            mayOpen ? <Link href={carry(`/persons/${t.personId}`)}>{t.name}</Link> : t.name,
          ],
          ['计入年度', `${t.targetYear} 年`],
          ['层次', part('levels', t.level)],
          ['领域', part('fields', t.field)],
          ['路径', part('routes', t.route)],
          ['渠道', part('channels', t.channel)],
          ['本人同意', t.consentAt ? `${moment(t.consentAt)} 登记` : t.withdrawn ? '已撤回' : '未登记'],
          ['意向', t.wish ? <Wish key="w" talent={t} /> : '没有登记'],
        ]}
      />
    </Sheet>
  )
}

/** Sealed; opening it takes a reason and is written down. */
const Wish = ({ talent: t }: { talent: Talent }) => (
  <Reveal
    may={t.can.includes('talent.reveal')}
    title="意向"
    ground="个人信息保护法第六条"
    effect="查看人、时间和理由会记入这条记录。"
    open={async (reason, idempotencyKey) => {
      const body = { reason }
      const { wish } = await call<{ wish: string }>('POST', `/talents/${t.id}/reveal`, { body, idempotencyKey })
      return { value: wish }
    }}
  >
    已登记，加密保存
  </Reveal>
)

function Way({ talent: t }: { talent: Talent }) {
  const words = useTalentWords()
  return (
    <Sheet title="进展" padded>
      <ol className="stack" style={{ gap: 6 }}>
        {t.steps.map((s, i) => (
          <li key={`${s.state} ${s.on} ${i}`} className="row">
            <span className="quiet nowrap">{s.on}</span>
            <b>{words.word(t.mechanismId, 'states', s.state)}</b>
            {s.days > 0 ? <span>服务 {s.days} 天</span> : null}
            {s.note ? <span className="quiet">{s.note}</span> : null}
          </li>
        ))}
      </ol>
    </Sheet>
  )
}

/** What may be done: the next step, and the person's own withdrawal. */
function Steps({ talent: t }: { talent: Talent }) {
  const settings = useTalentMechanisms().data?.find((m) => m.id === t.mechanismId)?.settings
  if (!settings || !t.can.includes('talent.write')) return null
  const next = nextOf(t, settings)
  return (
    <>
      {t.consentAt ? (
        <Act
          verb="本人撤回同意"
          done="已撤回同意"
          effect={
            signed(t)
              ? '意向即予删除，不能恢复；协议已签，记录继续保留和计数。'
              : '意向即予删除，这条记录停用、不再计数，都不能恢复。'
          }
          run={(_, key) => call('POST', `/talents/${t.id}/withdrawal`, { body: {}, idempotencyKey: key })}
        />
      ) : null}
      {next.length > 0 ? (
        <DialogButton verb="登记进展" type="primary">
          {(close) => <AdvanceForm talent={t} next={next} close={close} />}
        </DialogButton>
      ) : null}
    </>
  )
}

type State = TalentSettings['states'][number]

const again = ['interviewed', 'serving', 'supported']
const over = ['completed', 'left']
const resting = ['interest', 'applied', 'assessed', 'interviewed', 'offered']
const signed = (t: Talent) => t.steps.some((s) => !resting.includes(s.milestone))

/** What may follow, as the mechanism's way goes; the server decides. */
function nextOf(t: Talent, { states }: TalentSettings): State[] {
  const at = states.findIndex((s) => s.id === t.state)
  const now = states[at]
  if (!now || over.includes(now.milestone)) return []
  return states.filter((s, i) => i > at || (i === at && again.includes(s.milestone)))
}

interface Values {
  state: string | undefined
  on: string
  days: number | null
  note: string
}

function AdvanceForm({ talent: t, next, close }: { talent: Talent; next: State[]; close: () => void }) {
  const form = useForm<Values>({ state: next[0]?.id, on: todayHere(), days: null, note: '' })
  const finish = useFinish('已登记进展', close)
  const serving = next.find((s) => s.id === form.values.state)?.milestone === 'serving'
  const send = ({ days, note, ...v }: Values, idempotencyKey: string) =>
    call('POST', `/talents/${t.id}/steps`, {
      body: { ...v, ...(serving && days !== null ? { days } : {}), ...(note.trim() ? { note } : {}) },
      idempotencyKey,
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(send).then(finish)
      }}
    >
      <FormProblem form={form} />
      <ChoiceField form={form} name="state" label="进展到" required options={choicesOf(next)} />
      <Field form={form} name="on" label="发生日期" required hint="按实际发生的日子登记，以后不能改回前一步">
        {(b) => <DayInput {...b} />}
      </Field>
      {serving ? (
        <Field form={form} name="days" label="服务天数">
          {(b) => <InputNumber {...b} min={1} max={366} precision={0} suffix="天" />}
        </Field>
      ) : null}
      <TextField form={form} name="note" label="备注" hint="不要写证件号码、电话" rows={2} max={200} />
      <FormFoot verb="登记进展" busy={form.busy} onCancel={close} />
    </form>
  )
}
