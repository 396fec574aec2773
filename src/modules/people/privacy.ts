// Every personal field has a purpose, a basis and a term, and the page of a person says so. [PRV-01]
const duty = '履行法定职责（个人信息保护法第十三条、第三十三至三十七条）'
const register = '党员名册在党组织存续期间保存；非党员的报到记录在结束报到后三年停用'

export const purposes = [
  { field: 'name', purpose: '辨认本人', basis: duty, kept: register },
  { field: 'sex, born, nation, education', purpose: '党内统计', basis: duty, kept: register },
  { field: 'idNumber', purpose: '防止一人重复登记；加密保存，默认遮盖', basis: duty, kept: register },
  { field: 'phone', purpose: '联系本人；加密保存，默认遮盖', basis: duty, kept: register },
  { field: 'address', purpose: '确定报到的社区；加密保存，默认遮盖', basis: duty, kept: register },
  { field: 'politics, joined, fullSince, membership, standing', purpose: '组织关系管理', basis: duty, kept: register },
  { field: 'registration', purpose: '党员到社区报到服务', basis: duty, kept: register },
  {
    field: 'talent',
    purpose: '引进和服务人才；意向须本人同意，加密保存',
    basis: '个人同意，签约后为履行合同（个人信息保护法第十三条）',
    kept: '撤回同意即删除意向；签约前撤回的记录停用',
  },
  { field: 'tenure', purpose: '登记已公布的任期角色', basis: duty, kept: register },
] as const
