import { problems } from '#core/errors.ts'

export * from './contract/change.ts'
export * from './contract/import.ts'
export * from './contract/register.ts'
export * from './contract/terms.ts'
export * from './contract/unit.ts'

export const verbs = ['unit.read', 'unit.reorganise', 'unit.link', 'unit.import'] as const

export const fail = problems('unit', {
  'not-found': { status: 404, text: '没有找到这个单位，或者不在您的查看范围内。' },
  'not-on-day': { status: 404, text: '这个单位在{day}尚未设立或已经撤销。' },
  'unknown-kind': { status: 422, text: '没有“{kind}”这种单位类别，或它不属于这棵树。' },
  'outside-life': {
    status: 422,
    text: '“{unit}”在{day}尚未设立或已经撤销，请核对日期（设立于{opened}）。',
    ground: 'ORG-03',
  },
  'operation-later': {
    status: 422,
    text: '单项变动的日期{day}晚于本决定的生效日期{effective}，请改早或另作一项决定。',
  },
  cycle: { status: 422, text: '“{unit}”不能隶属于自己或自己的下级（{day}起会形成循环）。' },
  'second-root': { status: 422, text: '每棵树只能有一个根单位，不能再设第二个。' },
  'root-stays': { status: 422, text: '“{unit}”是根单位，不能移动、合并或撤销。' },
  'too-deep': { status: 422, text: '“{unit}”所在的层级超过32级。' },
  'other-tree': { status: 422, text: '“{unit}”与“{other}”不属于同一棵树，行政区划和党组织不能互相隶属或合并。' },
  'parent-not-open': {
    status: 422,
    text: '“{unit}”的上级“{parent}”在{day}尚未设立或已经撤销，请先为它安排上级。',
    ground: 'ORG-01',
  },
  'has-children': {
    status: 422,
    text: '“{unit}”还有下级单位（如“{child}”），请先把它们移走、合并或一并撤销。',
    ground: 'ORG-01',
  },
  'later-changes': { status: 422, text: '“{unit}”在{day}还有变动，不能在此之前撤销或合并。', ground: 'ORG-03' },
  'child-unassigned': {
    status: 422,
    text: '拆分“{unit}”时，下级“{child}”没有明确归属，或归属了不止一处。',
    ground: 'ORG-02',
  },
  'rest-unassigned': { status: 422, text: '“{unit}”自身的人员和事项，只能由拆分后的一个单位承接。', ground: 'ORG-01' },
  'same-unit': { status: 422, text: '“{unit}”不能并入自己或由自己接替。' },
  'code-taken': { status: 422, text: '代码 {code} 已被“{unit}”使用。' },
  'id-taken': { status: 422, text: '新设单位的编号已被使用，请重新生成。' },
  'not-settled': { status: 422, text: '“{unit}”还有{what}，请先办结或移交，再撤销或合并。', ground: 'ORG-01' },
  'too-many-units': { status: 422, text: '本次变动涉及单位过多（{count}个），请分几次办理。' },
  'not-planned': { status: 409, text: '这项变动已经执行或已取消，不能再取消。' },
  'link-exists': { status: 409, text: '这两个单位在这段时间已有同样的关系。' },
  'link-ended': { status: 409, text: '这项关系已经结束。' },
  'link-shape': { status: 422, text: '服务关系应由党组织指向行政区划中的地方。' },
  'link-days': { status: 422, text: '结束日期应晚于开始日期（{from}）。' },
  'import-no-code': { status: 422, text: '“{unit}”没有12位区划代码，不能在它下面导入全国区划表。' },
  'import-header': {
    status: 422,
    text: '没有找到表头：第一张表须有“代码、名称、类别”三列，“上级代码、排序”可选；每列只能出现一次。',
  },
  'import-problems': {
    status: 422,
    text: '文件中有{count}处问题，没有导入任何一行，请改正后重新预览。',
    ground: 'A-33',
  },
  'import-not-found': { status: 404, text: '没有找到这次导入，或者不是您上传的。' },
  'import-not-in': { status: 409, text: '这次导入还没有存入，或者没有存成，不用撤销。' },
  'divisions-later': {
    status: 422,
    text: '全国区划代码表不能自以后的日期起导入，请选今天或者以前的日期；以后的调整请在“机构调整”里计划。',
  },
  'import-undone': { status: 409, text: '这次导入已经撤销。' },
  'import-too-late': {
    status: 409,
    text: '导入生效已超过24小时，不能整批撤销，请用机构调整逐个更正。',
    ground: 'IMP-6',
  },
  'import-changed': { status: 409, text: '提交的文件与预览的不是同一份，请重新预览。', ground: 'A-33' },
})
