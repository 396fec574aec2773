// Batch actions: each demand is its own request, so one refusal does not undo the others; what was refused is listed with its reason.
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { asProblem, newKey } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import type { Demand, DemandStep } from '../contract.ts'
import { closeDemand, signDemand } from './steps.tsx'

interface Props {
  demands: Demand[]
  dispatch: (demands: Demand[]) => void
  clear: () => void
}

interface Refusal {
  no: number
  why: string
}

export function Batch({ demands, dispatch, clear }: Props) {
  const [progress, setProgress] = useState<string | null>(null)
  const [refused, setRefused] = useState<Refusal[]>([])
  const refresh = useRefresh()
  const told = useTold()
  const may = (step: DemandStep) => demands.filter((d) => d.steps.includes(step))
  const groups = { dispatch: may('dispatch'), sign: may('sign'), close: may('close') }
  const run = async (rows: Demand[], word: string, one: (id: string, key: string) => Promise<unknown>) => {
    const failed: Refusal[] = []
    for (const [i, d] of rows.entries()) {
      setProgress(`${word} ${i + 1}/${rows.length}`)
      await one(d.id, newKey()).catch((error) => failed.push({ no: d.no, why: asProblem(error).title }))
    }
    setProgress(null)
    setRefused(failed)
    told(`已${word} ${rows.length - failed.length} 件`)
    if (failed.length === 0) clear()
    await refresh()
  }
  return (
    <>
      <Button disabled={groups.dispatch.length === 0 || progress !== null} onClick={() => dispatch(groups.dispatch)}>
        派单（{groups.dispatch.length}）
      </Button>
      <Button
        disabled={groups.sign.length === 0 || progress !== null}
        onClick={() => void run(groups.sign, '签收', (id, key) => signDemand(id, key))}
      >
        签收（{groups.sign.length}）
      </Button>
      <Button
        disabled={groups.close.length === 0 || progress !== null}
        onClick={() => void run(groups.close, '办结', (id, key) => closeDemand(id, undefined, key))}
      >
        办结（{groups.close.length}）
      </Button>
      <span aria-live="polite">{progress ? `正在${progress}` : ''}</span>
      <Modal
        open={refused.length > 0}
        title={`有 ${refused.length} 件没有办成`}
        onCancel={() => setRefused([])}
        footer={<Button onClick={() => setRefused([])}>知道了</Button>}
      >
        <ul>
          {refused.map((r) => (
            <li key={r.no}>
              第 {r.no} 号：{r.why}
            </li>
          ))}
        </ul>
      </Modal>
    </>
  )
}
