// Units as the screen needs them: one by id, a search, and a picker. The tree of the day looked at is asked.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import type { Unit, UnitKind, UnitPage } from '#modules/units/contract.ts'
import { call } from '#web/api.ts'
import type { ListOf, Query } from './data-table.tsx'
import { useAddress } from './address.ts'
import { asProblem } from '#web/api.ts'

export const listUnits = (query: Query, signal?: AbortSignal) =>
  call<ListOf<Unit>>('GET', '/units', { query, ...(signal ? { signal } : {}) })

const seen = (client: QueryClient, id: string) =>
  client
    .getQueriesData<ListOf<Unit>>({ queryKey: ['/units'] })
    .flatMap(([, list]) => list?.rows ?? [])
    .find((u) => u.id === id)

/** Name and kind of the scope in the address; what the tree has shown already is not asked again. */
export function useUnit(id: string | undefined) {
  const { get } = useAddress()
  const client = useQueryClient()
  const on = get('on')
  return useQuery({
    queryKey: ['/units/one', id, on],
    enabled: Boolean(id),
    staleTime: 60_000,
    queryFn: async () =>
      (id && seen(client, id)) || call<UnitPage>('GET', `/units/${id}`, { query: { on } }).then((p) => p.unit),
  })
}

/** Kinds of units the district has, as choices. */
export function useKinds(tree?: 'place' | 'org') {
  const kinds = useQuery({
    queryKey: ['/unit-kinds'],
    staleTime: 3_600_000,
    queryFn: ({ signal }) => call<ListOf<UnitKind>>('GET', '/unit-kinds', { signal }),
  })
  return (kinds.data?.rows ?? [])
    .filter((k) => !tree || k.tree === tree)
    .map((k) => ({ value: k.id, label: k.name, partyOrg: k.partyOrg }))
}

type Shown = Pick<Unit, 'id' | 'name' | 'kindName'> & { parentName?: string | null }

interface PickerProps {
  id?: string
  value: string | undefined
  onChange: (id: string | undefined, unit: Unit | undefined) => void
  tree?: 'place' | 'org' | undefined
  kind?: string | undefined
  status?: 'error' | ''
  placeholder?: string
  'aria-describedby'?: string | undefined
  'aria-label'?: string
  /** a place: then also units beyond one's own sight that may be called to a matter there */
  about?: string | undefined
  /** where accounts and mandates may be: names only, for officers who see no business of any unit */
  accounts?: boolean
  /** known already: shown before anything is searched */
  first?: Shown[] | undefined
}

/** What is typed is asked of the server, so a million units make no difference. */
type Wanted = Pick<PickerProps, 'about' | 'accounts' | 'tree' | 'kind' | 'first'>

function useUnitSearch({ about, accounts, tree, kind, first = [] }: Wanted) {
  const [words, setWords] = useState('')
  const search = words.trim()
  const path = about ? '/handling-units' : accounts ? '/account-units' : '/units'
  const query = about
    ? { place: about, ...(search ? { search } : {}) }
    : accounts
      ? { search }
      : { search, tree, kind, limit: 20 }
  const hits = useQuery({
    queryKey: [path, query],
    enabled: search !== '' || about !== undefined,
    staleTime: 30_000,
    queryFn: ({ signal }) => call<{ rows: Shown[] }>('GET', path, { query, signal }),
  })
  const found = hits.data?.rows ?? []
  const known = search ? found : [...first, ...found.filter((u) => !first.some((f) => f.id === u.id))]
  const nothing = hits.error
    ? asProblem(hits.error).title
    : search === '' && !about
      ? '请输入名称、拼音首字母或代码'
      : hits.isFetching
        ? '正在查找…'
        : '没有找到'
  return { known, nothing, setWords }
}

/** What is chosen keeps its name while other words are typed; units of one name are told apart by the one above. */
const optionsOf = (kept: readonly Shown[], known: readonly Shown[]) =>
  [...kept, ...known]
    .filter((u, i, all) => all.findIndex((x) => x.id === u.id) === i)
    .map((u) => ({
      value: u.id,
      label: (
        <span title={u.parentName ? `${u.name}，隶属${u.parentName}` : u.name}>
          {u.name}
          <span className="kind">
            {u.kindName}
            {u.parentName ? `　${u.parentName}` : ''}
          </span>
        </span>
      ),
    }))

/** Finds a unit by name, pinyin or code. */
export function UnitPicker({ value, onChange, status, placeholder, ...more }: PickerProps) {
  const { about, accounts, tree, kind, first, ...rest } = more
  const search = useUnitSearch({ about, accounts: accounts ?? false, tree, kind, first })
  const [picked, setPicked] = useState<Shown | undefined>(undefined)
  return (
    <Select
      {...rest}
      {...(status ? { status } : {})}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: search.setWords }}
      allowClear
      value={value ?? null}
      placeholder={placeholder ?? '输入名称、拼音首字母或代码'}
      options={optionsOf(
        [...(picked ? [picked] : []), ...(first ?? [])].filter((u) => u.id === value),
        search.known,
      )}
      onChange={(next: string | null) => {
        const unit = search.known.find((k) => k.id === next)
        setPicked(unit)
        onChange(next ?? undefined, unit as Unit | undefined)
      }}
      notFoundContent={search.nothing}
    />
  )
}

interface ManyProps extends Omit<PickerProps, 'value' | 'onChange'> {
  value: readonly string[]
  onChange: (ids: string[]) => void
  most?: number
}

/** Several units at once. */
export function UnitsPicker({ value, onChange, about, tree, kind, status, first, most, ...rest }: ManyProps) {
  const search = useUnitSearch({ about, tree, kind, first })
  const [picked, setPicked] = useState<readonly Shown[]>([])
  return (
    <Select
      {...rest}
      {...(status ? { status } : {})}
      {...(most ? { maxCount: most } : {})}
      mode="multiple"
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: search.setWords }}
      value={[...value]}
      placeholder="输入名称、拼音首字母或代码，可选多个"
      options={optionsOf(
        [...picked, ...(first ?? [])].filter((u) => value.includes(u.id)),
        search.known,
      )}
      onChange={(next: string[]) => {
        setPicked([...picked, ...search.known].filter((u, i, all) => all.findIndex((x) => x.id === u.id) === i))
        onChange(next)
      }}
      notFoundContent={search.nothing}
    />
  )
}
