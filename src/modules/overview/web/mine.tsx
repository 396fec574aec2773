// What waits for a reader who handles no demands himself: what he approves, and the numbers he was told of.
import { Link } from 'wouter'
import type { Note } from '../contract.ts'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { questionText } from '#web/kit/figures.ts'
import { noteWords } from '#web/kit/notes.ts'
import { Sheet } from '#web/kit/page.tsx'
import { holds, useMe } from '#web/kit/session.ts'
import { hands, useTodo } from '#web/kit/todo.ts'

export function Mine() {
  const me = useMe()
  const todo = useTodo(me).filter((t) => (t.answer.data?.total ?? 0) > 0)
  const carry = useCarry()
  if (hands.some((verb) => holds(me, verb)) || todo.length === 0) return null
  const notes = todo.find((t) => t.group.of === 'watch-notes')?.answer.data?.rows ?? []
  const others = todo.filter((t) => t.group.of !== 'watch-notes')
  return (
    <Sheet title="等我办的">
      {others.length > 0 ? (
        <ul className="kinds">
          {others.map(({ group, answer }) => (
            <li key={group.id}>
              <Link
                href={group.page ? carry(group.page) : carry(`/${group.of}`, group.query as Record<string, string>)}
              >
                {group.title} <b className="num">{answer.data?.total}</b>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      {notes.length > 0 ? (
        <ul className="lines inner">
          {notes.map((n) => (
            <NoteLine key={n.id} note={n as Note} />
          ))}
        </ul>
      ) : null}
    </Sheet>
  )
}

function NoteLine({ note: n }: { note: Note }) {
  const { set } = useAddress()
  const open = () =>
    set({ number: questionText({ measure: n.measure, unit: n.unit.id, period: n.period }) }, { push: true })
  return (
    <li className="row">
      <button type="button" className="link" onClick={open}>
        {noteWords(n)}
      </button>
      <Act
        verb="知道了"
        done="已收下"
        size="small"
        run={(_, key) => call('POST', `/watch-notes/${n.id}/reading`, { idempotencyKey: key })}
      />
    </li>
  )
}
