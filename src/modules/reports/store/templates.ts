import type { Tx } from '#core/context.ts'
import { Template } from '../contract.ts'

/** Templates are pack data, kept with the district. */
export async function findTemplates(tx: Tx): Promise<Template[]> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return ((row.settings as { reports?: unknown[] }).reports ?? []).map((r) => Template.parse(r))
}
