import { useCallback, useRef } from 'react'
import { ApiProblem, newKey } from './api.ts'

/**
 * The idempotency key of one form: made when the form opens, kept while the outcome of a sending is unknown, new after a known answer
 * (the server keeps its answer to a key, a refusal too).
 * @example const key = useKey(); try { await call('POST', …, { idempotencyKey: key.value() }); key.settle() } catch (e) { key.settle(e); … }
 */
export function useKey() {
  const kept = useRef('')
  const value = useCallback(() => (kept.current ||= newKey()), [])
  const settle = useCallback((error?: unknown) => {
    if (!(error instanceof ApiProblem && error.unsettled)) kept.current = ''
  }, [])
  return { value, settle }
}
