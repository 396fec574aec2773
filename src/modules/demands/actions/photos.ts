// Photographs of a demand: added by its resident under his code or by whoever registers demands there, seen by whoever sees the demand,
// taken away at any time. The picture alone is kept, sealed. [JF-08, FI-05]
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { photographOf } from '#core/jpeg.ts'
import { can } from '#core/permissions.ts'
import { queueUp } from '#core/queue-up.ts'
import { type DemandPhoto, fail, MOST_PHOTOS } from '../contract.ts'
import { stateWords } from '../rules.ts'
import { type DemandRow, findUnitNames, getDemand, lockDemand } from '../store/demands.ts'
import { erasePhotos, findPhotoLimits, findPhotos, findPicture, insertPhoto, weighPhotos } from '../store/photos.ts'
import { readFollow } from './open.ts'
import { atPlace, byCode, note } from './shared.ts'

/** Of one place, where the district does not say otherwise. */
const LIMITS = { photos: 2_000, bytes: 2 * 1024 ** 3 }
const over = new Set(['closed', 'declined', 'merged'])
const sealFor = (id: string) => `demand_photo.picture:${id}`

export const photosOf = async (tx: Tx, d: DemandRow): Promise<DemandPhoto[]> =>
  (await findPhotos(tx, d.id)).map(({ place: _, ...photo }) => photo)

export const takesPhotos = (d: DemandRow) => !over.has(d.state)
export const mayAddPhotos = (tx: Tx, d: DemandRow) => takesPhotos(d) && can(tx.actor, 'demand.open', d.place_path)

const isLimit = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0

/** There is room at the place for one more of this size; decided one after another, so it is exact. [FI-03] */
async function mustHaveRoom(tx: WriteTx, d: DemandRow, size: number) {
  await queueUp(tx, `photos ${d.place_id}`)
  const { photos, bytes } = await findPhotoLimits(tx)
  const kept = await weighPhotos(tx, d.place_id)
  const most = {
    photos: isLimit(photos) ? photos : LIMITS.photos,
    bytes: isLimit(bytes) ? bytes : LIMITS.bytes,
  }
  if (kept.photos < most.photos && kept.bytes + size <= most.bytes) return
  throw fail('photos-full', { unit: (await findUnitNames(tx, [d.place_id])).get(d.place_id) ?? '' })
}

/** Adds one to a demand that this transaction holds. */
async function add(tx: WriteTx, d: DemandRow, file: Buffer, byResident: boolean): Promise<DemandPhoto> {
  if (!takesPhotos(d)) throw fail('wrong-state', { state: stateWords[d.state as 'closed'], step: '添加照片' })
  const photo = photographOf(file)
  if (!photo) throw fail('not-a-photo')
  const taken = new Set((await findPhotos(tx, d.id)).map((p) => p.place))
  const place = Array.from({ length: MOST_PHOTOS }, (_, i) => i + 1).find((n) => !taken.has(n))
  if (place === undefined) throw fail('photos-enough')
  const { bytes, width, height } = photo
  await mustHaveRoom(tx, d, bytes.length)
  const id = newId()
  await insertPhoto(tx, {
    id,
    demand_id: d.id,
    place,
    picture_sealed: tx.vault.seal(sealFor(id), bytes.toString('base64')),
    size: bytes.length,
    width,
    height,
    by_resident: byResident,
    added_at: tx.now,
  })
  note(tx, d, { photo: id })
  return { id, width, height, at: tx.now, byResident }
}

async function read(tx: Tx, d: DemandRow, id: string) {
  const found = await findPicture(tx, d.id, id)
  if (!found) throw fail('photo-not-found')
  const file = Buffer.from(tx.vault.open(sealFor(id), found.picture), 'base64')
  return { file, name: `${d.no}-${found.place}.jpg` }
}

async function takeAway(tx: WriteTx, d: DemandRow, which: { id: string; byResident?: true }) {
  if ((await erasePhotos(tx, d.id, { ...which, at: tx.now })) === 0) throw fail('photo-not-found')
  note(tx, d, { photo: which.id })
  return { removed: true as const }
}

export const addPhoto = (ctx: Context, id: string, file: Buffer): Promise<DemandPhoto> =>
  atPlace(ctx, { id, verb: 'demand.open', action: 'demand.add-photo' }, (tx, d) => add(tx, d, file, false))

export const readPhoto = (ctx: Context, id: string, photo: string) =>
  ctx.read('demand.read', async (tx) => read(tx, await getDemand(tx, id), photo))

export const removePhoto = (ctx: Context, id: string, photo: string) =>
  atPlace(ctx, { id, verb: 'demand.open', action: 'demand.remove-photo' }, (tx, d) => takeAway(tx, d, { id: photo }))

/** The code leads to one demand, which is then held. */
const heldByCode = async (tx: WriteTx, follow: string) =>
  (await lockDemand(tx, (await byCode(tx, follow)).id)) as DemandRow

export function addPhotoByCode(ctx: Context, code: string, file: Buffer): Promise<DemandPhoto> {
  const { district, follow } = readFollow(code)
  return ctx
    .asResident(district)
    .write(null, 'demand.add-photo', async (tx) => add(tx, await heldByCode(tx, follow), file, true))
}

export function readPhotoByCode(ctx: Context, code: string, photo: string) {
  const { district, follow } = readFollow(code)
  return ctx.asResident(district).read(null, async (tx) => read(tx, await byCode(tx, follow), photo))
}

export function removePhotoByCode(ctx: Context, code: string, photo: string) {
  const { district, follow } = readFollow(code)
  return ctx
    .asResident(district)
    .write(null, 'demand.remove-photo', async (tx) =>
      takeAway(tx, await heldByCode(tx, follow), { id: photo, byResident: true }),
    )
}
