// Where something is and under which mechanism: asked alike on every page that writes down on foot.
import { useId, useMemo, useState } from 'react'
import { Picks, TextField } from '#web/phone/parts.tsx'
import type { Kit } from './kit.ts'

export function PlaceField({ kit, value, onPick }: { kit: Kit; value: string | null; onPick: (id: string) => void }) {
  const [search, setSearch] = useState('')
  const shown = useMemo(
    () => kit.places.filter((p) => p.name.includes(search.trim()) || p.id === value).slice(0, 12),
    [kit, search, value],
  )
  return (
    <>
      {kit.places.length > 12 ? (
        <TextField label="查找地点" kind="search" most={40} value={search} onText={setSearch} />
      ) : null}
      <Picks legend="在哪里" options={shown} value={value} onPick={onPick} />
      {shown.length === 0 ? <p className="quiet">没有名称里含“{search}”的地点。</p> : null}
    </>
  )
}

/** Most belongs to the mechanism that stands first; the others are one tap away. */
export function MechanismField({
  all,
  value,
  onPick,
}: {
  all: Kit['mechanisms']
  value: string
  onPick: (id: string) => void
}) {
  const id = useId()
  if (all.length < 2) return null
  return (
    <div className="field">
      <label htmlFor={id}>机制</label>
      <select id={id} value={value} onChange={(e) => onPick(e.target.value)}>
        {all.map((m) => (
          <option key={m.id} value={m.id}>
            {m.name}
          </option>
        ))}
      </select>
    </div>
  )
}
