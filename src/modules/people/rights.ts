// What a member may do on a day follows from his status and from what suspends it; nothing is stored that could disagree. [MEM-RIGHTS]
import type { MembershipStatus, Rights, StandingKind } from './contract.ts'

const none: Rights = { vote: false, inBase: false, dues: false, graded: false, sponsor: false }
const all: Rights = { vote: true, inBase: true, dues: true, graded: true, sponsor: true }

// 流动 keeps every right at home; 失联 is searched for and keeps them until membership is stopped (TR-06).
const limits: Record<StandingKind, Partial<Rights>> = {
  'on-probation': { vote: false, inBase: false, graded: false, sponsor: false },
  'rights-suspended': { vote: false, inBase: false, graded: false, sponsor: false },
  'membership-stopped': none,
  mobile: {},
  abroad: { vote: false, inBase: false, dues: false, graded: false, sponsor: false },
  'out-of-contact': {},
}

export function rightsOf(status: MembershipStatus, standings: readonly StandingKind[]): Rights {
  const usual: Rights = status === 'full' ? all : { ...none, dues: true }
  return standings.reduce<Rights>((rights, kind) => ({ ...rights, ...limits[kind] }), usual)
}
