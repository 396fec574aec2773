// Numbers a person keeps in sight: they stand on his own page and in the explorer, on whatever device he signs in.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Pin } from '#modules/overview/contract.ts'
import { type ApiProblem, asProblem, call } from '#web/api.ts'
import { Refused, useRefresh, useTold } from './act.tsx'
import type { ListOf } from './list.ts'

export const usePins = (): readonly Pin[] =>
  useQuery({
    queryKey: ['/pins', {}],
    staleTime: 60_000,
    queryFn: ({ signal }) => call<ListOf<Pin>>('GET', '/pins', { signal }),
  }).data?.rows ?? []

export function PinButton({ measure, unit = null }: { measure: string; unit?: string | null }) {
  const pins = usePins()
  const refresh = useRefresh()
  const told = useTold()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const pinned = pins.find((p) => p.measure === measure && (p.unit?.id ?? null) === unit)
  const toggle = async () => {
    setBusy(true)
    try {
      if (pinned) await call('DELETE', `/pins/${pinned.id}`)
      else await call('POST', '/pins', { body: { measure, unitId: unit } })
      told(pinned ? '已取消关注' : '已关注，可在“总览”查看')
      await refresh()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button size="small" loading={busy} aria-pressed={Boolean(pinned)} onClick={() => void toggle()}>
        {pinned ? '取消关注' : '关注'}
      </Button>
      {problem ? <Refused problem={problem} close={() => setProblem(null)} /> : null}
    </>
  )
}
