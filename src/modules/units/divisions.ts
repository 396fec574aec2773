// The national division table on a disk, a line at a time, parents before children.
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DivisionRow } from './contract.ts'
import { DIVISION_FILES, divisionParts, type DivisionTotals, sendDivisions } from './rules/divisions.ts'

const linesOf = (file: string) =>
  createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })

/**
 * The rows of a folder below one code (that unit's own row left out), in parts a request can carry.
 * @throws when the folder holds none of the files
 */
export function readDivisions(folder: string, under: string | null): AsyncGenerator<DivisionRow[]> {
  const files = DIVISION_FILES.map((name) => join(folder, `${name}.csv`)).filter((file) => existsSync(file))
  if (files.length === 0) throw new Error(`${folder}: 没有找到 ${DIVISION_FILES.map((f) => `${f}.csv`).join('、')}`)
  return divisionParts(
    files.map((name) => ({ name, lines: () => linesOf(name) })),
    under,
  )
}

/** Sends a whole folder part by part. */
export const importDivisions = (
  source: { folder: string; under: string | null },
  send: (rows: DivisionRow[]) => Promise<DivisionTotals>,
  progress: (totals: DivisionTotals) => void = () => {},
): Promise<DivisionTotals> => sendDivisions(readDivisions(source.folder, source.under), send, progress)
