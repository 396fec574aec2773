// A member roster of a whole district, from the uploaded workbook to persons with their memberships: judged first, then all or nothing.
import { setTimeout as sleep } from 'node:timers/promises'
import { writeWorkbook } from '#core/xlsx.ts'
import { call, upload } from './load.ts'
import type { Stage } from './stage.ts'
import { idNumber } from '../../src/modules/people/fixtures.ts'

const HEAD = ['姓名', '性别', '身份证号', '入党时间', '转正时间', '人员类别', '所在支部']

const workbook = (rows: number, branches: readonly string[]) =>
  writeWorkbook([
    {
      name: '党员花名册',
      columns: HEAD.map((header) => ({ header })),
      rows: Array.from({ length: rows }, (_, i) => {
        const number = idNumber(i)
        const sex = Number(number[16]) % 2 === 1 ? '男' : '女'
        return ['周一鸣', sex, number, '2004.06', '2005.06', '正式党员', branches[i % branches.length] as string]
      }),
    },
  ])

interface Batch {
  state: string
  result: { persons?: number; refused?: string }
}

interface Judged {
  id: string
  sha256: string
  counts: { errors: number }
}

/** A long roster is stored after the answer, by a job: waits until it is over. */
async function stored(stage: Stage, id: string): Promise<number> {
  for (;;) {
    const batch = await call<Batch>(stage.base, stage.desk, `GET /people-imports/${id}`)
    if (batch.state === 'committed') return batch.result.persons ?? 0
    if (batch.state !== 'committing') throw new Error(`the roster was not stored: ${batch.result.refused}`)
    await sleep(100)
  }
}

export async function benchRoster(stage: Stage, rows = 31_000) {
  const { rows: units } = await stage.owner.query<{ name: string }>(
    `select name from unit u where tree = 'org' and kind = 'estate-branch' and not exists (select from unit o where o.tree = 'org' and o.name = u.name and o.id <> u.id) order by path limit 750`,
  )
  const file = await workbook(
    rows,
    units.map((u) => u.name),
  )
  const began = performance.now()
  const judged = await upload<Judged>(stage.base, stage.desk, '/people-imports', file)
  const checked = performance.now()
  const body = { sha256: judged.sha256, mode: 'all-or-nothing' }
  await call(stage.base, stage.desk, `POST /people-imports/${judged.id}/commit`, body)
  const persons = await stored(stage, judged.id)
  const ended = performance.now()
  return {
    rows,
    errors: judged.counts.errors,
    persons,
    check: (checked - began) / 1000,
    commit: (ended - checked) / 1000,
    megabytes: file.length / 1e6,
  }
}
