// Commands that stand for one operation each; their options come from the operation.
import type { OperationCommand } from '../command.ts'
import { renderFigures } from './figures.ts'
import { renderCommitted } from './roster.ts'
import { renderVerified } from './verify.ts'

const demands: OperationCommand[] = [
  {
    words: 'demands list',
    about: '列出诉求',
    example: 'jishi demands list --state opened --limit 20',
    operation: 'listDemands',
    columns: [
      { key: 'no', title: '编号' },
      { key: 'state', title: '状态' },
      { key: 'title', title: '标题', most: 34 },
      { key: 'placeName', title: '地点', most: 20 },
      { key: 'ownerName', title: '承办', most: 20 },
      { key: 'dueAt', title: '期限' },
      { key: 'late', title: '超期' },
      { key: 'id', title: 'id' },
    ],
  },
  {
    words: 'demands show',
    about: '看一件诉求的全部情况',
    example: 'jishi demands show <id>',
    operation: 'readDemand',
    takes: ['id'],
  },
  {
    words: 'demands open',
    about: '登记一件诉求',
    example:
      'jishi demands open --mechanism-id 365-service --place-id <小区id> --category facility --words "三号楼楼道灯不亮"',
    operation: 'openDemand',
  },
  {
    words: 'demands dispatch',
    about: '派单',
    example: 'jishi demands dispatch <id> --lead-id <承办单位id> --note 请三日内答复',
    operation: 'dispatchDemand',
    takes: ['id'],
  },
  { words: 'demands sign', about: '签收', example: 'jishi demands sign <id>', operation: 'signDemand', takes: ['id'] },
  {
    words: 'demands answer',
    about: '答复办理情况',
    example: 'jishi demands answer <id> --answer "已更换灯具"',
    operation: 'answerDemand',
    takes: ['id'],
  },
  {
    words: 'demands call-back',
    about: '登记回访结果',
    example: 'jishi demands call-back <id> --reached --outcome solved --satisfaction satisfied',
    operation: 'recordCallback',
    takes: ['id'],
  },
  {
    words: 'demands close',
    about: '办结',
    example: 'jishi demands close <id>',
    operation: 'closeDemand',
    takes: ['id'],
  },
]

const tasks: OperationCommand[] = [
  {
    words: 'tasks list',
    about: '列出任务',
    example: 'jishi tasks list --limit 20 --json',
    operation: 'listTasks',
    columns: [
      { key: 'no', title: '编号' },
      { key: 'state', title: '状态' },
      { key: 'title', title: '标题', most: 34 },
      { key: 'placeName', title: '地点', most: 20 },
      { key: 'claimed', title: '已认领' },
      { key: 'capacity', title: '名额' },
      { key: 'id', title: 'id' },
    ],
  },
  {
    words: 'tasks publish',
    about: '发布任务',
    example: 'jishi tasks publish --body @task.json',
    operation: 'publishTask',
  },
  { words: 'tasks claim', about: '认领任务', example: 'jishi tasks claim <id>', operation: 'claimTask', takes: ['id'] },
  {
    words: 'tasks submit',
    about: '提交服务情况',
    example: 'jishi tasks submit <认领id> --body @work.json',
    operation: 'submitWork',
    takes: ['id'],
  },
  {
    words: 'tasks accept',
    about: '验收服务',
    example: 'jishi tasks accept <认领id>',
    operation: 'acceptWork',
    takes: ['id'],
  },
]

