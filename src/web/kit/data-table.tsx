// The list of the house: sticky head, 序号, column chooser, sort, exact total, server paging, selection with batch bar, total
// row, export of exactly what is shown, print. All of it lives in the address.
import { Button, Checkbox, Pagination, Popover, Table, type TableProps } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type Key, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import type { TableFormat } from '#core/table.ts'
import { call } from '#web/api.ts'
import { useAddress } from './address.ts'
import { exportList } from './export.ts'
import { openRow, useRowKeys } from './keys.ts'
import type { Column, ListOf, Query } from './list.ts'
import { PrintFoot, PrintHead } from './page.tsx'
import { usePrinting } from './printing.ts'
import { useMe } from './session.ts'
import { SaveAs, SaveFrom } from './save-as.tsx'
import { ErrorState, Loading } from './states.tsx'

export type { Column, ListOf, Query } from './list.ts'

export interface DataTableProps<T extends object> {
  name: string
  title: string
  unit?: string | undefined
  path: string
  query: Query
  columns: Column<T>[]
  /** what Enter does with a row, where that is not what its first link does */
  onOpen?: (row: T) => void
  renderBatch?: (rows: T[], clear: () => void) => ReactNode
  empty: ReactNode
  open?: string | undefined
  /** the whole list comes at once: no paging is asked for */
  all?: boolean
  /** where rows have no id of their own */
  rowId?: (row: T) => string
  /** rows are of persons: the server makes the file, under its rules for those; operationId of the list */
  persons?: string | undefined
  /** refreshed so often, in milliseconds, where no live updates come */
  every?: number
}

const idOf = <T extends object>(p: Pick<DataTableProps<T>, 'rowId'>, row: T) =>
  p.rowId?.(row) ?? (row as { id: string }).id

const sizes = [20, 50, 100, 200]

/** Columns shown: those of the address, or all that are not extra. */
function useColumns<T>(columns: Column<T>[]) {
  const { get, set } = useAddress()
  const wished = get('cols')?.split('.')
  const shown = columns.filter((c) => (wished ? wished.includes(c.id) : !c.extra))
  const toggle = (id: string, on: boolean) => {
    const next = columns.filter((c) => (c.id === id ? on : shown.includes(c))).map((c) => c.id)
    set({
      cols:
        next.join('.') ===
        columns
          .filter((c) => !c.extra)
          .map((c) => c.id)
          .join('.')
          ? null
          : next.join('.'),
    })
  }
  return { shown, toggle }
}

export function useList<T>(path: string, query: Query, every?: number) {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => call<ListOf<T>>('GET', path, { query, signal }),
    placeholderData: keepPreviousData,
    ...(every ? { refetchInterval: every } : {}),
  })
}

const saidTotal = ({ total, more }: { total: number; more?: boolean }) =>
  more
    ? `超过 ${total.toLocaleString('zh-CN')} 条，列出前 ${total.toLocaleString('zh-CN')} 条；请输入更多文字缩小范围`
    : `共 ${total.toLocaleString('zh-CN')} 条`

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const { get, set } = useAddress()
  const [selected, setSelected] = useState<Key[]>([])
  const [page, size] = [Number(get('page') ?? 1), Number(get('size') ?? 50)]
  const sort = get('sort')
  const query = {
    ...props.query,
    sort: props.columns.some((c) => c.sort?.up === sort || c.sort?.down === sort) ? sort : undefined,
  }
  const list = useList<T>(
    props.path,
    props.all ? query : { ...query, limit: size, offset: (page - 1) * size },
    props.every,
  )
  const { shown, toggle } = useColumns(props.columns)
  const paper = usePrinting()
  const rows = list.data?.rows ?? []
  const chosen = rows.filter((r) => selected.includes(idOf(props, r)))
  const clear = () => setSelected([])
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />
  return (
    <>
      <PrintHead title={props.title} unit={props.unit} />
      {props.renderBatch && chosen.length > 0 ? (
        <div className="batch" role="toolbar" aria-label="批量办理">
          <span>已选 {chosen.length} 条</span>
          {props.renderBatch(chosen, clear)}
          <Button type="text" onClick={clear}>
            取消选择
          </Button>
        </div>
      ) : null}
      <Rows
        {...props}
        rows={rows}
        shown={paper ? shown.filter((c) => c.text) : shown}
        paper={paper}
        from={(page - 1) * size}
        loading={list.isPending}
        stale={list.isPlaceholderData}
        selected={selected}
        select={setSelected}
        sort={sort}
      />
      <div className="list-foot">
        <span aria-live="polite">{list.data ? saidTotal(list.data) : ''}</span>
        <Tools {...props} query={query} total={list.data?.total ?? 0} shown={shown} toggle={toggle} />
        <span style={{ flex: 1 }} />
        {list.data && !props.all && list.data.total > sizes[0]! ? (
          <Pagination
            size="small"
            current={page}
            pageSize={size}
            total={list.data.total}
            pageSizeOptions={sizes}
            showSizeChanger
            showQuickJumper={list.data.total > size * 7}
            onChange={(p, s) => set({ page: p === 1 || s !== size ? null : p, size: s === 50 ? null : s })}
          />
        ) : null}
      </div>
      <PrintFoot />
    </>
  )
}

