// 报表登记: who may ask whom for what, on which ground, how often, until when. What is not here is not asked. [JF-09]
import { Button } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { ChoiceBox, SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import type { Form } from '../contract.ts'
import { states, termWords } from './words.ts'

const columnsWith = (carry: (path: string) => string): Column<Form>[] => [
  { id: 'no', title: '登记号', width: 76, render: (f) => f.no, text: (f) => f.no, sort: { up: 'no', down: '-no' } },
  {
    id: 'title',
    title: '报表',
    render: (f) => (
      <>
        <Link href={carry(`/forms/${f.id}`)}>{f.title}</Link>
        {f.base ? <span className="kind">补充《{f.base.title}》</span> : null}
      </>
    ),
    text: (f) => f.title,
  },
  { id: 'owner', title: '由谁要求', width: 160, render: (f) => f.ownerName, text: (f) => f.ownerName },
  { id: 'ground', title: '依据', width: 180, render: (f) => f.ground, text: (f) => f.ground },
  { id: 'term', title: '频次和截止', width: 190, render: termWords, text: termWords },
  {
    id: 'ends',
    title: '停用日期',
    width: 108,
    render: (f) => f.stoppedOn ?? f.endsOn,
    text: (f) => f.stoppedOn ?? f.endsOn,
  },
  { id: 'typed', title: '要填', width: 64, align: 'right', render: (f) => `${f.typed} 项`, text: (f) => f.typed },
  {
    id: 'held',
    title: '只确认',
    width: 72,
    align: 'right',
    render: (f) => `${f.fields - f.typed} 项`,
    text: (f) => f.fields - f.typed,
  },
  {
    id: 'minutes',
    title: '预计',
    width: 80,
    align: 'right',
    render: (f) => `${f.minutes} 分钟`,
    text: (f) => f.minutes,
  },
  {
    id: 'state',
    title: '状态',
    width: 84,
    render: (f) => <StateTag tone={states[f.state].tone}>{states[f.state].word}</StateTag>,
    text: (f) => states[f.state].word,
  },
]

export function FormsPage() {
  const { get } = useAddress()
  const carry = useCarry()
  const mayWrite = usePermission('form.write')
  return (
    <>
      <PageHead title="报表登记" where="没有登记、批准的报表，任何单位不用填">
        {mayWrite ? (
          <Link href={carry('/forms/draft')}>
            <Button type="primary">登记报表</Button>
          </Link>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox label="查找报表" placeholder="报表名称" />
          <ChoiceBox
            name="state"
            options={[['', '全部'], ...Object.entries(states).map(([value, s]) => [value, s.word] as const)]}
          />
        </div>
        <DataTable<Form>
          name="forms"
          title="报表登记册"
          path="/forms"
          query={{ state: get('state'), search: get('search') }}
          columns={columnsWith(carry)}
          empty={
            <EmptyState title="没有符合条件的报表">
              要下级填什么，先在这里写明依据、频次、截止、口径和停用日期，由另一人批准后才会布置。
            </EmptyState>
          }
        />
      </Sheet>
    </>
  )
}
