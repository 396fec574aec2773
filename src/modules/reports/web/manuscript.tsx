// One manuscript: the parts to write at the right, the text with its live numbers at the left, and the next step of its way.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { useEffect, useState } from 'react'
import { useParams } from 'wouter'
import { call, callFile, saveFile } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { StateTag } from '#web/kit/clock.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { proved } from '#web/kit/proved.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { ManuscriptPage as Page, Preview, Template } from '../contract.ts'
import { ManuscriptEditor } from './edit.tsx'
import { Steps } from './steps.tsx'
import { Faults, Text } from './text.tsx'
import { isSendable, stateWords, tidied } from './words.ts'

export function ManuscriptPage() {
  const { id } = useParams<{ id: string }>()
  const page = useQuery({
    queryKey: ['/manuscripts', id],
    queryFn: ({ signal }) => call<Page>('GET', `/manuscripts/${id}`, { signal }),
  })
  if (page.error) return <ErrorState error={page.error} retry={() => void page.refetch()} />
  if (!page.data) return <Loading lines={10} />
  return <Desk key={page.data.version} of={page.data} />
}

function useLater<T>(value: T, wait: number): T {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return late
}

const formats = [
  { key: 'docx', label: 'Word 文档（公文格式）' },
  { key: 'pdf', label: 'PDF' },
  { key: 'html', label: '网页' },
  { key: 'xlsx', label: 'Excel 数字表' },
]

function useDesk(of: Page) {
  const [content, setContent] = useState<Template>(of.content)
  const asked = { unit: of.unit.id, period: of.period, tree: of.tree }
  const late = useLater(content, 500)
  const body = { template: tidied(late), ...asked }
  const preview = useQuery({
    queryKey: ['/reports/preview', body],
    enabled: isSendable(late),
    queryFn: ({ signal }) => call<Preview>('POST', '/reports/preview', { body, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const build = useMutation({
    mutationFn: async (format: string) =>
      saveFile(await callFile('POST', '/reports', { body: { template: tidied(content), ...asked, format } })),
  })
  const refresh = useRefresh()
  const told = useTold()
  const save = useMutation({
    mutationFn: async () => {
      const edit = { content: tidied(content), unitId: of.unit.id, period: of.period, tree: of.tree }
      await proved(() => call('PUT', `/manuscripts/${of.id}`, { ifMatch: of.version, body: edit }))
      told('已保存')
      await refresh()
    },
  })
  const dirty = JSON.stringify(content) !== JSON.stringify(of.content)
  return { content, setContent, asked, preview, build, save, dirty }
}

function Desk({ of }: { of: Page }) {
  const { content, setContent, asked, preview, build, save, dirty } = useDesk(of)
  const mayEdit = of.can.includes('edit')
  const faults = preview.data?.faults ?? []
  useEffect(() => {
    if (!dirty) return
    const warn = (e: BeforeUnloadEvent) => e.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
  return (
    <>
      <PageHead
        title={of.title}
        where={`${of.unit.name}　${of.period}${preview.data ? `　截至 ${moment(preview.data.asOf)}` : ''}`}
      >
        <StateTag tone="act">{stateWords[of.state]}</StateTag>
        {mayEdit ? (
          <Button disabled={!dirty || !isSendable(content)} loading={save.isPending} onClick={() => save.mutate()}>
            保存
          </Button>
        ) : null}
        <Dropdown
          trigger={['click']}
          disabled={faults.length > 0 || !preview.data}
          menu={{ items: formats, onClick: ({ key }) => build.mutate(key) }}
        >
          <Button type="primary" loading={build.isPending} disabled={faults.length > 0 || !preview.data}>
            生成文档
          </Button>
        </Dropdown>
      </PageHead>
      {build.error ? <ErrorState error={build.error} /> : null}
      {save.error ? <ErrorState error={save.error} /> : null}
      <div className="split">
        <Sheet padded>
          {preview.error ? <ErrorState error={preview.error} retry={() => void preview.refetch()} /> : null}
          {preview.data ? <Text of={preview.data} /> : preview.error ? null : <Loading lines={8} />}
        </Sheet>
        <div className="stack">
          <Steps of={of} dirty={dirty} />
          {preview.data ? <Faults of={faults} /> : null}
          {mayEdit ? (
            <ManuscriptEditor
              value={content}
              onChange={(patch) => setContent((t) => ({ ...t, ...patch }))}
              asked={asked}
            />
          ) : null}
        </div>
      </div>
    </>
  )
}
