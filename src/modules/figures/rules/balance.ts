// What is said of a balance: which causes are shown, and what is wrong with a person in whom it does not hold. [STAT-01]
import { hiddenCells, isHiddenTotal, type Sizes } from './small.ts'

export interface Course {
  opening: boolean
  in: number
  out: number
  closing: boolean
}

/** Why opening + in − out is not closing for one person. */
export function whyBroken({ opening, in: came, out: went, closing }: Course): string {
  if (opening && !closing && went === 0) return '期初在册，期末不在，没有减少原因'
  if (!opening && closing && came === 0) return '期末在册，没有增加原因'
  if (came > went && opening) return '期初已经在册，又增加一次'
  if (went > came && closing) return '期末仍然在册，却减少一次'
  return `增加 ${came} 次、减少 ${went} 次，与期初、期末不符`
}

interface Sides {
  opening: number
  closing: number
  in: Sizes
  out: Sizes
}

const sum = (sizes: Sizes) => [...sizes.values()].reduce((n, v) => n + v, 0)

/** What other units, periods and causes would give away of one side. */
interface Guarded {
  whole: boolean
  causes: ReadonlySet<string>
}

/**
 * What is not shown. The four totals give each other away, so in and out are hidden together, and with a hidden end everything is;
 * causes are cells of the table whose total is all that came, or went.
 */
export function hiddenInBalance(
  { opening, closing, in: came, out: went }: Sides,
  limit: number,
  guarded: { in: Guarded; out: Guarded },
) {
  const ends = isHiddenTotal(opening, limit) || isHiddenTotal(closing, limit)
  const small = isHiddenTotal(sum(came), limit) || isHiddenTotal(sum(went), limit)
  const flows = ends || small || guarded.in.whole || guarded.out.whole
  const causes = (sizes: Sizes, more: Guarded) => new Set([...hiddenCells(sizes, limit, flows), ...more.causes])
  return { ends, flows, in: causes(came, guarded.in), out: causes(went, guarded.out) }
}
