// 二维码门牌: places below a unit, chosen and printed on A4. The code names the place, so a rename or a move needs no new plate.
import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { type Column, DataTable, type ListOf } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { Progress, useLong } from '#web/kit/long.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, Refusal } from '#web/kit/states.tsx'
import { useKinds, useUnit } from '#web/kit/units.tsx'
import type { UnitPlate } from '../contract.ts'
import { PlateSheets } from './plate-sheets.tsx'

const most = 2000

const columns: Column<UnitPlate>[] = [
  { id: 'name', title: '名称', width: 220, render: (p) => <b>{p.name}</b>, text: (p) => p.name },
  { id: 'kind', title: '类别', width: 110, render: (p) => p.kindName, text: (p) => p.kindName },
  { id: 'line', title: '位置', render: (p) => p.line.join(' › '), text: (p) => p.line.join('') },
  { id: 'code', title: '编号', width: 100, render: (p) => p.code, text: (p) => p.code },
  { id: 'url', title: '扫码打开的网址', width: 280, render: (p) => p.url, text: (p) => p.url },
]

export function PlatesPage() {
  const { get } = useAddress()
  const carry = useCarry()
  const unit = get('unit')
  const scope = useUnit(unit)
  const [chosen, setChosen] = useState<UnitPlate[] | null>(null)
  if (chosen) return <PlateSheets plates={chosen} back={() => setChosen(null)} />
  return (
    <>
      <PageHead title="打印二维码" where={scope.data?.name}>
        <Link href={carry('/units')}>返回组织树</Link>
      </PageHead>
      {unit && scope.data?.tree === 'place' ? (
        <Places unit={unit} name={scope.data.name} choose={setChosen} />
      ) : (
        <Sheet>
          <EmptyState title="请先在左边选一个地方">
            选中街道、社区或小区后，这里列出它和下级的地方，可以选择打印。二维码贴在楼栋、小区，居民扫码即可反映诉求。
          </EmptyState>
        </Sheet>
      )}
    </>
  )
}

/** All of the list, asked for page by page. */
async function everyPlate(query: Record<string, string | undefined>, tell: (n: number) => void, signal: AbortSignal) {
  const rows: UnitPlate[] = []
  for (;;) {
    const part = await call<ListOf<UnitPlate>>('GET', '/unit-plates', {
      query: { ...query, limit: 500, offset: rows.length },
      signal,
    })
    rows.push(...part.rows)
    tell(rows.length)
    if (part.rows.length === 0 || rows.length >= Math.min(part.total, most)) return rows.slice(0, most)
  }
}

function Places({ unit, name, choose }: { unit: string; name: string; choose: (plates: UnitPlate[]) => void }) {
  const { get } = useAddress()
  const long = useLong()
  const query = { under: unit, kind: get('kind'), search: get('search') }
  const all = async () => {
    const plates = await long.run('正在读取', ({ signal }) =>
      everyPlate(query, (n) => long.tell(`正在读取，已有 ${n} 个`), signal),
    )
    if (plates && plates.length > 0) choose(plates)
  }
  return (
    <Sheet>
      <Filters>
        <Button disabled={long.doing !== null} onClick={() => void all()}>
          预览全部
        </Button>
      </Filters>
      {long.problem ? <Refusal problem={long.problem} /> : null}
      {long.doing ? <Progress doing={long.doing} onStop={long.stop} /> : null}
      <DataTable<UnitPlate>
        name="plates"
        title="二维码清单"
        unit={name}
        path="/unit-plates"
        query={query}
        columns={columns}
        renderBatch={(rows) => (
          <Button type="primary" onClick={() => choose(rows)}>
            预览这 {rows.length} 张
          </Button>
        )}
        empty={<EmptyState title="没有这样的地方">请换一个类别，或在左边另选一个单位。</EmptyState>}
      />
    </Sheet>
  )
}

function Filters({ children }: { children: React.ReactNode }) {
  const { get, set } = useAddress()
  const kinds = useKinds('place')
  return (
    <div className="filters" role="search">
      <SearchBox label="查找地方" placeholder="名称、拼音首字母、代码" width={260} />
      <label>
        类别
        <Select
          allowClear
          aria-label="类别"
          style={{ width: 140 }}
          placeholder="全部"
          value={get('kind') ?? null}
          onChange={(k) => set({ kind: k ?? null, page: null })}
          options={kinds}
        />
      </label>
      <span className="quiet">选中几行后预览，或预览全部（最多 {most} 张）</span>
      <span className="gap" />
      {children}
    </div>
  )
}
