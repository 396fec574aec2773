// The way of a manuscript: 起草 → 核数 → 审核 → 签发 → 刊发 → 更正; back to the desk from every step before it appeared.
import type { ManuscriptState } from './contract.ts'

const next: Readonly<Record<ManuscriptState, readonly ManuscriptState[]>> = {
  drafted: ['checked', 'dropped'],
  checked: ['reviewed', 'drafted', 'dropped'],
  reviewed: ['approved', 'drafted', 'dropped'],
  approved: ['published', 'drafted', 'dropped'],
  published: ['corrected'],
  corrected: ['corrected'],
  dropped: [],
}

export const stateNames: Readonly<Record<ManuscriptState, string>> = {
  drafted: '起草中',
  checked: '已核数',
  reviewed: '已审核',
  approved: '已签发',
  published: '已刊发',
  corrected: '已更正',
  dropped: '已作废',
}

/** Which verb a step asks for. */
export const verbOf = (to: ManuscriptState): string =>
  to === 'approved' ? 'report.approve' : to === 'checked' || to === 'reviewed' ? 'report.check' : 'report.write'

/** Checking, reviewing and approving are not for the one who wrote it. */
export const needsAnother = (to: ManuscriptState) => to === 'checked' || to === 'reviewed' || to === 'approved'

/** Steps at which every number must be true at that moment. */
export const needsTruth = (to: ManuscriptState) => needsAnother(to) || to === 'published' || to === 'corrected'

export const stepsFrom = (state: ManuscriptState): readonly ManuscriptState[] => next[state]

/** Content may be changed while it is written, and again once it appeared, for a correction; anything between goes back to the desk first. */
export const isOpen = (state: ManuscriptState) => state === 'drafted' || state === 'published' || state === 'corrected'
