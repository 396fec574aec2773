// Puts a number into the text: pick the measure, the verb it may be stated with, and a form that is true today.
import { useQuery } from '@tanstack/react-query'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import type { Figure, Figures } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import { Facts } from '#web/kit/page.tsx'
import { MeasureChoice } from './measures.tsx'
import { printNumber, printPercent, readForm } from '../words.ts'

const FORMS = [
  '整数',
  '汉字',
  '一位小数',
  '万1',
  '万2',
  '百余',
  '千余',
  '万1余',
  '万2余',
  '近百',
  '近千',
  '近万',
  '约百',
  '约千',
  '超百',
  '超千',
]

/** Forms that are true of the value, each with what it prints; the first form of equal prints is kept. */
function formsOf(value: number, percent: boolean) {
  const seen = new Set<string>()
  return FORMS.flatMap((words) => {
    const form = readForm(words)
    const printed = form && (percent ? printPercent(value, form) : printNumber(value, form))
    if (!printed || seen.has(printed.text)) return []
    seen.add(printed.text)
    return [{ value: words, label: printed.text }]
  })
}

interface Props {
  asked: { unit: string; period: string; tree: 'day' | 'today' }
  onInsert: (token: string) => void
  close: () => void
}

/** The figure of the chosen measure, and the forms that are true of it today. */
function useRead(asked: Props['asked'], id: string | undefined) {
  const { data } = useQuery({
    queryKey: ['/figures', asked, id],
    enabled: Boolean(id),
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query: { ...asked, measures: id }, signal }),
  })
  const read = data?.figures.find((f) => f.measure.id === id)
  const forms = read && read.value !== null ? formsOf(read.value, read.measure.classifier === '%') : []
  return { read, forms }
}

export function InsertNumber({ asked, onInsert, close }: Props) {
  const [id, setId] = useState<string>()
  const [verb, setVerb] = useState<string>()
  const [form, setForm] = useState('整数')
  const { read, forms } = useRead(asked, id)
  const said = verb ?? read?.measure.verbs[0]
  const ready = read && said && forms.some((f) => f.value === form)
  const choose = (next: string) => {
    setId(next)
    setVerb(undefined)
    setForm('整数')
  }
  const insert = () => {
    if (!ready) return
    onInsert(`{{${said}|${read.measure.id}|${form}|${read.measure.classifier}}}`)
    close()
  }
  const foot = (
    <>
      <Button onClick={close}>取消</Button>
      <Button type="primary" disabled={!ready} onClick={insert}>
        插入
      </Button>
    </>
  )
  return (
    <Modal open title="插入数字" onCancel={close} width={560} footer={foot}>
      <div className="stack">
        <MeasureChoice value={id} onChange={choose} />
        {read ? <Wording of={read} verb={said} setVerb={setVerb} form={form} setForm={setForm} forms={forms} /> : null}
      </div>
    </Modal>
  )
}

interface WordingProps {
  of: Figure
  verb: string | undefined
  setVerb: (verb: string) => void
  form: string
  setForm: (form: string) => void
  forms: { value: string; label: string }[]
}

function Wording({ of: { measure, value }, verb, setVerb, form, setForm, forms }: WordingProps) {
  return (
    <>
      <Facts
        of={[
          ['口径', measure.definition],
          ['现在的数', value === null ? '没有数' : `${value} ${measure.classifier}`],
        ]}
      />
      <div className="row">
        <Select
          aria-label="动词"
          style={{ width: 120 }}
          value={verb ?? null}
          onChange={setVerb}
          options={measure.verbs.map((v) => ({ value: v, label: v }))}
        />
        <Select
          aria-label="写法"
          style={{ width: 200 }}
          value={forms.some((f) => f.value === form) ? form : null}
          onChange={setForm}
          options={forms}
        />
        <span>{measure.classifier}</span>
      </div>
      <p className="quiet">句子里要出现所选的动词；只列出今天为真的写法。</p>
    </>
  )
}
