// Choosing a file: by button, by keyboard, or dropped; what is wrong with it is said before it is sent.
import { Button } from 'antd'
import { type DragEvent, useRef, useState } from 'react'

export const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const sizeOf = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

export interface FileKind {
  /** as people name it: `.xlsx` */
  named: string
  ends: RegExp
  accept: string
  /** what older programs wrote, and what to do with it */
  old?: readonly [ends: RegExp, text: string]
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
  if (old?.[0].test(file.name)) return old[1]
  if (!ends.test(file.name)) return `只能选 ${named} 文件。`
  if (file.size === 0) return `${file.name} 是空的。`
  return file.size > most ? `文件有 ${sizeOf(file.size)}，最多 ${sizeOf(most)}，请分成几个文件。` : null
}

/** The file as the server wants it named, whatever the machine calls its type. */
export const asWorkbook = (file: File) => new Blob([file], { type: /\.csv$/i.test(file.name) ? CSV : WORKBOOK })

interface Shared {
  label: string
  /** bytes */
  most: number
  /** a workbook when absent */
  kind?: FileKind
}

interface ManyProps extends Shared {
  files: readonly File[]
  onPick: (files: File[]) => void
  /** one when absent */
  multiple?: boolean
}

function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false)
  return {
    className: over ? 'drop over' : 'drop',
    onDragOver: (e: DragEvent) => {
      e.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (e: DragEvent) => {
      e.preventDefault()
      setOver(false)
      take([...e.dataTransfer.files])
    },
  }
}

export function FilesPick({ label, files, onPick, most, kind = workbook, multiple = false }: ManyProps) {
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState<string | null>(null)
  const take = (picked: File[]) => {
    if (picked.length === 0) return
    const wanted = multiple ? picked : picked.slice(0, 1)
    const wrong = wanted.map((f) => faultOf(f, most, kind)).find((f) => f !== null) ?? null
    setFault(wrong)
    onPick(wrong ? [] : wanted)
  }
  const drop = useDrop(take)
  return (
    <div {...drop}>
      <input
        ref={input}
        type="file"
        className="unseen"
        accept={kind.accept}
        multiple={multiple}
        aria-label={label}
        tabIndex={-1}
        onChange={(e) => {
          take([...(e.target.files ?? [])])
          e.target.value = ''
        }}
      />
      <div className="row">
        <Button onClick={() => input.current?.click()}>{files.length > 0 ? '换一个文件' : '选择文件'}</Button>
        {files.map((f) => (
          <span key={f.name}>
            {f.name}
            <span className="kind">{sizeOf(f.size)}</span>
          </span>
        ))}
        {files.length === 0 ? <span className="quiet">或把 {kind.named} 文件拖到这里</span> : null}
      </div>
      {fault ? (
        <p role="alert" style={{ color: 'var(--late)', marginTop: 6 }}>
          {fault}
        </p>
      ) : null}
    </div>
  )
}

/** Exactly one file. */
export const FilePick = ({
  file,
  onPick,
  ...rest
}: Shared & { file: File | null; onPick: (file: File | null) => void }) => (
  <FilesPick {...rest} files={file ? [file] : []} onPick={([first]) => onPick(first ?? null)} />
)
