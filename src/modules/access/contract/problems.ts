import { problems } from '#core/errors.ts'

export const fail = problems('access', {
  'wrong-credentials': {
    status: 401,
    text: '账号、口令或动态口令不正确；连续错 5 次将暂停 15 分钟。',
    ground: '等保 5',
  },
  'wrong-proof': { status: 403, text: '口令或动态口令不正确，没有通过验证。' },
  'unknown-district': { status: 404, text: '没有找到这个区县。' },
  'dead-invitation': { status: 404, text: '邀请链接不存在、已经用过或已经过期，请向系统管理员重新索取。' },
  'weak-password': { status: 422, text: '口令不符合要求，请按提示更换。', ground: '等保 2、3' },
  'wrong-code': { status: 422, text: '动态口令不正确，请核对手机时间后再试。' },
  'login-taken': { status: 409, text: '这个登录名已经有人用过，请另取一个。', ground: '等保 1' },
  'person-has-account': { status: 409, text: '此人已有在用的账号。', ground: '等保 1' },
  'account-state': { status: 409, text: '账号当前的状态不能这样办理，请刷新后再看。' },
  'second-factor-missing': {
    status: 409,
    text: '此账号还没有绑定动态口令，不能授予“{role}”；请先由本人绑定。',
    ground: '等保 7',
  },
  'self-grant': { status: 403, text: '不能给自己授权，也不能确认给自己的授权。', ground: '等保 12' },
  'beyond-own': { status: 403, text: '只能在自己的授权范围和期限内转授，最长 90 天，转授来的不能再转授。' },
  'officers-apart': {
    status: 409,
    text: '系统、安全、审计三员相互排斥，也不兼任业务角色；请先终止此账号现有的授权。',
    ground: '等保 12',
  },
  'last-officer': {
    status: 409,
    text: '这是区县最后一名能登录的{officer}，不能停用或终止；请先让另一人就任。',
    ground: '等保 12',
  },
  'already-granted': { status: 409, text: '此账号在这段时间已有同一单位的同一角色，或同样的申请正在等待确认。' },
  'already-ended': { status: 409, text: '这项授权已经终止。' },
  'wrong-term': { status: 422, text: '起止时间不对：终止须晚于开始，且不能早于现在。' },
  'same-officer': { status: 403, text: '申请人不能自己确认，须由另一名管理员办理。', ground: '等保 33' },
  'content-changed': { status: 409, text: '您看到的内容与待确认的内容不一致，请刷新后再确认。' },
  'already-decided': { status: 409, text: '这项申请已经办结。' },
})
