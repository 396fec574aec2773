import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import type { ListOf } from './data-table.tsx'
import type { PersonRow } from '#modules/people/contract.ts'

interface Props {
  id?: string
  value: string | undefined
  onChange: (id: string | undefined) => void
  status?: 'error' | ''
}

/** Finds a person on record by name, pinyin or last four digits. */
export function PersonPicker({ id, value, onChange, status }: Props) {
  const [words, setWords] = useState('')
  const query = { search: words.trim(), limit: 20 }
  const hits = useQuery({
    queryKey: ['/persons', query],
    enabled: words.trim() !== '',
    queryFn: ({ signal }) => call<ListOf<PersonRow>>('GET', '/persons', { query, signal }),
  })
  return (
    <Select
      {...(id ? { id } : {})}
      {...(status ? { status } : {})}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      allowClear
      value={value ?? null}
      placeholder="姓名、拼音首字母、证件或手机后四位"
      onChange={(v: string | null) => onChange(v ?? undefined)}
      options={(hits.data?.rows ?? []).map((p) => ({
        value: p.id,
        label: `${p.name}　${p.branch ?? p.home?.name ?? ''}`,
      }))}
      notFoundContent={
        words.trim() === '' ? '请输入姓名、拼音首字母或后四位' : hits.isFetching ? '正在查找…' : '没有找到'
      }
    />
  )
}
