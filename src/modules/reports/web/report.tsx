// 综述: the text with its live numbers; what would not be true is shown with the reason and cannot be printed.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { call, callFile, saveFile } from '#web/api.ts'
import { useCarry } from '#web/kit/address.ts'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Asking } from '#modules/figures/web/asking.tsx'
import { useAsked } from '#modules/figures/web/queries.ts'
import type { Fault, Preview, Template } from '../contract.ts'

interface Listed {
  rows: { id: string; title: string; template: Template }[]
}

const textOf = (t: Template) =>
  t.sections.flatMap((s) => [...(s.heading ? [`# ${s.heading}`] : []), ...s.paragraphs]).join('\n')

/** The editor's text back to sections: a line that starts with # begins one, every other line is a paragraph. */
function templateOf(base: Template, text: string): Template {
  const sections: Template['sections'] = []
  for (const line of text
    .split('\n')
    .map((l) => l.trim())
    .filter(Boolean)) {
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
  const chosen = templates.data?.rows.find((t) => t.id === id) ?? templates.data?.rows[0]
  if (templates.error) return <ErrorState error={templates.error} retry={() => void templates.refetch()} />
  if (!templates.data) return <Loading lines={8} />
  if (!chosen) return <EmptyState title="还没有综述模板">模板随机制包提供。</EmptyState>
  return (
    <Editor key={chosen.id} template={chosen.template}>
      {templates.data.rows.length > 1 ? (
        <Select
          aria-label="模板"
          value={chosen.id}
          options={templates.data.rows.map((t) => ({ value: t.id, label: t.title }))}
          onChange={setId}
          style={{ minWidth: 240 }}
        />
      ) : null}
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

function Editor({ template, children }: { template: Template; children: React.ReactNode }) {
  const asked = useAsked()
  const [text, setText] = useState(textOf(template))
  const body = { template: templateOf(template, useLater(text, 500)), unit: asked.unit, period: asked.period }
  const preview = useQuery({
    queryKey: ['/reports/preview', body],
    queryFn: ({ signal }) => call<Preview>('POST', '/reports/preview', { body, signal }),
    placeholderData: (before) => before,
    retry: false,
  })
  const build = useMutation({
    mutationFn: async () =>
      saveFile(await callFile('POST', '/reports', { body: { ...body, template: templateOf(template, text) } })),
  })
  const faults = preview.data?.faults ?? []
  return (
    <>
      <PageHead title="综述" where={preview.data ? `${preview.data.unit.name}，截至 ${moment(preview.data.asOf)}` : ''}>
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
      <div className="stack">
        <Sheet>
          <div className="filters" style={{ border: 0 }}>
            <Asking />
            {children}
          </div>
        </Sheet>
        <div className="split">
          <Sheet title={preview.data?.title ?? template.title} padded>
            {preview.error ? (
              <ErrorState error={preview.error} retry={() => void preview.refetch()} />
            ) : preview.data ? (
              <Text preview={preview.data} period={asked.period} />
            ) : (
              <Loading lines={8} />
            )}
          </Sheet>
          <div className="stack">
            <Faults of={faults} />
            <Sheet title="文稿" padded>
              <textarea
                aria-label="文稿"
                value={text}
                onChange={(e) => setText(e.target.value)}
                rows={18}
                style={{ width: '100%', font: 'inherit', padding: 8 }}
              />
              <p className="quiet">
                数字写成 {'{{动词|指标|写法|单位}}'}，例如 {'{{认领|tasks.claims|万2余|人次}}'}；写法有
                整数、万、万2、百余、近千 等。
              </p>
            </Sheet>
          </div>
        </div>
      </div>
    </>
  )
}

/** Every number is a way to its records. */
function Text({ preview, period }: { preview: Preview; period: string }) {
  const carry = useCarry()
  return (
    <article style={{ fontSize: 16, lineHeight: '30px' }}>
      {preview.sections.map((section, s) => (
        <section key={s}>
          {section.heading ? <h3 style={{ fontSize: 16 }}>{section.heading}</h3> : null}
          {section.paragraphs.map((runs, p) => (
            <p key={p} style={{ textIndent: '2em' }}>
              {runs.map((run, r) =>
                run.kind === 'figure' ? (
                  <Link
                    key={r}
                    href={carry(`/figures/${run.figure.measure}`, { period })}
                    className="figure"
                    title={`${run.figure.name}：${run.figure.value}。${run.figure.definition}`}
                  >
                    {run.text}
                  </Link>
                ) : run.kind === 'fault' ? (
                  <mark key={r} style={{ background: '#fcebea', color: '#a8161e' }}>
                    {run.text}
                  </mark>
                ) : (
                  <span key={r}>{run.text}</span>
                ),
              )}
            </p>
          ))}
        </section>
      ))}
    </article>
  )
}

function Faults({ of }: { of: Fault[] }) {
  if (of.length === 0) return <Sheet padded>全部数字与记录相符，可以付印。</Sheet>
  return (
    <Sheet title={`有 ${of.length} 处不能付印`}>
      <ol className="timeline" aria-live="polite">
        {of.map((f, i) => (
          <li key={i} style={{ display: 'block' }}>
            <code>{f.token}</code>
            <span className="why">{f.text}</span>
            {f.instead.length > 0 ? <span className="change">可以写：{f.instead.join('、')}</span> : null}
          </li>
        ))}
      </ol>
    </Sheet>
  )
}
