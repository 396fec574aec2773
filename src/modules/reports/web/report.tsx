// 综述: the text with its live numbers; what would not be true is shown with the reason and cannot be printed.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { call, callFile, saveFile } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { Asking, useAsked } from '#web/kit/asking.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Fault, Preview, Run, Template } from '../contract.ts'

interface Listed {
  rows: { id: string; title: string; template: Template }[]
}

const textOf = (t: Template) =>
  t.sections.flatMap((s) => [...(s.heading ? [`# ${s.heading}`] : []), ...s.paragraphs]).join('\n')

/** The editor's text back to sections: a line that starts with # begins one, every other line is a paragraph. */
function templateOf(base: Template, text: string): Template {
  const sections: Template['sections'] = []
  const lines = text.split('\n').map((l) => l.trim())
  for (const line of lines.filter(Boolean)) {
    if (line.startsWith('#')) sections.push({ heading: line.replace(/^#+\s*/, ''), paragraphs: [] })
    else if (sections.length === 0) sections.push({ heading: '', paragraphs: [line] })
    else sections.at(-1)?.paragraphs.push(line)
  }
  return { ...base, sections: sections.filter((s) => s.paragraphs.length > 0) }
}

export function ReportPage() {
  const templates = useQuery({
    queryKey: ['/report-templates'],
    queryFn: ({ signal }) => call<Listed>('GET', '/report-templates', { signal }),
  })
  const [id, setId] = useState<string>()
  const rows = templates.data?.rows ?? []
  const chosen = rows.find((t) => t.id === id) ?? rows[0]
  if (templates.error) return <ErrorState error={templates.error} retry={() => void templates.refetch()} />
  if (!templates.data) return <Loading lines={8} />
  if (!chosen) return <EmptyState title="还没有综述模板">模板随机制包提供。</EmptyState>
  const options = rows.map((t) => ({ value: t.id, label: t.title }))
  return (
    <Editor key={chosen.id} template={chosen.template}>
      {rows.length > 1 ? <Select aria-label="模板" value={chosen.id} options={options} onChange={setId} /> : null}
    </Editor>
  )
}

function useLater<T>(value: T, wait: number): T {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return late
}

/** The text as it is being written, bound to live numbers half a second after the last key. */
function useDraft(template: Template) {
  const asked = useAsked()
  const [text, setText] = useState(textOf(template))
  const bodyOf = (words: string) => ({
    template: templateOf(template, words),
    unit: asked.unit,
    period: asked.period,
    tree: asked.tree,
  })
  const body = bodyOf(useLater(text, 500))
  const preview = useQuery({
    queryKey: ['/reports/preview', body],
    queryFn: ({ signal }) => call<Preview>('POST', '/reports/preview', { body, signal }),
    placeholderData: (before) => before,
    retry: false,
  })
  const build = useMutation({
    mutationFn: async () => saveFile(await callFile('POST', '/reports', { body: bodyOf(text) })),
  })
  return { text, setText, preview, build }
}

function Editor({ template, children }: { template: Template; children: ReactNode }) {
  const { text, setText, preview, build } = useDraft(template)
  const faults = preview.data?.faults ?? []
  const where = preview.data ? `${preview.data.unit.name}　截至 ${moment(preview.data.asOf)}` : ''
  return (
    <>
      <PageHead title="综述" where={where}>
        <Asking />
        {children}
        <Button
          type="primary"
          loading={build.isPending}
          disabled={faults.length > 0 || !preview.data}
          onClick={() => build.mutate()}
        >
          生成文档
        </Button>
      </PageHead>
      {build.error ? <ErrorState error={build.error} /> : null}
      <div className="split">
        <Sheet title={template.title} padded>
          {preview.error ? <ErrorState error={preview.error} retry={() => void preview.refetch()} /> : null}
          {preview.data ? <Text preview={preview.data} /> : preview.error ? null : <Loading lines={8} />}
        </Sheet>
        <div className="stack">
          <Faults of={faults} />
          <Source text={text} onChange={setText} />
        </div>
      </div>
    </>
  )
}

function Source({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  return (
    <Sheet title="文稿" padded>
      <textarea
        aria-label="文稿"
        className="manuscript"
        value={text}
        rows={18}
        onChange={(e) => onChange(e.target.value)}
      />
      <p className="quiet">
        数字写成 {'{{动词|指标|写法|单位}}'}，例如 {'{{认领|tasks.claims|万2余|人次}}'}；写法有
        整数、万、万2、百余、近千等。
      </p>
    </Sheet>
  )
}

const Text = ({ preview }: { preview: Preview }) => (
  <article className="review">
    {preview.sections.map((section, s) => (
      <section key={s}>
        {section.heading ? <h3>{section.heading}</h3> : null}
        {section.paragraphs.map((runs, p) => (
          <p key={p}>
            {runs.map((run, r) => (
              <Piece key={r} run={run} preview={preview} />
            ))}
          </p>
        ))}
      </section>
    ))}
  </article>
)

/** Every number is a way to its records. */
function Piece({ run, preview }: { run: Run; preview: Preview }) {
  const { set } = useAddress()
  if (run.kind === 'text') return <span>{run.text}</span>
  if (run.kind === 'fault') return <mark>{run.text}</mark>
  const { measure, name, value, definition } = run.figure
  const number = [measure, preview.unit.id, preview.period.key, ''].join('~')
  return (
    <button
      type="button"
      className="figure"
      title={`${name}：${value}。${definition}`}
      onClick={() => set({ number }, { push: true })}
    >
      {run.text}
    </button>
  )
}

function Faults({ of }: { of: Fault[] }) {
  if (of.length === 0) return <Sheet padded>全部数字与记录相符，可以付印。</Sheet>
  return (
    <Sheet title={`有 ${of.length} 处不能付印`} padded>
      <ol className="stack" aria-live="polite">
        {of.map((f, i) => (
          <li key={i}>
            <code>{f.token}</code>
            <p>{f.text}</p>
            {f.instead.length > 0 ? <p className="quiet">可以写：{f.instead.join('、')}</p> : null}
          </li>
        ))}
      </ol>
    </Sheet>
  )
}
