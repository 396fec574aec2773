import { moment, leftUntil, shortMoment, useNow } from './time.ts'

/** Time left or overdue in words, always with the exact instant; colour never carries the meaning alone. */
export function Clock({ dueAt, provisional, label }: { dueAt: string | null; provisional?: boolean; label?: string }) {
  const now = useNow()
  if (!dueAt) return <span className="quiet">—</span>
  const { tone, words } = leftUntil(dueAt, now)
  return (
    <span
      className={`clock ${tone}`}
      title={`${label ?? '时限'} ${moment(dueAt)}${provisional ? '（暂算：该年工作日历尚未公布）' : ''}`}
    >
      <b>{words}</b>
      <time dateTime={dueAt}>{shortMoment(dueAt, now)}</time>
      {provisional ? <span className="quiet">暂算</span> : null}
    </span>
  )
}

export type Tone = 'plain' | 'act' | 'done' | 'off' | 'soon' | 'late'

export const StateTag = ({ tone = 'plain', children }: { tone?: Tone; children: string }) => (
  <span className={`state ${tone}`}>{children}</span>
)
