import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import type { ListOf } from '#web/kit/data-table.tsx'
import type { Demand } from '../contract.ts'
import { states } from './words.ts'

interface Props {
  id?: string
  value: string | undefined
  onChange: (id: string | undefined) => void
  status?: 'error' | ''
  /** the demand another is looked for to: of the same mechanism, at first the same place and category */
  like: Demand
}

/** Finds an open demand: what lies near at once, anything by number or title. */
export function DemandPicker({ value, onChange, like, status, id }: Props) {
  const [words, setWords] = useState('')
  const near = { unit: like.placeId, category: like.category }
  const query = {
    ...(words.trim() ? { search: words.trim() } : near),
    mechanism: like.mechanismId,
    state: 'registered,dispatched,disputed,signed',
    limit: 20,
  }
  const hits = useQuery({
    queryKey: ['/demands', query],
    queryFn: ({ signal }) => call<ListOf<Demand>>('GET', '/demands', { query, signal }),
  })
  const rows = (hits.data?.rows ?? []).filter((d) => d.id !== like.id)
  return (
    <Select
      {...(id ? { id } : {})}
      {...(status ? { status } : {})}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      allowClear
      value={value ?? null}
      placeholder="编号或标题"
      onChange={(v: string | null) => onChange(v ?? undefined)}
      options={rows.map((d) => ({ value: d.id, label: `${d.no} ${d.title}（${states[d.state].word}）` }))}
      notFoundContent={
        hits.isFetching ? '正在查找…' : words.trim() === '' ? '附近没有同类的，请输入编号或标题查找' : '没有找到'
      }
    />
  )
}