interface RowsProps<T extends object> extends DataTableProps<T> {
  paper: boolean
  rows: T[]
  shown: Column<T>[]
  from: number
  loading: boolean
  stale: boolean
  selected: Key[]
  select: (keys: Key[]) => void
  sort: string | undefined
}

function Rows<T extends object>(p: RowsProps<T>) {
  if (p.loading) return <Loading lines={10} />
  if (p.rows.length === 0) return <>{p.empty}</>
  return <Body {...p} />
}

function Body<T extends object>(p: RowsProps<T>) {
  const { set } = useAddress()
  const box = useRef<HTMLDivElement>(null)
  const here = useListKeys(p, box)
  useWide(box, p.title)
  const order = (c: Column<T>) =>
    p.sort && p.sort === c.sort?.up
      ? ('ascend' as const)
      : p.sort && p.sort === c.sort?.down
        ? ('descend' as const)
        : null
  const columns: TableProps<T>['columns'] = [
    { title: '序号', key: 'seq', width: 52, className: 'seq', render: (_, __, i) => p.from + i + 1 },
    ...p.shown.map((c) => ({
      title: c.title,
      key: c.id,
      ...(c.width && !p.paper ? { width: c.width } : {}),
      ...(c.align ? { align: c.align, className: 'num' } : {}),
      ...(c.sort
        ? {
            sorter: true,
            sortOrder: order(c),
            showSorterTooltip: false,
            sortDirections: [c.sort.up && ('ascend' as const), c.sort.down && ('descend' as const)].filter(
              (x): x is 'ascend' | 'descend' => Boolean(x),
            ),
          }
        : {}),
      render: (_: unknown, row: T) => c.render(row),
    })),
  ]
  const renderSums = () => <Sums {...p} />
  return (
    <div ref={box} data-rows={p.name}>
      <Table<T>
        rowKey={(row) => idOf(p, row)}
        size="small"
        columns={columns}
        dataSource={p.rows}
        pagination={false}
        // A record may well have a field named `children`; it is not a nested row.
        expandable={{ childrenColumnName: 'rowsBelow' }}
        {...(p.paper
          ? {}
          : {
              scroll: { x: p.shown.reduce((n, c) => n + (c.width ?? 160), p.renderBatch ? 92 : 56) },
              sticky: { getContainer: () => document.querySelector('main') ?? document.body },
            })}
        {...(p.renderBatch && !p.paper
          ? { rowSelection: { selectedRowKeys: p.selected, onChange: p.select, columnWidth: 36 } }
          : {})}
        rowClassName={(row) => (idOf(p, row) === p.open || idOf(p, row) === here ? 'here' : '')}
        onRow={() => ({ tabIndex: -1 })}
        style={p.stale ? { opacity: 0.6 } : {}}
        onChange={(_, __, sorter) => {
          const s = Array.isArray(sorter) ? sorter[0] : sorter
          const c = p.columns.find((x) => x.id === s?.columnKey)
          set({ sort: s?.order === 'descend' ? c?.sort?.down : s?.order === 'ascend' ? c?.sort?.up : null, page: null })
        }}
        {...(p.columns.some((c) => c.sum) ? { summary: renderSums } : {})}
      />
    </div>
  )
}

