// A roster that was committed: stored already, or on its way.
import { show } from '../table.ts'

export function renderCommitted(json: unknown): string {
  const { id, state } = json as { id: string; state: string }
  if (state === 'committed') return show(json)
  return `正在导入：行数较多，由系统接着办，不必等候。\n看结果：jishi people import show ${id}（state 为 committed 即已导入；退回 checked 时原因见 refused）`
}
