// Zod's findings in our own words: every issue with its path and a code, never a joined sentence.
import type { z } from 'zod'
import type { Issue } from '../errors.ts'

const codeOf = (issue: z.core.$ZodIssue): { code: string; params?: Record<string, unknown> } => {
  switch (issue.code) {
    case 'invalid_type':
      return { code: issue.input === undefined ? 'required' : 'type' }
    case 'unrecognized_keys':
      return { code: 'unknown' }
    case 'invalid_value':
    case 'invalid_union':
      return { code: 'choice' }
    case 'too_big':
      return {
        code: issue.origin === 'string' || issue.origin === 'array' ? 'too-long' : 'too-big',
        params: { max: issue.maximum },
      }
    case 'too_small':
      return {
        code: issue.origin === 'string' || issue.origin === 'array' ? 'too-short' : 'too-small',
        params: { min: issue.minimum },
      }
    case 'custom':
      return { code: issue.message, params: issue.params ?? {} }
    default:
      return { code: /^[a-z-]+$/.test(issue.message) ? issue.message : 'format' }
  }
}

export function issuesOf(where: string, error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue) => {
    const base = [where, ...issue.path.map(String)].filter(Boolean).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((k) => ({ path: base ? `${base}.${k}` : k, code: 'unknown' }))
    return [{ path: base, ...codeOf(issue) }]
  })
}
