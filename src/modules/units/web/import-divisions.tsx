// The national table: read here line by line, sent in parts, each part in when it is answered; stopped or broken off, it is simply run again.
import { Button } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh } from '#web/kit/act.tsx'
import { type FileKind, FilesPick } from '#web/kit/file-pick.tsx'
import { Progress, useLong } from '#web/kit/long.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { Refusal } from '#web/kit/states.tsx'
import { useUnit } from '#web/kit/units.tsx'
import type { DivisionRow, ImportResult } from '../contract.ts'
import { DIVISION_FILES, divisionParts, type DivisionTotals, sendDivisions } from '../rules/divisions.ts'
import { GroundSteps, Problems, useGround } from './import-parts.tsx'

const MOST = 200 * 1024 * 1024
const table: FileKind = { named: '.csv', ends: /\.csv$/i, accept: '.csv,text/csv' }

async function* linesOf(file: File): AsyncGenerator<string> {
  const reader = file.stream().getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true })
    const lines = rest.split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield* lines
    if (done) break
  }
  if (rest) yield rest
}

/** Parents before children, whatever order the files were chosen in. */
const inOrder = (files: readonly File[]) =>
  DIVISION_FILES.flatMap((name) => files.find((f) => f.name.toLowerCase() === `${name}.csv`) ?? [])

const told = (t: DivisionTotals) =>
  `已送 ${t.rows.toLocaleString('zh-CN')} 行：新设 ${t.created}，更新 ${t.changed}，不变 ${t.unchanged}${t.problems.length > 0 ? `，有误 ${t.problems.length}` : ''}`

/** Sends what was chosen, part by part; what has been answered is in, whatever comes after. */
function useSending(files: readonly File[], code: string | null, openedOn: string) {
  const [totals, setTotals] = useState<DivisionTotals | null>(null)
  const long = useLong()
  const refresh = useRefresh()
  const run = async (underId: string) => {
    const parts = divisionParts(
      files.map((f) => ({ name: f.name, lines: () => linesOf(f) })),
      code,
    )
    setTotals(null)
    await long.run('正在读取文件', async ({ signal }) => {
      const send = (rows: DivisionRow[]) =>
        call<ImportResult>('POST', '/unit-imports/divisions', { body: { underId, openedOn, rows }, signal })
      await sendDivisions(parts, send, (t) => {
        setTotals({ ...t })
        long.tell(`正在导入：${told(t)}`)
      })
    })
    await refresh()
  }
  return { totals, long, run }
}

export function Divisions() {
  const ground = useGround()
  const unit = useUnit(ground.under)
  const [files, setFiles] = useState<File[]>([])
  const usable = inOrder(files)
  const { totals, long, run } = useSending(usable, unit.data?.code ?? null, ground.openedOn)
  return (
    <div className="stack">
      <Sheet title="全国统计用区划代码表" padded>
        <ol className="steps">
          <GroundSteps
            ground={ground}
            days="新设的单位从这一天起存在，更名也从这一天起算；不能是以后的日期。"
            what={
              unit.data?.code
                ? `只取代码 ${unit.data.code} 之下的行。`
                : '所选单位须有12位区划代码；根单位没有代码的，导入全部行。'
            }
          />
          <li>
            <b>选择区划表</b>
            <FilesPick label="区划表文件" files={files} onPick={setFiles} most={MOST} kind={table} multiple />
            <span className="quiet">
              {DIVISION_FILES.map((f) => `${f}.csv`).join('、')} 中的若干个，可一次选多个；文件名不在其中的不读。
            </span>
          </li>
        </ol>
        {long.problem ? <Refusal problem={long.problem} /> : null}
        {long.doing ? (
          <Progress doing={long.doing} onStop={long.stop} />
        ) : (
          <Button
            type="primary"
            disabled={usable.length === 0 || !ground.under || !unit.data}
            onClick={() => ground.under && void run(ground.under)}
          >
            导入
          </Button>
        )}
      </Sheet>
      {totals && !long.doing ? (
        <Sheet title="结果" padded>
          <div className="effect" role="status">
            {told(totals)}。{totals.problems.length > 0 ? '有误的行没有导入，其余已经导入。' : ''}
            中途停止的，再导入一次即可接着完成。
          </div>
          <Problems rows={totals.problems.map((p) => ({ ...p, sheet: null }))} none="没有错误" />
        </Sheet>
      ) : null}
    </div>
  )
}
