// Forms: one column, short, all errors at once beside their fields, draft kept until sent.
import { Button, Tooltip } from 'antd'
import { type ReactNode, useCallback, useId, useState } from 'react'
import { ApiProblem, asProblem } from '#web/api.ts'
import { useKey } from '#web/keys.ts'
import { proved } from './proved.ts'
import { Ground } from './states.tsx'

export interface Binding<T> {
  id: string
  value: T
  onChange: (value: T) => void
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  status: 'error' | ''
}

export interface FormOf<V extends object> {
  values: V
  set: (patch: Partial<V>) => void
  problem: ApiProblem | null
  busy: boolean
  /** Sends once; the same key is used until the outcome is known. */
  submit: (send: (values: V, idempotencyKey: string) => Promise<unknown>) => Promise<boolean>
  reset: () => void
  /** a field that is being put right no longer shows its refusal */
  clear: (path: string) => void
  /** Paths of issues that a field of this form shows; what remains is listed on top. */
  shown: Set<string>
}

const drafts = 'jishi:draft:'

/** Drafts live as long as the tab and are gone after signing out. */
export const forgetDrafts = () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(drafts)) sessionStorage.removeItem(key)
}

function readDraft<V>(name: string | undefined): Partial<V> {
  try {
    return name ? (JSON.parse(sessionStorage.getItem(drafts + name) ?? '{}') as Partial<V>) : {}
  } catch {
    return {}
  }
}

const concerns = (issue: { path: string }, path: string) => issue.path === path || issue.path.startsWith(`${path}.`)

/** The refusal without what was said about one field; nothing where nothing remains. */
function without(problem: ApiProblem | null, path: string): ApiProblem | null {
  if (!problem?.issues.some((i) => concerns(i, path))) return problem
  const issues = problem.issues.filter((i) => !concerns(i, path))
  if (issues.length === 0) return null
  const { code, status, title, ground, requestId } = problem
  return new ApiProblem({
    code,
    status,
    title,
    issues: [...issues],
    ...(ground ? { ground } : {}),
    ...(requestId ? { requestId } : {}),
  })
}

export function useForm<V extends object>(initial: V, draft?: string): FormOf<V> {
  const [values, setValues] = useState<V>(() => ({ ...initial, ...readDraft<V>(draft) }))
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState(false)
  const [shown] = useState(() => new Set<string>())
  const key = useKey()
  const set = useCallback(
    (patch: Partial<V>) =>
      setValues((before) => {
        const next = { ...before, ...patch }
        if (draft) sessionStorage.setItem(drafts + draft, JSON.stringify(next))
        return next
      }),
    [draft],
  )
  const reset = () => {
    if (draft) sessionStorage.removeItem(drafts + draft)
    setValues(initial)
    setProblem(null)
  }
  const clear = useCallback((path: string) => setProblem((before) => without(before, path)), [])
  const submit: FormOf<V>['submit'] = async (send) => {
    setBusy(true)
    try {
      await proved(() => send(values, key.value()))
      key.settle()
      if (draft) sessionStorage.removeItem(drafts + draft)
      setProblem(null)
      return true
    } catch (error) {
      key.settle(error)
      setProblem(asProblem(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { values, set, problem, busy, submit, reset, clear, shown }
}

/**
 * The record as it was when the form opened, with the version its changes are sent against. The page behind may show a colleague's
 * change meanwhile: the form stays with what its user read, and is refused, instead of putting that change back.
 */
export function useOpened<T>(record: T): T {
  const [opened] = useState(() => record)
  return opened
}

interface Said {
  label: string
  required?: boolean
  hint?: ReactNode
  /** rule id shown as 依据 */
  ground?: string
}

interface FieldAtProps<T> extends Said {
  form: Pick<FormOf<object>, 'problem' | 'shown' | 'clear'>
  /** path in the request */
  path: string
  value: T
  onChange: (value: T) => void
  children: (bind: Binding<T>) => ReactNode
}

/** A field whose value is kept inside another: `operations.2.name`. */
export function FieldAt<T>({ form, path, value, onChange, children, ...said }: FieldAtProps<T>) {
  const id = useId()
  form.shown.add(path)
  const issue = form.problem?.issues.find((i) => concerns(i, path))
  const note = issue ? `${said.label}：${issue.text}` : said.hint
  return (
    <div style={{ marginBottom: 14 }}>
      <label htmlFor={id} style={{ display: 'block', marginBottom: 3 }}>
        {said.label}
        {said.required ? null : <span className="quiet">（可不填）</span>}
        {said.ground ? (
          <Tooltip title={`依据：${said.ground}`}>
            <span className="quiet" tabIndex={0}>
              {' '}
              依据
            </span>
          </Tooltip>
        ) : null}
      </label>
      {children({
        id,
        value,
        onChange: (next) => {
          onChange(next)
          form.clear(path)
        },
        'aria-describedby': note ? `${id}n` : undefined,
        'aria-invalid': issue ? true : undefined,
        status: issue ? 'error' : '',
      })}
      {note ? (
        <div
          id={`${id}n`}
          className={issue ? '' : 'quiet'}
          style={{ fontSize: 13, color: issue ? 'var(--late)' : undefined }}
          role={issue ? 'alert' : undefined}
        >
          {note}
        </div>
      ) : null}
    </div>
  )
}

interface FieldProps<V extends object, K extends keyof V & string> extends Said {
  form: FormOf<V>
  name: K
  /** path in the request when it differs from the name */
  path?: string
  children: (bind: Binding<V[K]>) => ReactNode
}

export const Field = <V extends object, K extends keyof V & string>({
  form,
  name,
  path,
  ...rest
}: FieldProps<V, K>) => (
  <FieldAt
    {...rest}
    form={form}
    path={path ?? name}
    value={form.values[name]}
    onChange={(value) => form.set({ [name]: value } as unknown as Partial<V>)}
  />
)

/** What was refused as a whole, and issues that no field of the form shows. */
export function FormProblem({ form }: { form: { problem: ApiProblem | null; shown: Set<string> } }) {
  const { problem } = form
  if (!problem) return null
  const stray = problem.issues.filter((i) => ![...form.shown].some((s) => i.path === s || i.path.startsWith(`${s}.`)))
  return (
    <div className="issue-box" role="alert">
      {problem.title}
      <Ground id={problem.ground} />
      {stray.map((i) => (
        <div key={i.path}>
          {i.path}：{i.text}
        </div>
      ))}
      {problem.requestId && problem.status >= 500 ? <div className="quiet">请求编号 {problem.requestId}</div> : null}
    </div>
  )
}

/** Foot of a form: the one primary action, then the way out. */
export function FormFoot({
  verb,
  busy,
  onCancel,
  disabled,
}: {
  verb: string
  busy: boolean
  onCancel?: () => void
  disabled?: boolean
}) {
  return (
    <div className="row" style={{ marginTop: 4 }}>
      <Button type="primary" htmlType="submit" loading={busy} disabled={disabled ?? false}>
        {verb}
      </Button>
      {onCancel ? <Button onClick={onCancel}>取消</Button> : null}
    </div>
  )
}
