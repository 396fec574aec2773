// Words and lists that the screens share with the server; without shapes, so that no page loads those.

/** Fields whose value may come from the record that gives way. The ID number never does: it names the record. */
export const takenFields = [
  'name',
  'sex',
  'born',
  'nation',
  'politics',
  'education',
  'occupation',
  'joined',
  'fullSince',
  'phone',
  'address',
] as const

export const talentForms = { person: '个人', team: '团队', project: '项目' } as const
