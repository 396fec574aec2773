import { problems } from '#core/errors.ts'

export * from './contract/import.ts'
export * from './contract/merge.ts'
export * from './contract/names.ts'
export * from './contract/person.ts'
export * from './contract/registration.ts'
export * from './contract/talent.ts'
export * from './contract/tie.ts'

export const verbs = [
  'person.read',
  'person.reveal',
  'person.write',
  'person.import',
  'person.merge',
  'registration.confirm',
  'registration.make',
] as const

export const fail = problems('person', {
  'not-found': { status: 404, text: '没有找到这个人，或者不在您的查看范围内。' },
  'no-person': { status: 409, text: '您的账号还没有与本人的登记关联，请联系所在党组织。' },
  duplicate: {
    status: 409,
    text: '这个证件号码已登记在{name}（{unit}）名下，请核对：同一个人请直接使用原有记录，不是同一个人请改正号码。',
    ground: 'ID-01',
  },
  'unknown-code': { status: 422, text: '“{value}”不在{table}代码表内。', ground: 'domain 2.3' },
  'nothing-to-reveal': { status: 404, text: '此人没有登记这一项。' },
  'reveal-limit': { status: 429, text: '一小时内最多查看{limit}人次的完整信息，请稍后再看。', ground: 'A-46' },
  'not-an-organisation': { status: 422, text: '“{unit}”不是党组织，不能在这里建立组织关系。' },
  'not-a-place': { status: 422, text: '“{unit}”不是社区、村等地方，不能在这里报到。', ground: 'SB-01' },
  'unit-closed': { status: 422, text: '“{unit}”已于{day}撤销，请选择承接的单位。', ground: 'ORG-02' },
  'formal-exists': {
    status: 409,
    text: '此人在这段时间已有正式组织关系（{unit}，自{from}起），一名党员同时只能有一个，请办理转接。',
    ground: 'BR-06',
  },
  'tie-exists': { status: 409, text: '这段时间已有同样的登记，请勿重复。' },
  'no-formal': { status: 409, text: '此人目前没有正式组织关系，无法办理。' },
  'not-probationary': { status: 409, text: '此人目前不是预备党员，不能办理转正。' },
  'same-unit': { status: 422, text: '转入和转出是同一个组织。' },
  'bad-day': { status: 422, text: '日期须在{from}之后、不晚于{to}。' },
  'tie-not-found': { status: 404, text: '没有找到这条登记，或者不在您的查看范围内。' },
  'tie-ended': { status: 409, text: '这条登记已经结束，不能再改。' },
  'already-registered': { status: 409, text: '此人已在{place}报到，请先在原社区结束报到再办理。', ground: 'SB-01' },
  'not-registered': { status: 409, text: '尚未在社区报到，或社区还没有签收。', ground: 'SB-01' },
  'registration-state': { status: 409, text: '这条报到已是“{state}”，不能再办理。' },
  'merge-self': { status: 422, text: '两条记录是同一个人，不必合并。' },
  'merge-overlap': {
    status: 409,
    text: '两条记录在同一时间各有{what}，请先结束其中一个再合并。',
    ground: 'BR-06、SB-01',
  },
  'merge-number': {
    status: 409,
    text: '主记录没有公民身份号码，另一条有：请把有号码的一条作为主记录。',
    ground: 'ID-01',
  },
  'merge-derived': { status: 422, text: '主记录已有公民身份号码，性别和出生日期以号码为准，不能另取。', ground: '2.1' },
  'apart-already': { status: 409, text: '这两条已确认不是同一人。' },
  'merge-not-found': { status: 404, text: '没有找到这次合并，或者已经撤销。' },
  'roster-headers': {
    status: 422,
    text: '没有找到花名册的表头：{reason}。请使用模板，或检查表头行。',
    ground: 'IMP-7',
  },
  'import-not-found': { status: 404, text: '没有找到这次导入，或者不是您上传的。' },
  'import-other-file': { status: 409, text: '确认的文件与预检的文件不一致，请重新上传预检。', ground: 'A-33' },
  'import-stale': {
    status: 409,
    text: '预检之后情况有变化（{count}行已由他人录入、撤销或不再归您管理），请重新上传预检。',
    ground: 'IM-13',
  },
  'import-has-errors': {
    status: 409,
    text: '还有{count}行有错误。请改正后重新上传，或选择“仅导入正确行”。',
    ground: 'IMP-4',
  },
  'import-state': { status: 409, text: '这次导入已是“{state}”，不能再办理。' },
  'import-too-late': { status: 409, text: '导入已超过24小时，不能整批撤销，请逐人办理。', ground: 'IMP-6' },
  'import-expired': { status: 409, text: '预检已过期（保留7天），请重新上传。', ground: 'PRV-04' },
})