/** A table wider than its place is scrolled by keyboard as well. */
export function useWide(box: RefObject<HTMLDivElement | null>, label: string) {
  useEffect(() => {
    const inner = box.current?.querySelector<HTMLElement>('.ant-table-body, .ant-table-content')
    if (!inner) return
    const watch = new ResizeObserver(() => {
      const wide = inner.scrollWidth > inner.clientWidth
      for (const [name, value] of [
        ['tabindex', '0'],
        ['role', 'region'],
        ['aria-label', `${label}，可左右滚动`],
      ] as const)
        if (wide) inner.setAttribute(name, value)
        else inner.removeAttribute(name)
    })
    watch.observe(inner)
    return () => watch.disconnect()
  }, [box, label])
}

/** j/k to a row, x to select it where rows can be selected, Enter to open it. */
function useListKeys<T extends object>(p: RowsProps<T>, box: RefObject<HTMLDivElement | null>) {
  const rowOf = (id: string) => p.rows.find((row) => idOf(p, row) === id)
  const select = (id: string) =>
    p.select(p.selected.includes(id) ? p.selected.filter((k) => k !== id) : [...p.selected, id])
  return useRowKeys(
    p.rows.map((row) => idOf(p, row)),
    {
      open: (id, line) => {
        const row = rowOf(id)
        if (p.onOpen && row) p.onOpen(row)
        else openRow(line)
      },
      select: p.renderBatch ? select : undefined,
    },
    box,
  )
}

function Sums<T extends object>({ rows, shown, renderBatch: batch }: RowsProps<T>) {
  const first = batch ? 1 : 0
  return (
    <Table.Summary fixed="bottom">
      <Table.Summary.Row>
        {batch ? <Table.Summary.Cell index={0} /> : null}
        <Table.Summary.Cell index={first}>合计</Table.Summary.Cell>
        {shown.map((c, i) => (
          <Table.Summary.Cell key={c.id} index={first + 1 + i} align={c.sum ? 'right' : 'left'}>
            {c.sum ? (
              rows.reduce((n, r) => n + (c.sum?.(r) ?? 0), 0).toLocaleString('zh-CN')
            ) : i === 0 ? (
              <span className="quiet">本页 {rows.length} 条</span>
            ) : null}
          </Table.Summary.Cell>
        ))}
      </Table.Summary.Row>
    </Table.Summary>
  )
}

function Tools<T extends object>({
  columns,
  shown,
  toggle,
  title,
  path,
  query,
  total,
  unit,
  all,
  persons,
}: DataTableProps<T> & { shown: Column<T>[]; toggle: (id: string, on: boolean) => void; total: number }) {
  const me = useMe()
  const [progress, setProgress] = useState<number | null>(null)
  const save = async (format: TableFormat) => {
    setProgress(0)
    await exportList({
      format,
      title,
      path,
      query,
      columns: shown,
      total,
      unit,
      by: me.name,
      progress: setProgress,
      all,
    }).finally(() => setProgress(null))
  }
  return (
    <span className="row no-print">
      <Popover
        trigger="click"
        placement="topLeft"
        content={
          <div className="stack" style={{ gap: 4 }}>
            {columns.map((c) => (
              <Checkbox
                key={c.id}
                checked={shown.includes(c)}
                disabled={shown.length === 1 && shown.includes(c)}
                onChange={(e) => toggle(c.id, e.target.checked)}
              >
                {c.title}
              </Checkbox>
            ))}
          </div>
        }
      >
        <Button size="small">选列</Button>
      </Popover>
      {persons ? (
        <SaveFrom path={path} query={query} persons={{ operation: persons }} size="small" disabled={total === 0} />
      ) : (
        <SaveAs
          size="small"
          disabled={total === 0}
          label={progress === null ? '导出' : `正在导出 ${progress}/${total}`}
          save={save}
        />
      )}
      <Button size="small" disabled={total === 0} onClick={() => window.print()}>
        打印
      </Button>
      <span className="quiet keys-hint">
        <kbd>?</kbd> 键盘操作
      </span>
    </span>
  )
}
