// 人员: who is on record in the scope. Sorted by strokes, pinyin or day of joining; never by what somebody did. [SORT-01, JF-02]
import { Button, Drawer, Select } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { useUnit } from '#web/kit/units.tsx'
import type { PersonRow } from '../contract.ts'
import { PersonForm } from './person-form.tsx'
import { sexes, statuses } from './words.ts'

const columnsWith = (carry: (path: string) => string): Column<PersonRow>[] => [
  {
    id: 'name',
    title: '姓名',
    width: 110,
    render: (p) => <Link href={carry(`/persons/${p.id}`)}>{p.name}</Link>,
    text: (p) => `${p.name}${p.unknownStrokes ? '（笔画待定）' : ''}`,
  },
  { id: 'sex', title: '性别', width: 60, render: (p) => sexes[p.sex], text: (p) => sexes[p.sex] },
  { id: 'born', title: '出生年月', width: 90, render: (p) => yearMonth(p.born), text: (p) => yearMonth(p.born) },
  { id: 'politics', title: '政治面貌', width: 110, render: (p) => p.politicsName, text: (p) => p.politicsName },
  {
    id: 'status',
    title: '党员类别',
    width: 96,
    render: (p) => (p.status ? statuses[p.status] : '—'),
    text: (p) => (p.status ? statuses[p.status] : ''),
  },
  { id: 'joined', title: '入党时间', width: 96, render: (p) => yearMonth(p.joined), text: (p) => yearMonth(p.joined) },
  { id: 'branch', title: '所在党组织', render: (p) => p.branch ?? '—', text: (p) => p.branch },
  {
    id: 'registered',
    title: '报到社区',
    width: 130,
    render: (p) => p.registeredAt ?? '—',
    text: (p) => p.registeredAt,
  },
  { id: 'phone', title: '电话', width: 120, extra: true, render: (p) => p.phone ?? '—', text: (p) => p.phone },
  {
    id: 'id-number',
    title: '公民身份号码',
    width: 180,
    extra: true,
    render: (p) => p.idNumber ?? '—',
    text: (p) => p.idNumber,
  },
  {
    id: 'home',
    title: '管理单位',
    width: 160,
    extra: true,
    render: (p) => p.home?.name ?? '—',
    text: (p) => p.home?.name,
  },
]

/** `YYYY.MM` in rosters. [5.5] */
const yearMonth = (day: string | null) => (day ? day.slice(0, 7).replace('-', '.') : '—')

export function PersonsPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const unit = get('unit')
  const scope = useUnit(unit)
  const mayWrite = usePermission('person.write')
  const mayMerge = usePermission('person.merge')
  const mayImport = usePermission('person.import')
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  const order = get('order') ?? 'strokes'
  const query = { unit, search: get('search'), status: get('status'), sort: order }
  const filtered = Boolean(query.search || query.status)
  return (
    <>
      <PageHead
        title="人员"
        where={`${where ?? '全部可见范围'}　${order === 'strokes' ? '按姓氏笔画为序' : order === 'pinyin' ? '按拼音为序' : '按入党时间为序'}`}
      >
        {mayMerge ? <Link href={carry('/persons/duplicates')}>查找重复</Link> : null}
        {mayImport ? <Link href={carry('/persons/imports')}>导入花名册</Link> : null}
        {mayWrite ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            登记人员
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox label="查找人员" placeholder="姓名、拼音首字母、证件或手机后四位" width={330} />
          <label>
            党员类别
            <Select
              allowClear
              aria-label="党员类别"
              style={{ width: 120 }}
              placeholder="全部"
              value={get('status') ?? null}
              onChange={(v) => set({ status: v ?? null, page: null })}
              options={[
                { value: 'full', label: '正式党员' },
                { value: 'probationary', label: '预备党员' },
                { value: 'none', label: '无组织关系' },
              ]}
            />
          </label>
          <label>
            排序
            <Select
              aria-label="排序"
              style={{ width: 120 }}
              value={order}
              onChange={(v) => set({ order: v === 'strokes' ? null : v, page: null })}
              options={[
                { value: 'strokes', label: '姓氏笔画' },
                { value: 'pinyin', label: '拼音' },
                { value: 'joined', label: '入党时间' },
              ]}
            />
          </label>
        </div>
        <DataTable<PersonRow>
          name="persons"
          title="人员名册"
          unit={where}
          path="/persons"
          persons="listPersons"
          query={query}
          columns={columnsWith(carry)}
          empty={
            filtered ? (
              <EmptyState
                title="没有符合条件的人员"
                action={<Button onClick={() => set({ search: null, status: null, page: null })}>清除条件</Button>}
              />
            ) : (
              <EmptyState
                title="这里还没有登记人员"
                action={mayWrite ? <Button onClick={() => set({ new: 1 })}>登记人员</Button> : undefined}
              >
                党员、报到人员和自愿登记的居民会列在这里。
              </EmptyState>
            )
          }
        />
      </Sheet>
      <Drawer open={get('new') === '1'} title="登记人员" size={520} onClose={() => set({ new: null })} destroyOnHidden>
        <PersonForm unit={unit} close={() => set({ new: null })} />
      </Drawer>
    </>
  )
}
