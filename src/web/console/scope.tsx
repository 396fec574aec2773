// Left: the unit tree is the scope. Children come when opened, so a million units stay quick; the choice lives in the address.
import { useQueries } from '@tanstack/react-query'
import { Input, Segmented, Tree } from 'antd'
import { type Key, useEffect, useMemo, useRef, useState } from 'react'
import type { Me } from '#modules/access/contract.ts'
import type { Unit } from '#modules/units/contract.ts'
import { useAddress } from '#web/kit/address.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { listUnits } from '#web/kit/units.tsx'

interface Node {
  key: string
  title: React.ReactNode
  isLeaf: boolean
  selectable: boolean
  children?: Node[]
}

const batch = 200

const titleOf = (u: Unit) => (
  <span title={`${u.name}（${u.kindName}）`}>
    {u.name}
    <span className="kind">{u.kindName}</span>
  </span>
)

/** One question per opened unit and started page of children; all of them kept while the tree is on the screen. */
function useTree(
  tree: 'place' | 'org',
  on: string | undefined,
  opened: readonly string[],
  pages: ReadonlyMap<string, number>,
) {
  const wanted = ['', ...opened].flatMap((parent) =>
    Array.from({ length: pages.get(parent) ?? 1 }, (_, i) => ({ parent, offset: i * batch })),
  )
  const answers = useQueries({
    queries: wanted.map(({ parent, offset }) => {
      const query = { tree, on, parent: parent || undefined, limit: batch, offset }
      return { queryKey: ['/units', query], queryFn: () => listUnits(query), staleTime: 60_000 }
    }),
  })
  const children = new Map<string, { rows: Unit[]; total: number }>()
  for (const [i, { parent }] of wanted.entries()) {
    const data = answers[i]?.data
    if (!data) continue
    const before = children.get(parent)?.rows ?? []
    children.set(parent, { rows: [...before, ...data.rows], total: data.total })
  }
  return {
    children,
    error: answers[0]?.error,
    retry: () => void answers[0]?.refetch(),
    waiting: answers[0]?.isPending ?? true,
  }
}

function nodesOf(children: Map<string, { rows: Unit[]; total: number }>, parent: string): Node[] {
  const found = children.get(parent)
  if (!found) return []
  const nodes: Node[] = found.rows.map((u) => ({
    key: u.id,
    title: titleOf(u),
    isLeaf: u.children === 0,
    selectable: true,
    ...(children.has(u.id) ? { children: nodesOf(children, u.id) } : {}),
  }))
  const rest = found.total - found.rows.length
  if (rest > 0)
    nodes.push({
      key: `more:${parent}`,
      title: (
        <span className="quiet">
          再列 {Math.min(rest, batch)} 个（还有 {rest} 个）
        </span>
      ),
      isLeaf: true,
      selectable: true,
    })
  return nodes
}

export function Scope({ me }: { me: Me }) {
  const { get, set } = useAddress()
  const own = me.mandates[0]?.tree ?? 'place'
  const [tree, setTree] = useState<'place' | 'org'>('place')
  const [words, setWords] = useState('')
  const on = get('on')
  const unit = get('unit')
  const choose = (id: string | null) => set({ unit: id, page: null })
  return (
    <>
      <div className="scope-head">
        <Segmented
          block
          size="small"
          value={tree}
          onChange={(v) => setTree(v as 'place' | 'org')}
          options={[
            { value: 'place', label: '地方' },
            { value: 'org', label: own === 'org' ? '党组织·部门' : '党组织' },
          ]}
        />
        <Input.Search
          size="small"
          allowClear
          placeholder="名称、拼音或代码"
          aria-label="查找单位"
          onSearch={setWords}
          onChange={(e) => e.target.value === '' && setWords('')}
        />
        <button
          type="button"
          className="scope-all"
          style={{ margin: 0, width: '100%' }}
          aria-pressed={!unit}
          onClick={() => choose(null)}
        >
          全部可见范围<span className="kind">含下级</span>
        </button>
      </div>
      {words ? (
        <Hits key={`${tree} ${words} ${on}`} tree={tree} words={words} on={on} unit={unit} choose={choose} />
      ) : (
        <Branches key={`${tree} ${on}`} tree={tree} on={on} unit={unit} choose={choose} />
      )}
      <div className="scope-foot">选中单位后，各页只看该单位及下级</div>
    </>
  )
}

interface PartProps {
  tree: 'place' | 'org'
  on: string | undefined
  unit: string | undefined
  choose: (id: string | null) => void
}

function useHeight() {
  const box = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(400)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => entry && setHeight(entry.contentRect.height))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { box, height }
}

function Branches({ tree, on, unit, choose }: PartProps) {
  const [expanded, setExpanded] = useState<string[]>([])
  const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map())
  const { children, error, retry, waiting } = useTree(tree, on, expanded, pages)
  const { box, height } = useHeight()
  const roots = children.get('')?.rows
  const only = roots?.length === 1 ? roots[0]?.id : undefined
  // A single root is opened at once: one click less, every time.
  useEffect(() => {
    if (only) setExpanded((e) => (e.length === 0 ? [only] : e))
  }, [only])
  const data = useMemo(() => nodesOf(children, ''), [children])
  const select = (keys: Key[]) => {
    const key = String(keys[0] ?? '')
    if (key.startsWith('more:')) setPages((p) => new Map(p).set(key.slice(5), (p.get(key.slice(5)) ?? 1) + 1))
    else choose(key || null)
  }
  return (
    <div className="scope-tree" ref={box}>
      {error ? (
        <ErrorState error={error} retry={retry} />
      ) : waiting ? (
        <Loading />
      ) : (
        <Tree<Node>
          virtual
          height={height}
          blockNode
          treeData={data}
          loadData={async () => {}}
          expandedKeys={expanded}
          onExpand={(keys) => setExpanded(keys.map(String))}
          selectedKeys={unit ? [unit] : []}
          onSelect={select}
        />
      )}
    </div>
  )
}

function Hits({ tree, words, on, unit, choose }: PartProps & { words: string }) {
  const query = { search: words, tree, on, limit: 50 }
  const [answer] = useQueries({ queries: [{ queryKey: ['/units', query], queryFn: () => listUnits(query) }] })
  if (answer?.error) return <ErrorState error={answer.error} />
  if (!answer?.data) return <Loading />
  return (
    <div className="scope-tree">
      {answer.data.rows.map((u) => (
        <button
          type="button"
          key={u.id}
          className="scope-all"
          aria-pressed={u.id === unit}
          onClick={() => choose(u.id)}
        >
          {titleOf(u)}
        </button>
      ))}
      <p className="quiet" style={{ padding: '6px 12px' }}>
        {answer.data.total === 0
          ? '没有找到，请换一个名称、拼音首字母或代码。'
          : answer.data.total > 50
            ? `共 ${answer.data.total} 个，只列前 50 个，请再写具体些。`
            : `共 ${answer.data.total} 个`}
      </p>
    </div>
  )
}
