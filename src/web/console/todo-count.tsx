import type { Me } from '#modules/access/contract.ts'
import { useTodoTotals } from '#web/kit/todo.ts'

/** How many things wait for me, exact; nothing is shown while it is not known. */
export function TodoCount({ me }: { me: Me }) {
  const total = useTodoTotals(me).reduce((n: number, t) => n + (t ?? 0), 0)
  return total > 0 ? (
    <span className="count">
      {total > 9999 ? '9999+' : total}
      <span className="unseen">件待办</span>
    </span>
  ) : null
}
