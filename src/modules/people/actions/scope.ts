// What a list of persons was asked for, in words: who approves that it leaves as a file reads them.
import type { Context } from '#core/context.ts'
import { findUnit } from '#modules/units/index.ts'
import { nameOfCode, politics } from '../codes.ts'
import {
  type ListPersonsQuery,
  type ListPostsQuery,
  type ListRegistrationsQuery,
  type ListTalentsQuery,
  type Talent,
  talentForms,
} from '../contract.ts'
import { memberStatuses, registrationStates } from '../tables.ts'

async function scopeOf(ctx: Context, unit: string | undefined, more: readonly (string | undefined)[]): Promise<string> {
  const found =
    unit &&
    (await ctx.read(null, (tx) =>
      findUnit(tx, unit).then((u) => (u && tx.allowed(['unit.read'], u.path).length > 0 ? u : null)),
    ))
  return [
    found ? `${found.name}及下级` : unit ? '所选单位及下级' : '全部可见范围',
    ...more.filter((m) => m !== undefined),
  ].join('；')
}

const searched = (words: string | undefined) => words && `查找“${words}”`

export const personsScope = (ctx: Context, { unit, search, politics: code, status }: ListPersonsQuery) =>
  scopeOf(ctx, unit, [code && (nameOfCode(politics, code) ?? code), status && memberStatuses[status], searched(search)])

export const registrationsScope = (ctx: Context, { unit, search, state }: ListRegistrationsQuery) =>
  scopeOf(ctx, unit, [state && registrationStates[state], searched(search)])

export const postsScope = (ctx: Context, { unit, on, past, search }: ListPostsQuery) =>
  scopeOf(ctx, unit, [on ? `${on}在任` : '在任', past ? '含已免职' : undefined, searched(search)])

/** The words of a mechanism are those of a record under it; of an empty list its own. */
export const talentsScope = (ctx: Context, [first]: readonly Talent[], asked: ListTalentsQuery) =>
  scopeOf(ctx, asked.unit, [
    asked.mechanism && (first?.names.mechanism ?? asked.mechanism),
    asked.year === undefined ? undefined : `${asked.year}年度目标`,
    asked.state && (first?.names.state ?? asked.state),
    asked.form && talentForms[asked.form],
    searched(asked.search),
  ])
