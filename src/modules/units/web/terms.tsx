// 届次: which committees are due, and what was asked of their superiors. The light is always also a word. [BR-12]
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Segmented, Select } from 'antd'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { ChoiceBox, SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { useKinds, useUnit } from '#web/kit/units.tsx'
import type { Light, TermRow, TermShift } from '../contract.ts'
import { useUnitMechanisms } from './known.ts'
import { inOrder, LightTag, leftWords, lights } from './lights.tsx'
import { shiftColumns } from './shifts.tsx'
import { UnitTermsPanel } from './unit-terms.tsx'

type Term = NonNullable<TermRow['term']>

const ofTerm = (id: string, title: string, width: number, of: (t: Term) => string): Column<TermRow> => ({
  id,
  title,
  width,
  render: (r) => (r.term ? of(r.term) : '—'),
  text: (r) => (r.term ? of(r.term) : ''),
})

const termColumns: Column<TermRow>[] = [
  ofTerm('no', '届次', 64, (t) => `第${t.no}届`),
  ofTerm('elected', '选举日', 100, (t) => t.electedOn),
  {
    id: 'due',
    title: '届满日',
    width: 130,
    sort: { up: 'due', down: '-due' },
    render: (r) => (
      <>
        {r.term?.dueOn ?? '—'}
        {r.term && r.term.dueOn !== r.term.regularDueOn ? <span className="kind">经批准</span> : null}
      </>
    ),
    text: (r) => r.term?.dueOn,
  },
  {
    id: 'light',
    title: '情况',
    width: 112,
    render: (r) => <LightTag light={r.light} />,
    text: (r) => lights[r.light].word,
  },
  {
    id: 'left',
    title: '距届满',
    width: 120,
    align: 'right',
    render: (r) => (
      <>
        {leftWords(r.left)}
        {r.asked ? <span className="kind">申请待批</span> : null}
      </>
    ),
    text: (r) => r.left,
  },
  { id: 'years', title: '任期', width: 64, extra: true, render: (r) => `${r.years} 年`, text: (r) => r.years },
  { ...ofTerm('basis', '批复', 200, (t) => t.basis), extra: true },
]

const columns = (open: (row: TermRow) => void): Column<TermRow>[] => [
  {
    id: 'unit',
    title: '党组织',
    width: 200,
    sort: { up: 'unit' },
    render: (r) => (
      <button type="button" className="link" onClick={() => open(r)}>
        {r.unitName}
      </button>
    ),
    text: (r) => r.unitName,
  },
  { id: 'kind', title: '类别', width: 110, render: (r) => r.kindName, text: (r) => r.kindName },
  { id: 'parent', title: '上级党组织', width: 170, render: (r) => r.parentName ?? '—', text: (r) => r.parentName },
  ...termColumns,
]

export function TermsPage() {
  const { get, set } = useAddress()
  const scope = useUnit(get('unit'))
  const view = get('view') ?? 'terms'
  const term = get('term')
  return (
    <>
      <PageHead title="届次" where={scope.data?.name ?? '全部可见范围'} />
      <Sheet>
        <div className="filters" role="search">
          <Segmented
            value={view}
            onChange={(v) =>
              set({ view: v === 'terms' ? null : v, page: null, state: null, light: null, search: null })
            }
            options={[
              { value: 'terms', label: '换届名册' },
              { value: 'shifts', label: '延期和提前' },
            ]}
          />
          {view === 'terms' ? <TermFilters /> : <ShiftState />}
        </div>
        {view === 'terms' ? <Terms unit={scope.data?.name} /> : <Shifts unit={scope.data?.name} />}
      </Sheet>
      <Drawer open={term !== undefined} title="届次" size={760} onClose={() => set({ term: null })} destroyOnHidden>
        {term ? <UnitTermsPanel unitId={term} titled /> : null}
      </Drawer>
    </>
  )
}

function Terms({ unit }: { unit: string | undefined }) {
  const { get, set } = useAddress()
  const open = (r: TermRow) => set({ term: r.id }, { push: true })
  return (
    <DataTable<TermRow>
      name="terms"
      title="党组织换届名册"
      unit={unit}
      path="/terms"
      query={{ unit: get('unit'), light: get('light'), kind: get('kind'), search: get('search') }}
      columns={columns(open)}
      onOpen={open}
      rowId={(r) => `${r.id} ${r.mechanismId}`}
      empty={<EmptyState title="没有这样的党组织">须按期换届的党组织都列在这里；换一个范围或者条件再看。</EmptyState>}
    />
  )
}

function Shifts({ unit }: { unit: string | undefined }) {
  const { get, set } = useAddress()
  return (
    <DataTable<TermShift>
      name="term-shifts"
      title="延期、提前换届申请"
      unit={unit}
      path="/term-shifts"
      query={{ unit: get('unit'), ...shiftQuery(get('state')) }}
      columns={shiftColumns((s) => set({ term: s.unitId }, { push: true }))}
      empty={
        <EmptyState title="没有申请">延期或者提前换届须经上级党组织批准，最多一年；在党组织的届次里提出。</EmptyState>
      }
    />
  )
}

/** `mine` is what waits for one's own word, whatever else one may see. */
const shiftQuery = (state: string | undefined) => (state === 'mine' ? { decidable: true } : { state })

function ShiftState() {
  const mayDecide = usePermission('term.approve')
  return (
    <ChoiceBox
      name="state"
      options={[
        ['', '全部'],
        ...(mayDecide ? ([['mine', '待我批复']] as const) : []),
        ['asked', '待批'],
        ['granted', '同意'],
        ['declined', '不同意'],
        ['withdrawn', '已撤回'],
      ]}
    />
  )
}

/** How many stand under each light; a press shows them. */
function TermFilters() {
  const { get, set } = useAddress()
  const query = { unit: get('unit'), kind: get('kind') }
  const counted = useQuery({
    queryKey: ['/term-lights', query],
    queryFn: ({ signal }) =>
      call<{ lights: { light: Light; units: number }[] }>('GET', '/term-lights', { query, signal }),
  })
  const units = new Map((counted.data?.lights ?? []).map((l) => [l.light, l.units]))
  const elected = new Set(useUnitMechanisms().flatMap((m) => m.settings.elections.flatMap((e) => e.kinds)))
  const kinds = useKinds('org').filter((k) => elected.has(k.value))
  const light = get('light')
  const pick = (next: string) => set({ light: light === next ? null : next, page: null })
  return (
    <>
      <SearchBox label="查找党组织" placeholder="名称、拼音首字母或代码" />
      {kinds.length > 0 ? (
        <Select
          allowClear
          aria-label="类别"
          style={{ width: 150 }}
          placeholder="全部类别"
          value={get('kind') ?? null}
          onChange={(k) => set({ kind: k ?? null, page: null })}
          options={kinds}
        />
      ) : null}
      <span className="row" role="group" aria-label="按届次情况筛选">
        {([...inOrder, 'past', 'due'] as const).map((l) => (
          <Button
            key={l}
            size="small"
            aria-pressed={light === l}
            className={light === l ? 'pressed' : ''}
            onClick={() => pick(l)}
          >
            {l === 'past' ? '届满未换届' : l === 'due' ? '届满和临近' : `${lights[l].word} ${units.get(l) ?? '…'}`}
          </Button>
        ))}
      </span>
    </>
  )
}
