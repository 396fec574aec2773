// ⌘K: pages, units, demands and whatever else can be found, by name, pinyin, number or code.
import { useQuery } from '@tanstack/react-query'
import { Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import type { Demand } from '#modules/demands/contract.ts'
import type { PersonRow } from '#modules/people/contract.ts'
import type { Unit } from '#modules/units/contract.ts'
import { call } from '#web/api.ts'
import { useAddress, useCarry } from '#web/kit/address.ts'
import type { ListOf } from '#web/kit/data-table.tsx'
import { holds } from '#web/kit/session.ts'
import type { PageEntry } from './pages.ts'

interface Hit {
  group: string
  id: string
  title: string
  more: string
  go: () => void
}

/** The first few of a list that match, cut to what the asker may see: the server decides. */
function useFound<T>(path: string, asked: string, may: boolean) {
  const query = { search: asked, limit: 6 }
  const found = useQuery({
    queryKey: [path, query],
    enabled: asked !== '' && may,
    queryFn: ({ signal }) => call<ListOf<T>>('GET', path, { query, signal }),
  })
  return { rows: asked === '' ? [] : (found.data?.rows ?? []), busy: found.isFetching }
}

function useHits(words: string, me: Me, pages: PageEntry[], close: () => void): { hits: Hit[]; busy: boolean } {
  const [, navigate] = useLocation()
  const carry = useCarry()
  const { set } = useAddress()
  const asked = words.trim()
  const persons = useFound<PersonRow>('/persons', asked, holds(me, 'person.read'))
  const units = useFound<Unit>('/units', asked, holds(me, 'unit.read'))
  const demands = useFound<Demand>('/demands', asked, holds(me, 'demand.read'))
  const open = (path: string) => () => {
    navigate(path)
    close()
  }
  const low = asked.toLowerCase()
  const hits = [
    ...pages
      .filter((p) => p.title.includes(asked) || (low && p.also?.includes(low)))
      .map((p): Hit => ({ group: '页面', id: p.path, title: p.title, more: '', go: open(carry(p.path)) })),
    ...persons.rows.map(
      (p): Hit => ({
        group: '人员',
        id: p.id,
        title: p.name,
        more: p.branch ?? p.registeredAt ?? p.home?.name ?? '',
        go: open(carry(`/persons/${p.id}`)),
      }),
    ),
    ...units.rows.map(
      (u): Hit => ({
        group: '单位（选为查看范围）',
        id: u.id,
        title: u.name,
        more: `${u.kindName}${u.parentName ? `　${u.parentName}` : ''}`,
        go: () => (set({ unit: u.id, page: null }), close()),
      }),
    ),
    ...demands.rows.map(
      (d): Hit => ({
        group: '诉求',
        id: d.id,
        title: `${d.no} ${d.title}`,
        more: d.placeName,
        go: open(carry(`/demands/${d.id}`)),
      }),
    ),
  ]
  return { hits, busy: persons.busy || units.busy || demands.busy }
}

export function Seek({ pages, me }: { pages: PageEntry[]; me: Me }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault()
        setOpen(true)
      }
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [])
  return (
    <>
      <button type="button" className="seek" onClick={() => setOpen(true)}>
        {holds(me, 'unit.read') ? '查找页面、人员、单位、诉求' : '查找页面'}
        <kbd>⌘K</kbd>
      </button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        closable={false}
        width={560}
        style={{ top: 80 }}
        destroyOnHidden
        title={null}
        aria-label="全局查找"
      >
        <SeekPanel pages={pages} me={me} close={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function SeekPanel({ pages, me, close }: { pages: PageEntry[]; me: Me; close: () => void }) {
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const { hits, busy } = useHits(words, me, pages, close)
  const here = hits[Math.min(at, hits.length - 1)]
  const move = (e: React.KeyboardEvent) => {
    if (e.key === 'ArrowDown') setAt((n) => Math.min(n + 1, hits.length - 1))
    else if (e.key === 'ArrowUp') setAt((n) => Math.max(n - 1, 0))
    else if (e.key === 'Enter' && !e.nativeEvent.isComposing) here?.go()
    else return
    e.preventDefault()
  }
  return (
    <div onKeyDown={move}>
      <Input
        autoFocus
        size="large"
        placeholder="名称、姓名、拼音首字母、后四位、编号或代码"
        aria-label="查找"
        role="combobox"
        aria-expanded
        aria-controls="seek-hits"
        aria-activedescendant={here ? `hit-${here.id}` : undefined}
        value={words}
        onChange={(e) => {
          setWords(e.target.value)
          setAt(0)
        }}
      />
      <div className="seek-hits" id="seek-hits" role="listbox" aria-label="结果">
        {hits.map((h, i) => (
          <div key={`${h.group} ${h.id}`}>
            {h.group === hits[i - 1]?.group ? null : <h3>{h.group}</h3>}
            <li
              id={`hit-${h.id}`}
              role="option"
              aria-selected={h === here}
              onMouseEnter={() => setAt(i)}
              onClick={h.go}
            >
              <span className="clip">{h.title}</span>
              <span className="quiet">{h.more}</span>
            </li>
          </div>
        ))}
        {hits.length === 0 ? (
          <p className="quiet" style={{ padding: 8 }}>
            {busy ? '正在查找…' : '没有找到。可以换一个词，或写编号。'}
          </p>
        ) : null}
      </div>
    </div>
  )
}
