// The functions of the system as they are filed: which addresses of the API and which pages belong to each. [JF-13, JF-15]
// A test holds it to the route table, so a new resource is filed the day it exists.
import { z } from 'zod'
import { day, listOf } from '#core/contract.ts'

interface Filed {
  id: string
  name: string
  about: string
  /** who uses it */
  who: string
  /** 个人信息 it works with */
  personal: string
  /** first parts of the paths below /api */
  api: readonly string[]
  /** beginnings of page addresses */
  pages: readonly string[]
}

const none = '不涉及'

export const filed: readonly Filed[] = [
  {
    id: 'raise',
    name: '居民提诉求',
    about: '扫码提出诉求，凭查询码看进展、评价、要求重办、撤回同意；不用账号，不读取位置',
    who: '居民',
    personal: '诉求内容；姓名、电话可不填',
    api: ['places', 'raised-demands'],
    pages: ['/p', '/f'],
  },
  {
    id: 'demands',
    name: '诉求办理',
    about: '登记、派单、签收、联系、答复、回访、办结，退单、延期、挂账、并单、拆单、剔除、吹哨，三率',
    who: '社区、街道、部门、区级科室',
    personal: '诉求内容和诉求人自愿留下的联系方式，签收后可见',
    api: [
      'demands',
      'demand-batches',
      'demand-counts',
      'occasions',
      'exclusions',
      'hotline-files',
      'hotline-orders',
      'whistles',
      'rates',
      'handling-units',
    ],
    pages: [
      '/console/demands',
      '/console/occasions',
      '/console/rates',
      '/console',
      '/m/todo',
      '/m/take-in',
      '/m/occasions',
    ],
  },
  {
    id: 'tasks',
    name: '任务认领与服务记录',
    about: '发布任务、认领、候补、提交、确认服务时长，本人查看记录和提出异议',
    who: '党员、志愿者、社区',
    personal: '姓名、服务内容和时长，只本人和记录单位可见',
    api: ['tasks', 'task-drafts', 'task-mechanisms', 'claims'],
    pages: ['/console/tasks', '/console/claims', '/m/tasks', '/m/claims', '/m/record'],
  },
  {
    id: 'certificates',
    name: '服务证明查验',
    about: '凭查询码核对服务证明的真伪',
    who: '任何人',
    personal: '证明上载明的姓名、内容和时长',
    api: ['certificates'],
    pages: ['/m/check'],
  },
  {
    id: 'registrations',
    name: '双报到',
    about: '在职党员到居住地社区报到，社区签收、编组、结束',
    who: '在职党员、社区',
    personal: '姓名、所在单位、特长、报到社区',
    api: ['registrations', 'communities'],
    pages: ['/console/registrations', '/m/report-in', '/m/registrations'],
  },
  {
    id: 'persons',
    name: '人员与党员名册',
    about: '人员、组织关系、职务、任期的登记、更正、查重与合并',
    who: '有人员权限的组织工作人员',
    personal: '姓名、性别、出生日期、证件号码（加密）、组织关系、职务',
    api: [
      'persons',
      'person-lookups',
      'person-duplicates',
      'person-merges',
      'person-distinctions',
      'memberships',
      'posts',
      'standings',
      'tenures',
    ],
    pages: ['/console/persons', '/console/posts'],
  },
  {
    id: 'imports',
    name: '名册导入',
    about: '从表格导入名册：先试算，再入库，可撤销',
    who: '区级科室',
    personal: '名册各列，同人员名册',
    api: ['people-imports', 'people-import-template'],
    pages: ['/console/imports'],
  },
  {
    id: 'talents',
    name: '人才工作',
    about: '人才登记、阶段、年度目标、引才活动',
    who: '人才工作部门',
    personal: '姓名、层次、领域、意向（加密，经同意）',
    api: ['talents', 'talent-events', 'talent-targets'],
    pages: ['/console/talents'],
  },
  {
    id: 'units',
    name: '组织树与机构调整',
    about: '地方和党组织两棵树，设立、更名、合并、拆分、撤销，服务关系、联盟、标注、活动',
    who: '组织工作人员',
    personal: none,
    api: [
      'units',
      'unit-changes',
      'unit-imports',
      'unit-kinds',
      'unit-plates',
      'unit-links',
      'unit-alliances',
      'unit-marks',
      'unit-events',
      'terms',
      'term-lights',
      'term-shifts',
    ],
    pages: ['/console/units', '/console/terms', '/console/unit-marks', '/console/unit-events'],
  },
  {
    id: 'mechanisms',
    name: '机制',
    about: '本地机制的名称、设置和有效期',
    who: '区级科室',
    personal: none,
    api: ['mechanisms', 'engines'],
    pages: ['/console/mechanisms'],
  },
  {
    id: 'figures',
    name: '数字',
    about: '任意单位、任意时期的指标，逐级分列，打开到每一条记录',
    who: '各级组织工作人员、区领导',
    personal: '打开到记录时，按各自权限',
    api: ['figures', 'measures', 'facts', 'editions', 'sdmx'],
    pages: ['/console/figures', '/console/editions'],
  },
  {
    id: 'reports',
    name: '综述与核稿',
    about: '由指标写成综述，不真实的数字不能付印；校核别处写的文稿；登记宣传报道',
    who: '区级科室',
    personal: '稿件中引用的讲述者，须经同意',
    api: ['reports', 'report-templates', 'report-documents', 'manuscripts', 'coverage', 'drafts'],
    pages: ['/console/reports', '/console/coverage', '/console/drafts'],
  },
  {
    id: 'overview',
    name: '总览与订阅',
    about: '主要数字、卡在哪里、各单位分布，大屏；本人关注的数字，到期或越线时提醒本人',
    who: '区领导、街道组织委员、各级组织工作人员',
    personal: '不涉及；关注和订阅只有本人可见',
    api: ['overview', 'stuck', 'pins', 'watches', 'watch-notes'],
    pages: ['/console/overview'],
  },
  {
    id: 'exports',
    name: '导出审批',
    about: '含个人信息的文件导出前说明用途，大批量的由另一人批准；谁、何时、为何导出，逐次留痕',
    who: '能查看人员记录的各级组织工作人员；审批为街道、区级科室和区领导',
    personal: '不另外收集；文件中的人员信息按各自权限，证件和手机号码遮盖',
    api: ['exports'],
    pages: ['/console/exports'],
  },
  {
    id: 'webhooks',
    name: '消息推送',
    about: '统计期签署、数字更正时，向运维人员允许的外部系统推送签名消息；不含个人信息',
    who: '系统管理员',
    personal: none,
    api: ['webhooks'],
    pages: ['/console/webhooks'],
  },
  {
    id: 'forms',
    name: '报表登记与填报',
    about: '报表登记、审批、停用，填报（已有的只确认），逐月列出每个单位被要求填什么、谁要求的、预计多少分钟',
    who: '各级组织工作人员、部门',
    personal: '不收集；人员信息只在人员名册维护',
    api: ['forms', 'form-asks', 'form-claims', 'form-label-checks', 'held-items', 'burden'],
    pages: ['/console/forms', '/console/asks', '/console/burden', '/m/asks'],
  },
  {
    id: 'accounts',
    name: '账号与授权',
    about: '开设账号、邀请、授权、委托、停用；系统、安全、审计三员分立',
    who: '三员',
    personal: '登录名、姓名、授权',
    api: ['accounts', 'account-units', 'invitations', 'mandates', 'mandate-requests', 'roles'],
    pages: ['/console/accounts', '/console/mandates'],
  },
  {
    id: 'own',
    name: '登录与本人记录',
    about: '登录、改口令、动态口令，本人的记录和谁看过它',
    who: '有账号的人',
    personal: '登录名、登录时间和来源地址（等保要求）',
    api: ['sessions', 'me', 'live'],
    pages: ['/console/me', '/m/mine', '/m/password', '/m/sign-in', '/m'],
  },
  {
    id: 'history',
    name: '历史（审计）',
    about: '每一步操作的留痕和核验',
    who: '审计管理员',
    personal: '操作人、时间、来源地址',
    api: ['history'],
    pages: ['/console/history'],
  },
  {
    id: 'feedback',
    name: '投诉建议与关于',
    about: '对系统的投诉、建议、报障，限期回复，提出人评价；主办单位、备案、功能清单',
    who: '任何人',
    personal: '反馈内容；姓名、电话可不填，到期删除；不记是谁提的',
    api: ['feedback', 'feedback-codes', 'about', 'functions', 'function-uses'],
    pages: ['/console/feedback', '/console/about', '/m/feedback', '/m/about'],
  },
]

export const SystemFunction = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    about: z.string(),
    who: z.string(),
    personal: z.string(),
    pages: z.array(z.string()),
  })
  .meta({ id: 'SystemFunction' })
export type SystemFunction = z.infer<typeof SystemFunction>

export const FunctionList = listOf(SystemFunction)

export const FunctionUsesQuery = z.strictObject({ from: day.optional(), to: day.optional() })
export type FunctionUsesQuery = z.infer<typeof FunctionUsesQuery>

export const FunctionUses = listOf(
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      looked: z.int().meta({ description: 'times something was looked at, screens that renew themselves included' }),
      done: z.int().meta({ description: 'times something was written' }),
      lastOn: day.nullable().meta({ description: 'last day of use; null: never' }),
    })
    .meta({ id: 'FunctionUse' }),
)
export type FunctionUse = z.infer<typeof FunctionUses>['rows'][number]
