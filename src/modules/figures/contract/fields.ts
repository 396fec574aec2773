/** Fields are the first word of a measure's id, in the order they are read. */
export const fieldNames: Readonly<Record<string, string>> = {
  demands: '诉求',
  tasks: '任务与服务',
  people: '人员与报到',
  units: '组织',
  talents: '人才',
  feedback: '意见办理',
  forms: '填报与负担',
  reports: '综述与宣传',
  own: '本区自定',
}
