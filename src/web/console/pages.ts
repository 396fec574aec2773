// Every page of the console: address, name, who sees it in the navigation, and where its code is. Pages come when opened.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

export interface PageEntry {
  path: string
  title: string
  /** shown to whoever holds one of these somewhere; empty: to everybody */
  verbs: readonly string[]
  page: LazyExoticComponent<ComponentType>
  /** reached from another page, not from the navigation */
  inner?: boolean
  /** other words people search it by */
  also?: string
}

const at = (load: () => Promise<Record<string, ComponentType>>, name: string) =>
  lazy(async () => ({ default: (await load())[name] as ComponentType }))

const demandVerbs = [
  'demand.dispatch',
  'demand.sign',
  'demand.answer',
  'demand.call-back',
  'demand.close',
  'demand.review',
]

export const pages: readonly PageEntry[] = [
  {
    path: '/',
    title: '待办',
    verbs: demandVerbs,
    also: 'daiban',
    page: at(() => import('#modules/demands/web/todo.tsx'), 'TodoPage'),
  },
  {
    path: '/demands',
    title: '诉求',
    verbs: ['demand.read'],
    also: 'suqiu gongdan',
    page: at(() => import('#modules/demands/web/board.tsx'), 'DemandBoard'),
  },
  {
    path: '/demands/:id',
    title: '诉求详情',
    verbs: ['demand.read'],
    inner: true,
    page: at(() => import('#modules/demands/web/demand.tsx'), 'DemandPage'),
  },
  {
    path: '/tasks',
    title: '任务',
    verbs: ['task.read'],
    also: 'renwu',
    page: at(() => import('#modules/demands/web/tasks.tsx'), 'TaskBoard'),
  },
  {
    path: '/units',
    title: '组织树',
    verbs: ['unit.read'],
    also: 'zuzhi danwei',
    page: at(() => import('#modules/units/web/tree.tsx'), 'TreePage'),
  },
  {
    path: '/figures',
    title: '数据',
    verbs: ['figure.read'],
    also: 'shuju zhibiao',
    page: at(() => import('#modules/figures/web/figures.tsx'), 'FiguresPage'),
  },
  {
    path: '/figures/:id',
    title: '数据详情',
    verbs: ['figure.read'],
    inner: true,
    page: at(() => import('#modules/figures/web/figure.tsx'), 'FigurePage'),
  },
  {
    path: '/reports',
    title: '综述',
    verbs: ['report.read'],
    also: 'zongshu',
    page: at(() => import('#modules/reports/web/report.tsx'), 'ReportPage'),
  },
]
