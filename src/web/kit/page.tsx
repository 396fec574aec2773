import type { ReactNode } from 'react'
import { longDay, moment, todayHere, useNow } from './time.ts'

/** Title line of a page: what, where, and the one primary action at the right. */
export function PageHead({ title, where, children }: { title: ReactNode; where?: ReactNode; children?: ReactNode }) {
  return (
    <div className="head">
      <h1>{title}</h1>
      {where ? <span className="where">{where}</span> : null}
      <span className="gap" />
      {children}
    </div>
  )
}

export function Sheet({ title, children, padded }: { title?: ReactNode; children: ReactNode; padded?: boolean }) {
  return (
    <section className={padded && !title ? 'sheet padded' : 'sheet'}>
      {title ? <h2>{title}</h2> : null}
      {title && padded ? <div className="inner">{children}</div> : children}
    </section>
  )
}

export type Fact = [name: string, value: ReactNode] | false | null | undefined

/** Facts in two columns; what is empty is left out, not shown as a gap. */
export function Facts({ of, two }: { of: Fact[]; two?: boolean }) {
  return (
    <dl className={two ? 'facts two' : 'facts'}>
      {of
        .filter(
          (f): f is [string, ReactNode] =>
            Boolean(f) && (f as [string, ReactNode])[1] !== null && (f as [string, ReactNode])[1] !== undefined,
        )
        .flatMap(([name, value]) => [<dt key={`${name} `}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  )
}

/** A few whole numbers side by side, each with what it counts. */
export const Totals = ({ of }: { of: (readonly [name: string, value: number, unit: string])[] }) => (
  <ul className="totals">
    {of.map(([name, value, unit]) => (
      <li key={name}>
        <span className="quiet">{name}</span>
        <span className="bignum">
          {value.toLocaleString('zh-CN')}
          <small>{unit}</small>
        </span>
      </li>
    ))}
  </ul>
)

/** Head of the printed sheet: A4, with unit, period and as-of; only paper shows it. */
export function PrintHead({
  title,
  unit,
  period,
}: {
  title: string
  unit?: string | undefined
  period?: string | undefined
}) {
  const now = useNow()
  return (
    <div className="print-head" aria-hidden="true">
      <h1>{title}</h1>
      <p>
        <span>单位：{unit ?? '全部可见范围'}</span>
        <span>{period ? `期间：${period}` : `截至：${longDay(todayHere())}`}</span>
        <span>打印时间：{moment(now)}</span>
      </p>
    </div>
  )
}

export const PrintFoot = () => (
  <div className="print-foot" aria-hidden="true">
    <span>填表人：</span>
    <span>审核人：</span>
    <span>负责人：</span>
  </div>
)
