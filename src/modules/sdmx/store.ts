import type { Tx } from '#core/context.ts'

/** Who publishes: the district, by its division code. */
export async function findSender(tx: Pick<Tx, 'db' | 'district'>): Promise<{ id: string; name: string }> {
  const { code, name } = await tx.db
    .selectFrom('district')
    .select(['code', 'name'])
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return { id: `D${code}`, name }
}
