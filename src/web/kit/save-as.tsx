// 导出: every table leaves as a workbook or as CSV, made by the server where it has the table, else of what is on the screen.
// A file of many persons is asked for first: what it is for, and beyond a thousand rows another person's word (EX-08).
import { App, Button, type ButtonProps, Dropdown, Input, Modal } from 'antd'
import { useState } from 'react'
import type { Export } from '#modules/exports/contract.ts'
import type { TableFormat } from '#core/table.ts'
import { type ApiProblem, asProblem, call, callFile, saveFile } from '#web/api.ts'
import { Field, FormFoot, FormProblem, useForm } from './form.tsx'
import type { Query } from './list.ts'

const formats = [
  { key: 'xlsx', label: 'Excel 表格（.xlsx）' },
  { key: 'csv', label: '纯文本表格（.csv）' },
]

interface SaveAsProps {
  save: (format: TableFormat) => Promise<void>
  label?: string
  size?: ButtonProps['size']
  disabled?: boolean
}

/** What is refused (too many rows, too few rights) is said where it was asked. */
export function SaveAs({ save, label = '导出', size, disabled }: SaveAsProps) {
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const run = async (format: TableFormat) => {
    setBusy(true)
    await save(format)
      .catch((error: unknown) => void message.error({ content: asProblem(error).title, duration: 6 }))
      .finally(() => setBusy(false))
  }
  return (
    <Dropdown
      trigger={['click']}
      disabled={disabled || busy}
      menu={{ items: formats, onClick: ({ key }) => void run(key as TableFormat) }}
    >
      <Button {...(size ? { size } : {})} loading={busy}>
        {label}
      </Button>
    </Dropdown>
  )
}

/** A file the server makes: the list's own path, and what is asked of it. */
interface Source {
  path: string
  query: Query
  /** of a list of persons: operationId of the list, and the parameters in its path */
  persons?: { operation: string; params?: Query } | undefined
}

interface Wanted {
  format: TableFormat
  problem: ApiProblem
}

const fetchFile = async ({ path, query }: Pick<Source, 'path' | 'query'>, format: TableFormat) =>
  saveFile(await callFile('GET', `${path}.${format}`, { query }))

const asks = ['export.purpose-needed', 'export.approval-needed']

/** A table the server makes. */
export function SaveFrom({ path, query, persons, ...look }: Source & Omit<SaveAsProps, 'save'>) {
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const save = (format: TableFormat) =>
    fetchFile({ path, query }, format).catch((error: unknown) => {
      const problem = asProblem(error)
      if (!persons || !asks.includes(problem.code)) throw error
      setWanted({ format, problem })
    })
  return (
    <>
      <SaveAs {...look} save={save} />
      <Modal
        open={wanted !== null}
        title="申请导出"
        onCancel={() => setWanted(null)}
        footer={null}
        width={480}
        destroyOnHidden
      >
        {wanted ? <Purpose source={{ path, query, persons }} wanted={wanted} close={() => setWanted(null)} /> : null}
      </Modal>
    </>
  )
}

const wordsOf = (query: Query) =>
  Object.fromEntries(
    Object.entries(query).flatMap(([k, v]) => (v === null || v === undefined || v === '' ? [] : [[k, String(v)]])),
  )

function Purpose({ source, wanted, close }: { source: Source; wanted: Wanted; close: () => void }) {
  const { message } = App.useApp()
  const form = useForm({ purpose: '' })
  const { format, problem } = wanted
  const waits = problem.code === 'export.approval-needed'
  const send = async (values: { purpose: string }, idempotencyKey: string) => {
    const operation = `${source.persons?.operation}${format === 'csv' ? 'Csv' : 'Xlsx'}`
    const body = { operation, query: wordsOf({ ...source.query, ...source.persons?.params }), ...values }
    const asked = await call<Export>('POST', '/exports', { body, idempotencyKey })
    if (asked.state === 'granted')
      await fetchFile({ path: source.path, query: { ...source.query, export: asked.id } }, format)
    close()
    void message.success({
      content: asked.state === 'granted' ? '已导出' : '已提交审批；批准后请到“导出审批”的“我的申请”中下载',
      duration: asked.state === 'granted' ? 2 : 8,
    })
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(send)
      }}
    >
      <div className="effect">
        {problem.title}
        {waits ? '批准后 24 小时内可以下载一次。' : ''}
        用途、导出人和时间写入文件和历史记录。
      </div>
      <FormProblem form={form} />
      <Field form={form} name="purpose" label="用途" required hint="写明办什么事、给谁用，如“换届选举前核对党员名册”">
        {({ onChange, ...b }) => (
          <Input.TextArea
            {...b}
            autoFocus
            rows={3}
            maxLength={200}
            showCount
            onChange={(e) => onChange(e.target.value)}
          />
        )}
      </Field>
      <div style={{ height: 10 }} />
      <FormFoot
        verb={waits ? '提交审批' : '导出'}
        busy={form.busy}
        onCancel={close}
        disabled={form.values.purpose.trim().length < 4}
      />
    </form>
  )
}
