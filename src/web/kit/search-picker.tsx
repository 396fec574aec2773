// One record out of very many: found by words, asked of the list’s own path.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import type { ListOf, Query } from './list.ts'

export interface Picking {
  id?: string
  value: string | undefined
  onChange: (id: string | undefined) => void
  status?: 'error' | ''
}

interface Props<T> extends Picking {
  path: string
  /** what is asked of the list for these words; null: nothing yet */
  ask: (words: string) => Query | null
  show: (row: T) => string
  offered?: (row: T) => boolean
  placeholder: string
  /** said while no words are there and nothing is offered */
  hint: string
}

export function SearchPicker<T extends { id: string }>(p: Props<T>) {
  const [typed, setWords] = useState('')
  const words = typed.trim()
  const asked = p.ask(words)
  const hits = useQuery({
    queryKey: [p.path, { ...asked, limit: 20 }],
    enabled: asked !== null,
    queryFn: ({ signal }) => call<ListOf<T>>('GET', p.path, { query: { ...asked, limit: 20 }, signal }),
  })
  const rows = (asked && hits.data?.rows) ?? []
  return (
    <Select
      {...(p.id ? { id: p.id } : {})}
      {...(p.status ? { status: p.status } : {})}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      allowClear
      value={p.value ?? null}
      placeholder={p.placeholder}
      onChange={(v: string | null) => p.onChange(v ?? undefined)}
      options={rows.filter(p.offered ?? (() => true)).map((row) => ({ value: row.id, label: p.show(row) }))}
      notFoundContent={hits.isFetching ? '正在查找…' : words === '' ? p.hint : '没有找到'}
    />
  )
}
