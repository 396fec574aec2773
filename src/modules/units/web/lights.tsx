// The light of a term: always also a word. [BR-12]
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import type { Light } from '../contract.ts'

export const lights: Record<Light, { word: string; tone: Tone }> = {
  severe: { word: '届满超过一年', tone: 'late' },
  expired: { word: '已届满', tone: 'late' },
  soon: { word: '半年内届满', tone: 'soon' },
  'in-term': { word: '任期内', tone: 'done' },
  none: { word: '未登记', tone: 'off' },
}
export const inOrder = Object.keys(lights) as Light[]

export const LightTag = ({ light }: { light: Light }) => (
  <StateTag tone={lights[light].tone}>{lights[light].word}</StateTag>
)

/** Days are counted, not guessed: an official reads how long exactly. */
export const leftWords = (left: number | null): string =>
  left === null ? '—' : left < 0 ? `超期 ${-left} 天` : left === 0 ? '今天届满' : `还有 ${left} 天`
