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
  except?: string
}

/** Finds an open demand by number or title. */
export function DemandPicker({ value, onChange, except, status, id }: Props) {
  const [words, setWords] = useState('')
  const query = { search: words.trim(), state: 'registered,dispatched,disputed,signed', limit: 20 }
  const hits = useQuery({
    queryKey: ['/demands', query],
    enabled: words.trim() !== '',
    queryFn: ({ signal }) => call<ListOf<Demand>>('GET', '/demands', { query, signal }),
  })
  const rows = (hits.data?.rows ?? []).filter((d) => d.id !== except)
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
      notFoundContent={words.trim() === '' ? '请输入编号或标题' : hits.isFetching ? '正在查找…' : '没有找到'}
    />
  )
}
