import { type Picking, SearchPicker } from '#web/kit/search-picker.tsx'
import type { Demand } from '../contract.ts'
import { states } from './words.ts'

interface Props extends Picking {
  /** the demand another is looked for to: of the same mechanism, at first the same place and category */
  like: Demand
}

/** Finds an open demand: what lies near at once, anything by number or title. */
export const DemandPicker = ({ like, ...picking }: Props) => (
  <SearchPicker<Demand>
    {...picking}
    path="/demands"
    ask={(search) => ({
      ...(search ? { search } : { unit: like.placeId, category: like.category }),
      mechanism: like.mechanismId,
      state: 'registered,dispatched,disputed,signed',
    })}
    show={(d) => `${d.no} ${d.title}（${states[d.state].word}）`}
    offered={(d) => d.id !== like.id}
    placeholder="编号或标题"
    hint="附近没有同类的，请输入编号或标题查找"
  />
)
