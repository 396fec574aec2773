// The few things every page of the phone is made of. No library: a page must open on a ten-year-old phone on a weak line.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ApiProblem } from '#web/api.ts'
import { leftUntil, useNow } from './words.ts'

interface PageProps {
  title: string
  /** Where 返回 leads. */
  back?: string
  lead?: ReactNode
  /** The one primary action, in reach of the thumb. */
  act?: ReactNode
  children?: ReactNode
}

/** A page takes the focus when it opens, so that a screen reader starts at its title. */
export function Page({ title, back, lead, act, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title
    window.scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <>
      <div className="head">
        {back ? (
          <Link className="back noprint" href={back}>
            ‹ 返回
          </Link>
        ) : null}
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {lead ? <p>{lead}</p> : null}
      </div>
      {children}
      {act ? <div className="act noprint">{act}</div> : null}
    </>
  )
}

/** Shown only when an answer takes longer than a blink. */
export function Loading({ what = '正在读取' }: { what?: string }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p className="empty" role="status">
      {shown ? `${what}……` : ''}
    </p>
  )
}

/** What will appear here, and the first thing to do. */
export const Empty = ({ children }: { children: ReactNode }) => <div className="empty">{children}</div>

export function Note({ tone, children }: { tone?: 'good' | 'warn' | 'bad'; children: ReactNode }) {
  return (
    <div className={`note ${tone ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  )
}

/** What happened, why (依据), and what to do next; each wrong field in words. */
export function Refused({ problem, again }: { problem: ApiProblem; again?: (() => void) | undefined }) {
  return (
    <div className="note bad" role="alert">
      <p>{problem.title}</p>
      {problem.issues.length > 0 ? <p>{problem.issues.map((i) => i.text).join('；')}</p> : null}
      {problem.ground ? <p className="small quiet">依据：{problem.ground}</p> : null}
      {again ? (
        <p>
          <button type="button" className="btn" onClick={again}>
            重试
          </button>
        </p>
      ) : null}
    </div>
  )
}

interface FieldProps {
  label: string
  hint?: string | undefined
  wrong?: string | undefined
  children: (field: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ReactNode
}

/** A label, a hint and the fault, tied to the control for those who listen. */
function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId()
  const told = [hint ? `${id}h` : '', wrong ? `${id}w` : ''].filter(Boolean).join(' ') || undefined
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}h`}>
          {hint}
        </p>
      ) : null}
      {children({ id, 'aria-describedby': told, 'aria-invalid': wrong !== undefined })}
      {wrong ? (
        <p className="wrong" id={`${id}w`}>
          {wrong}
        </p>
      ) : null}
    </div>
  )
}

interface PicksProps<T extends string> {
  legend: string
  options: readonly { id: T; name: string }[]
  value: T | null
  onPick: (id: T) => void
  hint?: string
  even?: boolean
  wrong?: string | undefined
  /** Picking the same again takes the choice back. */
  onClear?: () => void
}

/** One of a few, as large targets. */
export function Picks<T extends string>({ legend, options, value, onPick, hint, even, wrong, onClear }: PicksProps<T>) {
  const name = useId()
  return (
    <fieldset className="field">
      <legend>{legend}</legend>
      {hint ? <p className="hint">{hint}</p> : null}
      <div className={even ? 'picks even' : 'picks'}>
        {options.map((o) => (
          <label className="pick" key={o.id}>
            <input
              type="radio"
              name={name}
              checked={value === o.id}
              onChange={() => onPick(o.id)}
              onClick={() => value === o.id && onClear?.()}
            />
            <span>{o.name}</span>
          </label>
        ))}
      </div>
      {wrong ? <p className="wrong">{wrong}</p> : null}
    </fieldset>
  )
}

export const Check = ({
  checked,
  onChange,
  children,
}: {
  checked: boolean
  onChange: (on: boolean) => void
  children: ReactNode
}) => (
  <label className="check">
    <input type="checkbox" checked={checked} onChange={(e) => onChange(e.target.checked)} />
    <span>{children}</span>
  </label>
)

interface ButtonProps {
  main?: boolean
  busy?: boolean
  disabled?: boolean
  onClick?: () => void
  children: ReactNode
}

/** Stays in the order of focus while busy or not yet possible; it only does nothing then. */
export function Button({ main, busy, disabled, onClick, children }: ButtonProps) {
  const off = busy || disabled
  return (
    <button
      type={onClick ? 'button' : 'submit'}
      className={main ? 'btn main' : 'btn'}
      aria-disabled={off ? true : undefined}
      aria-busy={busy ? true : undefined}
      onClick={(event) => {
        if (off) event.preventDefault()
        else onClick?.()
      }}
    >
      {busy ? '正在办理……' : children}
    </button>
  )
}

/** Name and value pairs; empty values are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** A clock in words: 剩 3 小时, 超时 2 天. */
export function Clock({ dueAt }: { dueAt: string | null }) {
  const now = useNow()
  if (!dueAt) return null
  const left = leftUntil(dueAt, now)
  return <span className={`clock ${left.tone}`}>{left.words}</span>
}

interface TextFieldProps {
  label: string
  value: string
  onText: (text: string) => void
  hint?: string | undefined
  wrong?: string | undefined
  kind?: 'text' | 'tel' | 'password' | 'search' | 'date' | 'time'
  /** Height of a text of several lines; one line when absent. */
  lines?: 'few' | 'many'
  most?: number
  /** What the phone may fill in. */
  fill?: string
  /** No capital at the start, no spelling marks: names of accounts and codes. */
  exact?: boolean
  digits?: boolean
}

/** A labelled line or text of several lines. */
export function TextField({
  label,
  value,
  onText,
  hint,
  wrong,
  kind,
  lines,
  most,
  fill,
  exact,
  digits,
}: TextFieldProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(field) => {
        const shared = { ...field, value, maxLength: most, autoComplete: fill ?? 'off' }
        if (lines)
          return (
            <textarea
              {...shared}
              className={lines === 'few' ? 'short' : undefined}
              onChange={(e) => onText(e.target.value)}
            />
          )
        return (
          <input
            {...shared}
            type={kind ?? 'text'}
            inputMode={digits ? 'numeric' : undefined}
            autoCapitalize={exact ? 'none' : undefined}
            spellCheck={exact ? false : undefined}
            onChange={(e) => onText(e.target.value)}
          />
        )
      }}
    </Field>
  )
}