const registry: OperationCommand[] = [
  {
    words: 'units list',
    about: '列出单位：某单位的下级、根单位，或按名称、拼音、代码查找',
    example: 'jishi units list --search 望江 --on 2026-01-01',
    operation: 'listUnits',
    columns: [
      { key: 'kindName', title: '类别' },
      { key: 'name', title: '名称' },
      { key: 'code', title: '代码' },
      { key: 'children', title: '下级' },
      { key: 'openedOn', title: '设立' },
      { key: 'id', title: 'id' },
    ],
  },
  {
    words: 'units show',
    about: '看一个单位',
    example: 'jishi units show <id> --on 2026-01-01',
    operation: 'getUnit',
    takes: ['id'],
  },
  {
    words: 'units import',
    about: '从表格导入本区的单位：先预览，再用 --commit <预览给出的 hash> 导入',
    example: 'jishi units import tree.xlsx --under <单位id>',
    operation: 'importUnits',
  },
  {
    words: 'units template',
    about: '下载单位导入模板',
    example: 'jishi units template --out units.xlsx',
    operation: 'getUnitTemplate',
  },
  {
    words: 'units reorganise',
    about: '更名、划转、合并、拆分、撤销',
    example: 'jishi units reorganise --body @change.json',
    operation: 'reorganiseUnits',
  },
  {
    words: 'people list',
    about: '查人（姓名、拼音、首字母、后四位）',
    example: 'jishi people list --search lxm',
    operation: 'listPersons',
  },
  {
    words: 'people import',
    about: '花名册试导入：逐行检查，不存人员；给出编号和 sha256',
    example: 'jishi people import roster.xlsx',
    operation: 'importPeople',
  },
  {
    words: 'people import show',
    about: '看一次试导入的结果',
    example: 'jishi people import show <id>',
    operation: 'readPeopleImport',
    takes: ['id'],
  },
  {
    words: 'people import errors',
    about: '下载有误的行（红字说明）',
    example: 'jishi people import errors <id> --out errors.xlsx',
    operation: 'readImportErrors',
    takes: ['id'],
  },
  {
    words: 'people import commit',
    about: '按试导入的结果正式导入；超过5000行的由系统接着办',
    example: 'jishi people import commit <id> --sha256 <试导入给出的值> --mode all-or-nothing',
    operation: 'commitPeopleImport',
    takes: ['id'],
    render: renderCommitted,
  },
  {
    words: 'people import undo',
    about: '一天之内撤回一次导入',
    example: 'jishi people import undo <id>',
    operation: 'undoPeopleImport',
    takes: ['id'],
  },
  {
    words: 'people template',
    about: '下载花名册模板',
    example: 'jishi people template --out roster.xlsx',
    operation: 'readImportTemplate',
  },
]

const numbers: OperationCommand[] = [
  {
    words: 'figures measures',
    about: '有哪些指标，各是什么口径',
    example: 'jishi figures measures',
    operation: 'listMeasures',
    columns: [
      { key: 'id', title: '指标' },
      { key: 'name', title: '名称' },
      { key: 'classifier', title: '量词' },
      { key: 'definition', title: '口径', most: 70 },
    ],
  },
  {
    words: 'figures read',
    about: '读数：任一单位、任一时期',
    example: 'jishi figures read --measures demands.raised --period 2026 --by child',
    operation: 'readFigures',
    render: renderFigures,
  },
  {
    words: 'figures evidence',
    about: '打开一个数背后的记录，条数就是这个数',
    example: 'jishi figures evidence demands.raised --period 2026-11 --limit 50',
    operation: 'listEvidence',
    takes: ['measure'],
    columns: [
      { key: 'day', title: '日期' },
      { key: 'label', title: '记录', most: 44 },
      { key: 'unitName', title: '单位', most: 24 },
      { key: 'quantity', title: '数量' },
      { key: 'record', title: 'id' },
    ],
  },
  {
    words: 'report templates',
    about: '有哪些综述模板',
    example: 'jishi report templates',
    operation: 'listReportTemplates',
    columns: [
      { key: 'id', title: '模板' },
      { key: 'title', title: '标题' },
    ],
  },
  {
    words: 'report preview',
    about: '预览综述，列出不能付印的措辞及原因',
    example: 'jishi report preview governance --period 2026 --json',
    operation: 'previewReport',
    takes: ['template'],
  },
  {
    words: 'report build',
    about: '生成综述（.docx）；有不实之数则拒绝',
    example: 'jishi report build governance --period 2026 --out 综述.docx',
    operation: 'buildReport',
    takes: ['template'],
  },
  {
    words: 'verify',
    about: '核验基石生成的文档：逐个数说明相符、记录已变、手工改动或已删去',
    example: 'jishi verify 综述.docx',
    operation: 'verifyReport',
    render: renderVerified,
  },
  { words: 'history list', about: '查历史记录', example: 'jishi history list --limit 20', operation: 'listHistory' },
  { words: 'history verify', about: '核验历史记录链', example: 'jishi history verify', operation: 'verifyHistory' },
  { words: 'whoami', about: '我是谁，在哪里有什么权限', example: 'jishi whoami', operation: 'readMe' },
]

export const workCommands = [...demands, ...tasks, ...registry, ...numbers]
