// 导出: every table leaves as a workbook or as CSV, made by the server where it has the table, else of what is on the screen.
import { App, Button, type ButtonProps, Dropdown } from 'antd'
import { useState } from 'react'
import type { TableFormat } from '#core/table.ts'
import { asProblem, callFile, saveFile } from '#web/api.ts'
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

/** A table the server makes: `path` is the list's own. */
export const SaveFrom = ({ path, query, ...look }: { path: string; query: Query } & Omit<SaveAsProps, 'save'>) => (
  <SaveAs {...look} save={async (format) => saveFile(await callFile('GET', `${path}.${format}`, { query }))} />
)
