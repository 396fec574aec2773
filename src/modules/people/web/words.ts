import type { DuplicateGround, ImportState, PersonRow, Registration, TakenField } from '../contract.ts'
import type { Tone } from '#web/kit/clock.tsx'

export const sexes: Record<PersonRow['sex'], string> = { '0': '未知', '1': '男', '2': '女', '9': '未说明' }
export const statuses = { full: '正式党员', probationary: '预备党员' } as const

export const registrationStates: Record<Registration['state'], { word: string; tone: Tone }> = {
  reported: { word: '待签收', tone: 'act' },
  confirmed: { word: '已报到', tone: 'done' },
  ended: { word: '已结束', tone: 'off' },
}

export const endings = [
  { value: 'moved', label: '搬离' },
  { value: 'retired', label: '退休' },
  { value: 'left-organ', label: '离开原单位' },
  { value: 'deceased', label: '去世' },
  { value: 'mistaken', label: '登记有误' },
  { value: 'other', label: '其他' },
]

export const politicsChoices = [
  { value: '01', label: '中共党员' },
  { value: '02', label: '中共预备党员' },
  { value: '03', label: '共青团员' },
  { value: '12', label: '无党派人士' },
  { value: '13', label: '群众' },
]

export const heldWords: Record<string, string> = {
  membership: '组织关系',
  registration: '报到',
  claim: '认领',
  post: '职务',
  standing: '特殊情况',
  account: '账号',
  person: '登记',
  demand: '诉求',
  talent: '人才登记',
  tenure: '届次任职',
  person_merge: '重复判定',
  mandate: '授权',
  session: '登录',
}

export const importStates: Record<ImportState, { word: string; tone: Tone }> = {
  checked: { word: '待确认', tone: 'act' },
  committing: { word: '正在导入', tone: 'soon' },
  committed: { word: '已导入', tone: 'done' },
  undone: { word: '已撤销', tone: 'off' },
  cancelled: { word: '已取消', tone: 'off' },
}

export const duplicateGrounds: Record<DuplicateGround, string> = {
  'id-number': '证件号码相同',
  'name-born': '姓名和出生日期相同',
  'phone-name': '电话相同，姓名同音',
  'near-name': '出生日期相同，姓名同音',
}

export const fieldNames: Record<TakenField, string> = {
  name: '姓名',
  sex: '性别',
  born: '出生日期',
  nation: '民族',
  politics: '政治面貌',
  education: '学历',
  occupation: '职业',
  joined: '入党时间',
  fullSince: '转正时间',
  phone: '电话',
  address: '住址',
}

const readingWords: Record<string, string> = {
  'person.read': '打开个人页面',
  'person.read:own': '本人查看',
  'person.reveal:id-number': '查看完整公民身份号码',
  'person.reveal:phone': '查看完整电话',
  'person.reveal:address': '查看完整住址',
  'person.look-up': '按号码查找到此人',
}

/** What somebody opened, in words; a word unknown here is shown as it is recorded. */
export const readingWord = (what: string) => readingWords[what] ?? readingWords[what.split(':')[0] ?? ''] ?? what
