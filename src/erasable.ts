// Composition of what can be erased for good: whoever owns the rows says which columns go.
import type { Erasable } from '#core/erasures.ts'
import * as demands from '#modules/demands/index.ts'
import * as feedback from '#modules/feedback/index.ts'
import * as people from '#modules/people/index.ts'

export const erasable: readonly Erasable[] = [
  demands.erasable,
  demands.erasablePhotos,
  feedback.erasable,
  people.erasable,
]
