// Mechanisms of one engine as a screen needs them, and the field that asks for one.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import type { MechanismRow } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import { Field, type FormOf } from './form.tsx'
import type { ListOf } from './list.ts'
import { usePermission } from './session.ts'
import { EmptyState } from './states.tsx'

/** Mechanisms that run on an engine, each read as `of` says; nothing where mechanisms may not be read. */
export function useMechanismsOf<T>(engine: string, of: (mechanism: MechanismRow) => T) {
  const may = usePermission('mechanism.read')
  return useQuery({
    queryKey: ['/mechanisms'],
    enabled: may,
    staleTime: 300_000,
    queryFn: ({ signal }) => call<ListOf<MechanismRow>>('GET', '/mechanisms', { signal }),
    select: ({ rows }) => rows.filter((m) => m.engine === engine).map(of),
  })
}

/** Asked only where the district runs more than one; `fresh` is what another mechanism makes void. */
export function MechanismField<V extends { mechanismId: string }>({
  form,
  all,
  now,
  fresh,
}: {
  form: FormOf<V>
  all: { id: string; name: string }[]
  now: string
  fresh: Partial<V>
}) {
  if (all.length < 2) return null
  return (
    <Field form={form} name="mechanismId" label="机制" required>
      {({ id, status }) => (
        <Select
          id={id}
          {...(status ? { status } : {})}
          style={{ width: '100%' }}
          value={now}
          onChange={(mechanismId: string) => form.set({ ...fresh, mechanismId } as Partial<V>)}
          options={all.map((m) => ({ value: m.id, label: m.name }))}
        />
      )}
    </Field>
  )
}

/** `what` cannot be done without a mechanism in force. */
export const NoMechanism = ({ what = '办理诉求、任务' }: { what?: string }) => (
  <EmptyState title="没有可用的机制">{what}须先有在执行的机制，并有查看机制的权限，请向本级管理员申请。</EmptyState>
)
