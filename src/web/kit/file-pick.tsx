// Choosing a file: by button, by keyboard, or dropped; what is wrong with it is said before it is sent.
import { Button } from 'antd'
import { useId, useRef, useState } from 'react'

export const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const sizeOf = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

export interface FileKind {
  /** as people name it: `.xlsx` */
  named: string
  ends: RegExp
  accept: string
  /** what older programs wrote, and what to do with it */
  old: readonly [ends: RegExp, text: string]
}

const workbook: FileKind = {
  named: '.xlsx',
  ends: /\.xlsx$/i,
  accept: `.xlsx,${WORKBOOK}`,
  old: [/\.xls$/i, '这是旧格式（.xls），请在表格软件中另存为 .xlsx 后再选。'],
}

const CSV = 'text/csv'

/** A workbook or a plain table. */
export const tables: FileKind = {
  ...workbook,
  named: '.xlsx、.csv',
  ends: /\.(xlsx|csv)$/i,
  accept: `.xlsx,.csv,${WORKBOOK},${CSV}`,
}

/** What a chosen file cannot be; the server looks into it, this only saves the way there. */
const faultOf = (file: File, most: number, { named, ends, old }: FileKind): string | null => {
  if (old[0].test(file.name)) return old[1]
  if (!ends.test(file.name)) return `只能选 ${named} 文件。`
  if (file.size === 0) return '文件是空的。'
  return file.size > most ? `文件有 ${sizeOf(file.size)}，最多 ${sizeOf(most)}，请分成几个文件。` : null
}

/** The file as the server wants it named, whatever the machine calls its type. */
export const asWorkbook = (file: File) => new Blob([file], { type: /\.csv$/i.test(file.name) ? CSV : WORKBOOK })

interface Props {
  label: string
  file: File | null
  onPick: (file: File | null) => void
  /** bytes */
  most: number
  /** a workbook when absent */
  kind?: FileKind
}

export function FilePick({ label, file, onPick, most, kind = workbook }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const take = (picked: File | undefined) => {
    if (!picked) return
    const wrong = faultOf(picked, most, kind)
    setFault(wrong)
    onPick(wrong ? null : picked)
  }
  return (
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault()
        setOver(false)
        take(e.dataTransfer.files[0])
      }}
    >
      <input
        ref={input}
        id={id}
        type="file"
        className="unseen"
        accept={kind.accept}
        aria-label={label}
        tabIndex={-1}
        onChange={(e) => {
          take(e.target.files?.[0])
          e.target.value = ''
        }}
      />
      <div className="row">
        <Button onClick={() => input.current?.click()}>{file ? '换一个文件' : '选择文件'}</Button>
        {file ? (
          <span>
            {file.name}
            <span className="kind">{sizeOf(file.size)}</span>
          </span>
        ) : (
          <span className="quiet">或把 {kind.named} 文件拖到这里</span>
        )}
      </div>
      {fault ? (
        <p role="alert" style={{ color: 'var(--late)', marginTop: 6 }}>
          {fault}
        </p>
      ) : null}
    </div>
  )
}
