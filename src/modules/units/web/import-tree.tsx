// The district's own tree: looked at, then committed by the hash of what was shown; all of the file or nothing.
import { Button } from 'antd'
import { useState } from 'react'
import { call, callFile, saveFile } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { asWorkbook, FilePick, sizeOf } from '#web/kit/file-pick.tsx'
import { type Long, Progress, useLong } from '#web/kit/long.tsx'
import { Sheet, Totals } from '#web/kit/page.tsx'
import { Refusal } from '#web/kit/states.tsx'
import type { ImportPreview } from '../contract.ts'
import { UnitBatches } from './import-batches.tsx'
import { GroundSteps, Problems, useGround } from './import-parts.tsx'

const MOST = 10 * 1024 * 1024

function Template({ long }: { long: Long }) {
  const take = async () => {
    const made = await long.run('正在生成模板', ({ signal }) => callFile('GET', '/unit-imports/template', { signal }))
    if (made) saveFile(made)
  }
  return (
    <Button disabled={long.doing !== null} onClick={() => void take()}>
      下载模板
    </Button>
  )
}

const send = (file: File, query: Record<string, string | undefined>, tools: { signal?: AbortSignal; key: string }) =>
  call<ImportPreview>('POST', '/unit-imports', {
    query,
    body: asWorkbook(file),
    idempotencyKey: tools.key,
    ...(tools.signal ? { signal: tools.signal } : {}),
  })

export function Own() {
  const ground = useGround()
  const [file, setFile] = useState<File | null>(null)
  const [seen, setSeen] = useState<{ of: string; preview: ImportPreview } | null>(null)
  const long = useLong()
  const of = `${ground.under} ${ground.openedOn} ${file?.name} ${file?.lastModified}`
  const query = { under: ground.under, openedOn: ground.openedOn, fileName: file?.name.slice(-120) }
  const look = async (picked: File) => {
    const preview = await long.run(`正在核对 ${picked.name}（${sizeOf(picked.size)}）`, (tools) =>
      send(picked, query, tools),
    )
    if (preview) setSeen({ of, preview })
  }
  return (
    <div className="stack">
      <Sheet title="新的导入" padded>
        <ol className="steps">
          <li>
            <b>下载模板</b>
            <Template long={long} />
            <span className="quiet">代码、名称、类别必填；上级代码留空的，直接隶属于下面选定的单位。</span>
          </li>
          <GroundSteps
            ground={ground}
            what="没有上级代码的行隶属于它。"
            days="新设的单位从这一天起存在，变更也从这一天起算；以后的日期先列为计划，到日执行，此前撤销不留痕迹。"
          />
          <li>
            <b>选择填好的文件</b>
            <FilePick label="单位文件" file={file} onPick={setFile} most={MOST} />
          </li>
        </ol>
        {long.problem ? <Refusal problem={long.problem} /> : null}
        {long.doing ? (
          <Progress doing={long.doing} onStop={long.stop} />
        ) : (
          <Button
            type={seen?.of === of ? 'default' : 'primary'}
            disabled={!file || !ground.under}
            onClick={() => file && void look(file)}
          >
            预览
          </Button>
        )}
      </Sheet>
      {seen?.of === of && file ? (
        <Previewed preview={seen.preview} file={file} query={query} done={() => setFile(null)} />
      ) : null}
      <Sheet title="我的导入批次">
        <UnitBatches />
      </Sheet>
    </div>
  )
}

/** The refused rows as they came, with what is wrong in red. [IMP-3] */
interface ErrorsOf {
  file: File
  query: Record<string, string | undefined>
  rows: number
  long: Long
}

function Errors({ file, query, rows, long }: ErrorsOf) {
  const take = async () => {
    const made = await long.run('正在生成错误表', ({ key, signal }) =>
      callFile('POST', '/unit-imports/errors', { query, body: asWorkbook(file), idempotencyKey: key, signal }),
    )
    if (made) saveFile(made)
  }
  return (
    <Button disabled={long.doing !== null} onClick={() => void take()}>
      下载错误表（{rows} 行）
    </Button>
  )
}

function outcomeOf({ state, rows, created, changed }: ImportPreview, openedOn: string | undefined): string {
  if (state === 'storing') return `已开始存入 ${rows.toLocaleString('zh-CN')} 行，进度见“我的导入批次”`
  const counts = `新设 ${created} 个，更新 ${changed} 个`
  return state === 'planned' ? `已列入计划，${openedOn} 起${counts}` : `已${counts}`
}

function Previewed({
  preview,
  file,
  query,
  done,
}: {
  preview: ImportPreview
  file: File
  query: Record<string, string | undefined>
  done: () => void
}) {
  const long = useLong()
  const refresh = useRefresh()
  const told = useTold()
  const { rows, created, changed, unchanged, problems, refused, warnings } = preview
  const store = async () => {
    const made = await long.run(`正在写入 ${rows} 行`, ({ key }) =>
      send(file, { ...query, commit: preview.hash }, { key }),
    )
    if (!made) return
    told(outcomeOf(made, query.openedOn))
    done()
    await refresh()
  }
  return (
    <Sheet title="预览" padded>
      <Totals
        of={[
          ['共', rows, '行'],
          ['新设', created, '个'],
          ['更新', changed, '个'],
          ['不变', unchanged, '个'],
          ['有错误', refused, '行'],
        ]}
      />
      {long.problem ? <Refusal problem={long.problem} /> : null}
      {long.doing ? <Progress doing={long.doing} /> : null}
      <div className="row" style={{ margin: '12px 0' }}>
        <Button
          type="primary"
          disabled={long.doing !== null || problems.length > 0 || created + changed === 0}
          onClick={() => void store()}
        >
          导入
        </Button>
        {problems.length > 0 ? (
          <>
            {refused > 0 ? <Errors file={file} query={query} rows={refused} long={long} /> : null}
            <span className="quiet">有错误的文件整份不导入：改正后重新选择（依据 A-33）。</span>
          </>
        ) : created + changed === 0 ? (
          <span className="quiet">与系统里的一致，不需要导入。</span>
        ) : null}
      </div>
      <Problems rows={problems} none="没有错误" />
      {warnings.length > 0 ? <Problems rows={warnings} none="" /> : null}
    </Sheet>
  )
}
