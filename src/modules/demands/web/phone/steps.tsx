// The step that is due now, as one form with one red button. What is offered follows `can`; the server decides again.
import { useState } from 'react'
import type { DemandPage as Whole, DemandStep } from '#modules/demands/contract.ts'
import type { Unit } from '#modules/units/contract.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, TextField, Picks, Refused } from '#web/phone/parts.tsx'
import { outcomes, satisfactions } from '#web/phone/words.ts'
import { dueStep } from '../due.ts'

interface StepProps {
  whole: Whole
  done: (words: string) => void
}

/** To a place I look after: my own community first. Other units are dispatched to from the PC. */
function Dispatch({ whole, done }: StepProps) {
  const { data } = useAsk<{ rows: Unit[] }>('/units', { tree: 'place', limit: 20 })
  const [leadId, setLeadId] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const { post, sending, problem } = usePost()
  const options = (data?.rows ?? []).map((u) => ({ id: u.id, name: u.name }))
  const chosen = leadId ?? (options.length === 1 ? (options[0]?.id ?? null) : null)
  const dispatch = async () => {
    const sent = await post(`/demands/${whole.demand.id}/dispatch`, {
      leadId: chosen,
      ...(note.trim() ? { note: note.trim() } : {}),
    })
    if (sent !== null) done(`已派给${options.find((o) => o.id === chosen)?.name ?? ''}，等待签收。`)
  }
  return (
    <section className="sheet">
      <h2>派单</h2>
      {problem ? <Refused problem={problem} /> : null}
      <Picks
        legend="派给"
        hint="这里列出您所负责的地方；派给部门或发成任务请在电脑上办理"
        options={options}
        value={chosen}
        onPick={setLeadId}
      />
      <TextField label="说明（可以不写）" lines="few" most={200} value={note} onText={setNote} />
      <Button main busy={sending} disabled={!chosen} onClick={() => void dispatch()}>
        派单
      </Button>
    </section>
  )
}

function Sign({ whole, done }: StepProps) {
  const { post, sending, problem } = usePost()
  const sign = async () => {
    if ((await post(`/demands/${whole.demand.id}/signature`)) !== null) done('已签收，现在可以看到诉求人的联系方式。')
  }
  return (
    <section className="sheet">
      {problem ? <Refused problem={problem} /> : null}
      <Button main busy={sending} onClick={() => void sign()}>
        签收
      </Button>
    </section>
  )
}

function Answer({ whole, done }: StepProps) {
  const [answer, setAnswer] = useState('')
  const [means, setMeans] = useState<string | null>(null)
  const contacting = usePost()
  const answering = usePost()
  const id = whole.demand.id
  const contacted = async () => {
    if ((await contacting.post(`/demands/${id}/contact`)) !== null) done('已记录首次联系，改按办结时限计时。')
  }
  const send = async () => {
    const body = { answer: answer.trim(), ...(means ? { means } : {}) }
    if ((await answering.post(`/demands/${id}/answer`, body)) !== null) done('已答复，等待确认。')
  }
  const problem = answering.problem ?? contacting.problem
  return (
    <section className="sheet">
      <h2>答复</h2>
      {problem ? <Refused problem={problem} /> : null}
      {whole.demand.steps.includes('contact') ? (
        <div className="field">
          <Button busy={contacting.sending} onClick={() => void contacted()}>
            已经联系过诉求人
          </Button>
        </div>
      ) : null}
      {whole.rules.means.length > 0 ? (
        <Picks legend="办理方式" options={whole.rules.means} value={means} onPick={setMeans} />
      ) : null}
      <TextField
        label="怎么办的"
        hint="会原样给诉求人看"
        wrong={problem?.at('answer')}
        lines="many"
        most={1000}
        value={answer}
        onText={setAnswer}
      />
      <Button
        main
        busy={answering.sending}
        disabled={answer.trim() === '' || (whole.rules.means.length > 0 && !means)}
        onClick={() => void send()}
      >
        答复
      </Button>
    </section>
  )
}

/** By somebody other than the handler; not reached is said as well. [REQ-08] */
function CallBack({ whole, done }: StepProps) {
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]['id'] | null>(null)
  const [satisfaction, setSatisfaction] = useState<(typeof satisfactions)[number]['id'] | null>(null)
  const { post, sending, problem } = usePost()
  const record = async (body: Record<string, unknown>, words: string) => {
    if ((await post(`/demands/${whole.demand.id}/callbacks`, body)) !== null) done(words)
  }
  return (
    <section className="sheet">
      <h2>回访</h2>
      {problem ? <Refused problem={problem} /> : null}
      <Picks legend="解决了吗？" options={outcomes} value={outcome} onPick={setOutcome} even />
      <Picks legend="满意吗？" options={satisfactions} value={satisfaction} onPick={setSatisfaction} even />
      <Button
        main
        busy={sending}
        disabled={!outcome || !satisfaction}
        onClick={() => void record({ reached: true, outcome, satisfaction }, '已记录回访结果。')}
      >
        记录回访
      </Button>
      <Button busy={sending} onClick={() => void record({ reached: false }, '已记录未联系上，改日再试。')}>
        没有联系上
      </Button>
    </section>
  )
}

function Close({ whole, done }: StepProps) {
  const { post, sending, problem } = usePost()
  const close = async () => {
    if ((await post(`/demands/${whole.demand.id}/closure`, {})) !== null) done('已办结。')
  }
  return (
    <section className="sheet">
      {problem ? <Refused problem={problem} /> : null}
      <Button main busy={sending} onClick={() => void close()}>
        办结
      </Button>
    </section>
  )
}

/** The inspector on the spot. [REQ-08] */
function Verify({ whole, done }: StepProps) {
  const [passed, setPassed] = useState<'yes' | 'no' | null>(null)
  const [note, setNote] = useState('')
  const { post, sending, problem } = usePost()
  const record = async () => {
    const body = { passed: passed === 'yes', ...(note.trim() ? { note: note.trim() } : {}) }
    if ((await post(`/demands/${whole.demand.id}/verification`, body)) !== null)
      done(passed === 'yes' ? '核验通过。' : '核验不通过，已退回重办。')
  }
  return (
    <section className="sheet">
      <h2>核验</h2>
      {problem ? <Refused problem={problem} /> : null}
      <Picks legend="现场看，办好了吗？" options={verdicts} value={passed} onPick={setPassed} even />
      <TextField label="情况（可以不写）" lines="few" most={300} value={note} onText={setNote} />
      <Button main busy={sending} disabled={!passed} onClick={() => void record()}>
        记录核验
      </Button>
    </section>
  )
}

const verdicts = [
  { id: 'yes', name: '办好了' },
  { id: 'no', name: '没办好' },
] as const

const ways: Partial<Record<DemandStep, { Form: (props: StepProps) => React.JSX.Element }>> = {
  dispatch: { Form: Dispatch },
  sign: { Form: Sign },
  answer: { Form: Answer },
  'call-back': { Form: CallBack },
  verify: { Form: Verify },
  close: { Form: Close },
}

export function NextStep({ whole, done }: StepProps) {
  const due = dueStep(whole.demand)
  const way = due && ways[due]
  return way ? <way.Form whole={whole} done={done} key={due} /> : null
}
