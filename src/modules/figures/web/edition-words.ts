import type { Tone } from '#web/kit/clock.tsx'
import type { EditionRow } from '../contract.ts'

export const editionStates: Record<EditionRow['state'], { word: string; tone: Tone }> = {
  prepared: { word: '待签署', tone: 'act' },
  signed: { word: '已签署', tone: 'done' },
  dropped: { word: '已作废', tone: 'off' },
}
