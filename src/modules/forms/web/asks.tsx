// 填报: what my units are asked, by the one deadline of the month.

import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { ChoiceBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Ask } from '../contract.ts'
import { askStates } from './words.ts'

const columnsWith = (carry: (path: string) => string): Column<Ask>[] => [
  {
    id: 'title',
    title: '报表',
    render: (k) => <Link href={carry(`/asks/${k.id}`)}>{k.title}</Link>,
    text: (k) => k.title,
  },
  { id: 'unit', title: '单位', width: 190, render: (k) => k.unitName, text: (k) => k.unitName },
  { id: 'period', title: '期', width: 90, render: (k) => k.period, text: (k) => k.period },
  {
    id: 'due',
    title: '截止',
    width: 130,
    render: (k) => (
      <>
        {k.dueOn}
        {k.late ? <b className="clock late">　逾期</b> : null}
      </>
    ),
    text: (k) => k.dueOn,
  },
  {
    id: 'state',
    title: '状态',
    width: 100,
    render: (k) => <StateTag tone={askStates[k.state].tone}>{askStates[k.state].word}</StateTag>,
    text: (k) => askStates[k.state].word,
  },
  { id: 'owner', title: '由谁要求', width: 160, render: (k) => k.ownerName, text: (k) => k.ownerName },
  {
    id: 'fields',
    title: '要填／确认',
    width: 110,
    align: 'right',
    render: (k) => `${k.typed}／${k.confirmed} 项`,
    text: (k) => `${k.typed}／${k.confirmed}`,
  },
  {
    id: 'minutes',
    title: '预计',
    width: 84,
    align: 'right',
    render: (k) => `${k.minutes} 分钟`,
    text: (k) => k.minutes,
    sum: (k) => k.minutes,
  },
  {
    id: 'filled',
    title: '填报时间',
    width: 140,
    extra: true,
    render: (k) => (k.filledAt ? moment(k.filledAt) : '—'),
    text: (k) => (k.filledAt ? moment(k.filledAt) : ''),
  },
]

export function AsksPage() {
  const { get } = useAddress()
  const carry = useCarry()
  const unit = get('unit')
  const scope = useUnit(unit)
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  return (
    <>
      <PageHead title="填报" where={where ?? '我负责的全部单位'} />
      <Sheet>
        <div className="filters" role="search">
          <ChoiceBox
            name="state"
            options={[
              ['', '全部'],
              ['open', '待填报'],
              ['returned', '退回重填'],
              ['filled', '已填报'],
            ]}
          />
        </div>
        <DataTable<Ask>
          name="asks"
          title="填报任务"
          unit={where}
          path="/form-asks"
          query={{ unit, state: get('state'), fillable: true }}
          columns={columnsWith(carry)}
          empty={
            <EmptyState title="没有要填的报表">
              经批准的报表到了截止月份才会出现在这里；系统里已有的内容不用再填。
            </EmptyState>
          }
        />
      </Sheet>
    </>
  )
}
