// Every page of the console: address, name, who sees it in the navigation, and where its code is. Pages come when opened.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { hands } from '#web/kit/todo.ts'

export interface PageEntry {
  path: string
  title: string
  /** shown to whoever holds one of these somewhere; empty: to everybody */
  verbs: readonly string[]
  page: LazyExoticComponent<ComponentType>
  /** reached from another page, not from the navigation */
  inner: boolean
  /** other words people search it by */
  also: string
}

type Load = () => Promise<Record<string, ComponentType>>

/** `page('/tasks', '任务', 'renwu', ['task.read'], …)`: the module exports one component, named after its page. */
const page = (path: string, [title, also]: [string, string], verbs: readonly string[], load: Load): PageEntry => ({
  path,
  title,
  also,
  verbs,
  inner: /^\/.+\/|^\/(me|about)$/.test(path),
  page: lazy(async () => {
    const [component] = Object.values(await load())
    return { default: component as ComponentType }
  }),
})

export const pages: readonly PageEntry[] = [
  page('/', ['待办', 'daiban'], hands, () => import('#modules/demands/web/todo.tsx')),
  page(
    '/overview',
    ['总览', 'zonglan daping lingdao'],
    ['figure.read'],
    () => import('#modules/overview/web/overview.tsx'),
  ),
  page('/demands', ['诉求', 'suqiu gongdan'], ['demand.read'], () => import('#modules/demands/web/board.tsx')),
  page(
    '/demands/hotline',
    ['12345 导入', 'rexian daoru gongdan'],
    ['demand.import'],
    () => import('#modules/demands/web/hotline.tsx'),
  ),
  page('/demands/:id', ['诉求详情', ''], ['demand.read'], () => import('#modules/demands/web/demand.tsx')),
  page(
    '/rates',
    ['三率', 'sanlv xiangying jiejue manyi'],
    ['demand.read'],
    () => import('#modules/demands/web/rates.tsx'),
  ),
  page('/tasks', ['任务', 'renwu'], ['task.read'], () => import('#modules/demands/web/tasks.tsx')),
  page(
    '/occasions',
    ['走访检查', 'zoufangjiancha duijiehui yanlian'],
    ['demand.read'],
    () => import('#modules/demands/web/occasions.tsx'),
  ),
  page(
    '/registrations',
    ['双报到', 'shuangbaodao'],
    ['person.read'],
    () => import('#modules/people/web/registrations.tsx'),
  ),
  page('/persons', ['人员', 'renyuan dangyuan'], ['person.read'], () => import('#modules/people/web/persons.tsx')),
  page(
    '/persons/imports',
    ['导入花名册', 'daorumingce huamingce'],
    ['person.import'],
    () => import('#modules/people/web/imports.tsx'),
  ),
  page(
    '/persons/duplicates',
    ['查找重复', 'chazhaochongfu hebing'],
    ['person.merge'],
    () => import('#modules/people/web/duplicates.tsx'),
  ),
  page('/persons/:id', ['人员详情', ''], ['person.read'], () => import('#modules/people/web/person.tsx')),
  page('/posts', ['职务', 'zhiwu renzhi'], ['person.read'], () => import('#modules/people/web/posts.tsx')),
  page('/talents', ['人才', 'rencai yincai'], ['talent.read'], () => import('#modules/people/web/talents.tsx')),
  page('/talents/:id', ['人才详情', ''], ['talent.read'], () => import('#modules/people/web/talent.tsx')),
  page('/units', ['组织树', 'zuzhi danwei'], ['unit.read'], () => import('#modules/units/web/tree.tsx')),
  page('/terms', ['届次', 'jieci huanjie jieman'], ['unit.read'], () => import('#modules/units/web/terms.tsx')),
  page(
    '/units/change',
    ['机构调整', 'jigoutiaozheng hebing chaifen'],
    ['unit.reorganise'],
    () => import('#modules/units/web/change.tsx'),
  ),
  page(
    '/units/imports',
    ['导入单位', 'daorudanwei quhua'],
    ['unit.import'],
    () => import('#modules/units/web/imports.tsx'),
  ),
  page(
    '/units/plates',
    ['打印二维码', 'dayinerweima menpai'],
    ['unit.read'],
    () => import('#modules/units/web/plates.tsx'),
  ),
  page('/figures', ['数字', 'shuzi zhibiao'], ['figure.read'], () => import('#modules/figures/web/explorer.tsx')),
  page(
    '/figures/definitions',
    ['指标口径', 'zhibiao koujing dingyi'],
    ['figure.read'],
    () => import('#modules/figures/web/definitions.tsx'),
  ),
  page('/figures/:id', ['数字详情', ''], ['figure.read'], () => import('#modules/figures/web/figure.tsx')),
  page('/editions', ['统计期', 'tongjiqi'], ['figure.read'], () => import('#modules/figures/web/editions.tsx')),
  page('/editions/:id', ['统计期详情', ''], ['figure.read'], () => import('#modules/figures/web/edition.tsx')),
  page('/reports', ['综述', 'zongshu gaojian'], ['report.read'], () => import('#modules/reports/web/reports.tsx')),
  page(
    '/reports/verify',
    ['核验文档', 'heyanwendang'],
    ['report.read'],
    () => import('#modules/reports/web/verify.tsx'),
  ),
  page('/reports/:id', ['稿件', ''], ['report.read'], () => import('#modules/reports/web/manuscript.tsx')),
  page('/coverage', ['宣传', 'xuanchuan baodao'], ['report.read'], () => import('#modules/reports/web/coverage.tsx')),
  page('/drafts', ['核稿', 'hegao wengao jiaodui'], ['report.read'], () => import('#modules/reports/web/draft.tsx')),
  page('/mechanisms', ['机制', 'jizhi'], ['mechanism.read'], () => import('#modules/mechanisms/web/list.tsx')),
  page('/accounts', ['账号', 'zhanghao'], ['account.read'], () => import('#modules/access/web/accounts.tsx')),
  page('/mandates', ['授权', 'shouquan'], ['account.read'], () => import('#modules/access/web/mandates.tsx')),
  page(
    '/exports',
    ['导出审批', 'daochu shenpi'],
    ['person.read', 'figure.export', 'export.approve'],
    () => import('#modules/exports/web/exports.tsx'),
  ),
  page(
    '/webhooks',
    ['消息推送', 'xiaoxituisong webhook'],
    ['webhook.manage'],
    () => import('#modules/notices/web/webhooks.tsx'),
  ),
  page('/history', ['历史', 'lishi shenji'], ['history.read'], () => import('#modules/access/web/history.tsx')),
  page(
    '/forms',
    ['报表登记', 'baobiao dengji'],
    ['form.write', 'form.approve'],
    () => import('#modules/forms/web/list.tsx'),
  ),
  page('/forms/draft', ['登记报表', ''], ['form.write'], () => import('#modules/forms/web/draft.tsx')),
  page('/forms/:id', ['报表', ''], ['form.read'], () => import('#modules/forms/web/one.tsx')),
  page('/asks', ['填报', 'tianbao'], ['form.fill'], () => import('#modules/forms/web/asks.tsx')),
  page('/asks/:id', ['填报内容', ''], ['form.read'], () => import('#modules/forms/web/fill.tsx')),
  page('/burden', ['基层负担', 'jiceng fudan jianfu'], ['form.read'], () => import('#modules/forms/web/burden.tsx')),
  page(
    '/feedback',
    ['意见办理', 'yijian banli tousu jianyi fankui'],
    ['feedback.read'],
    () => import('#modules/feedback/web/list.tsx'),
  ),
  page('/feedback/:id', ['意见办理详情', ''], ['feedback.read'], () => import('#modules/feedback/web/one.tsx')),
  page('/about', ['关于本系统', 'guanyu beian gongneng'], [], () => import('#modules/feedback/web/about.tsx')),
  page('/me', ['我的记录', 'wode jilu'], [], () => import('#modules/access/web/record.tsx')),
]

