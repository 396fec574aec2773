// 职务: who holds what in the scope on the day looked at; begun and ended on the person's own page. [STAT-03]
import { Button, Checkbox } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { longDay } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { PostHeld } from '../contract.ts'

const columnsWith = (carry: (path: string) => string): Column<PostHeld>[] => [
  {
    id: 'unit',
    title: '单位',
    width: 260,
    sort: { up: 'unit' },
    render: (p) => p.unitName,
    text: (p) => p.unitName,
  },
  { id: 'title', title: '职务', width: 200, sort: { up: 'title' }, render: (p) => p.title, text: (p) => p.title },
  {
    id: 'name',
    title: '姓名',
    width: 140,
    sort: { up: 'name' },
    render: (p) => (p.opens ? <Link href={carry(`/persons/${p.personId}`)}>{p.personName}</Link> : p.personName),
    text: (p) => p.personName,
  },
  {
    id: 'from',
    title: '任职日',
    width: 120,
    sort: { up: 'from', down: '-from' },
    render: (p) => p.from,
    text: (p) => p.from,
  },
  { id: 'to', title: '免职日', width: 120, render: (p) => p.to ?? '在任', text: (p) => p.to ?? '在任' },
]

export function PostsPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const scope = useUnit(get('unit'))
  const where = scope.data ? `${scope.data.name}及下级` : '全部可见范围'
  const query = { unit: get('unit'), on: get('on'), search: get('search'), past: get('past') }
  const day = get('on') ? longDay(get('on') as string) : '今天'
  return (
    <>
      <PageHead title="职务" where={`${where}　${query.past ? '在任和已免职' : `${day}在任`}`}>
        <Link href={carry('/persons')}>人员</Link>
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox placeholder="姓名、拼音首字母或职务" label="查找职务" width={240} />
          <Checkbox
            checked={get('past') === 'true'}
            onChange={(e) => set({ past: e.target.checked ? 'true' : null, page: null })}
          >
            含已免职
          </Checkbox>
        </div>
        <DataTable<PostHeld>
          name="posts"
          title="职务名册"
          unit={where}
          path="/posts"
          persons="listPosts"
          query={query}
          columns={columnsWith(carry)}
          empty={
            query.search ? (
              <EmptyState
                title="没有符合条件的职务"
                action={<Button onClick={() => set({ search: null, page: null })}>清除条件</Button>}
              />
            ) : (
              <EmptyState title="这里还没有登记职务">
                在人员页面的“职务和特殊情况”里登记；免职的保留在册，可以勾选“含已免职”查看。
              </EmptyState>
            )
          }
        />
      </Sheet>
    </>
  )
}
