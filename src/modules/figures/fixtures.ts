// What the tests of figures plant, and how they read it back.
import { expect } from 'vitest'
import { insertMemberships, insertPersons, insertRegistrations } from '#modules/people/index.ts'
import type { Asker, World } from '../../../test/harness.ts'
import type { Figure } from './contract.ts'

interface Draft {
  sex?: '1' | '2'
  born?: string | null
}

/** Invented persons whose record an organisation keeps; their ids. */
const plantPersons = (w: World, org: (at: number) => string, drafts: readonly Draft[]) =>
  w.write(async (tx) =>
    (
      await insertPersons(
        tx,
        tx.now,
        drafts.map((d, i) => ({
          name: '周一鸣',
          sex: d.sex ?? '1',
          born: d.born ?? null,
          politics: '01',
          pinyin: 'zym',
          strokeKey: '08',
          homeId: w.unit[org(i)] as string,
          homePath: w.path[org(i)] as string,
        })),
      )
    ).map((p) => p.id),
  )

export interface Member extends Draft {
  org: string
  from: string
  /** 预备党员 unless said otherwise a full member */
  status?: 'full' | 'probationary'
  reason?: string
}

/** Persons with one formal relation each. */
export async function plantMembers(w: World, members: readonly Member[]): Promise<string[]> {
  const ids = await plantPersons(w, (i) => members[i]?.org ?? 'O', members)
  await w.write((tx) =>
    insertMemberships(
      tx,
      members.map((m, i) => ({
        personId: ids[i] as string,
        unitId: w.unit[m.org] as string,
        kind: 'formal' as const,
        status: m.status ?? 'full',
        from: m.from,
        beginReason: m.reason ?? 'roster',
      })),
    ),
  )
  return ids
}

export interface Reported {
  place: string
  organ?: string
  on: string
}

/** Members who reported to a place and were confirmed there. */
export async function plantReported(w: World, reported: readonly Reported[]): Promise<string[]> {
  const ids = await plantPersons(
    w,
    () => 'O',
    reported.map(() => ({})),
  )
  await w.write((tx) =>
    insertRegistrations(
      tx,
      reported.map((r, i) => ({
        personId: ids[i] as string,
        placeId: w.unit[r.place] as string,
        placePath: w.path[r.place] as string,
        organ: r.organ ?? '区教育局',
        reportedOn: r.on,
        confirmedOn: r.on,
      })),
    ),
  )
  return ids
}

/** The first figure of a question; fails when it is refused. */
export async function readFigure(asker: Asker, query: string): Promise<Figure> {
  const { status, body } = await asker.get(`/figures?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body['figures'][0]
}

/** Rows with something in them, by name. */
export const valuesOf = (figure: Figure) =>
  Object.fromEntries(figure.rows.filter((r) => (r.value ?? 0) > 0).map((r) => [r.name, r.value]))

/** What equations (rows of coefficients over the unknowns) come to: Gaussian elimination, once for many questions. */
export function solved(equations: readonly (readonly number[])[]): Map<number, number[]> {
  const pivots = new Map<number, number[]>()
  for (const equation of equations) {
    const row = reduced(pivots, equation)
    const column = row.findIndex((v) => Math.abs(v) > 1e-7)
    if (column < 0) continue
    const scale = row[column] as number
    pivots.set(
      column,
      row.map((v) => v / scale),
    )
  }
  return pivots
}

function reduced(pivots: ReadonlyMap<number, number[]>, equation: readonly number[]): number[] {
  const row = [...equation]
  for (let column = 0; column < row.length; column++) {
    const factor = row[column] as number
    const pivot = Math.abs(factor) > 1e-9 ? pivots.get(column) : undefined
    if (pivot) for (const [i, v] of pivot.entries()) row[i] = (row[i] as number) - factor * v
  }
  return row
}

/** Whether a sum of unknowns follows from them. */
export const follows = (pivots: ReadonlyMap<number, number[]>, wanted: readonly number[]) =>
  reduced(pivots, wanted).every((v) => Math.abs(v) < 1e-6)

/** Whether equations settle a sum of unknowns. */
export const settles = (equations: readonly (readonly number[])[], wanted: readonly number[]) =>
  follows(solved(equations), wanted)