/** Address keys of what is open for the moment, on any page; and where in the list one stands. */
const passing = [
  'page',
  'new',
  'edit',
  'task',
  'number',
  'change',
  'deliveries',
  'batch',
  'one',
  'other',
  'watches',
  'feedback',
]
/** Keys that open a drawer on one page and say what is listed on another. */
const opens: Readonly<Record<string, readonly string[]>> = {
  '/terms': ['term'],
  '/occasions': ['occasion'],
  '/talents': ['event'],
  '/figures/definitions': ['measure'],
}

/** What of a page’s address is no part of a view of it. */
export const passingOf = (path: string): readonly string[] => [...passing, ...(opens[path] ?? [])]

/** What stands together in the navigation: by what people come to do, each page once. */
const groups: readonly [title: string, paths: readonly string[]][] = [
  ['工作台', ['/', '/overview']],
  ['为民办事', ['/demands', '/wishes', '/tasks', '/occasions', '/rates', '/feedback']],
  ['组织与人员', ['/units', '/terms', '/persons', '/posts', '/registrations', '/talents']],
  ['数字与文稿', ['/figures', '/editions', '/reports', '/drafts', '/coverage']],
  ['报表', ['/asks', '/forms', '/burden']],
  ['管理', ['/mechanisms', '/accounts', '/mandates', '/exports', '/webhooks', '/history']],
]
const OTHERS = '其他'

/** The given pages in their groups; what no group names stands at the end, so that no page is lost. */
export function groupsOf(shown: readonly PageEntry[]): { title: string; pages: PageEntry[] }[] {
  const named = new Map(groups.flatMap(([title, paths]) => paths.map((path) => [path, title] as const)))
  const titles = [...groups.map(([title]) => title), OTHERS]
  const place = new Map([...named.keys()].map((path, at) => [path, at]))
  const ordered = shown.toSorted((a, b) => (place.get(a.path) ?? 99) - (place.get(b.path) ?? 99))
  const found = Map.groupBy(ordered, (p) => named.get(p.path) ?? OTHERS)
  return titles.flatMap((title) => {
    const held = found.get(title)
    return held ? [{ title, pages: held }] : []
  })
}
