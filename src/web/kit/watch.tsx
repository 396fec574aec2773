// Being told of a number: when its week or month is over, or when it goes beyond a line of one's own. It comes as an entry of the to-do list.
import { Button, Checkbox, InputNumber, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import type { NewWatch } from '#modules/overview/contract.ts'
import { type ApiProblem, asProblem, call } from '#web/api.ts'
import { useRefresh, useTold } from './act.tsx'
import { Refusal } from './states.tsx'

interface Props {
  measure: string
  name: string
  classifier: string
  unit: { id: string; name: string }
}

export function WatchButton(props: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        订阅
      </Button>
      {open ? <WatchForm {...props} close={() => setOpen(false)} /> : null}
    </>
  )
}

function useSending(body: NewWatch, close: () => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const refresh = useRefresh()
  const told = useTold()
  const send = async () => {
    setBusy(true)
    try {
      await call('POST', '/watches', { body })
      told('已订阅，到时在“待办”提醒')
      close()
      await refresh()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, send }
}

function WatchForm({ measure, name, classifier, unit, close }: Props & { close: () => void }) {
  const [every, setEvery] = useState<'week' | 'month'>('month')
  const [digest, setDigest] = useState(true)
  const [side, setSide] = useState<'above' | 'below' | 'none'>('none')
  const [value, setValue] = useState<number | null>(null)
  const line = side !== 'none' && value !== null ? { side, value } : null
  const { busy, problem, send } = useSending({ measure, unitId: unit.id, every, digest, line }, close)
  return (
    <Modal
      open
      title="订阅数字"
      okText="订阅"
      cancelText="取消"
      width={460}
      confirmLoading={busy}
      okButtonProps={{ disabled: (!digest && line === null) || (side !== 'none' && value === null) }}
      onOk={() => void send()}
      onCancel={close}
    >
      <div className="stack">
        {problem ? <Refusal problem={problem} /> : null}
        <p>
          <b>{name}</b>　<span className="quiet">{unit.name}及下级</span>
        </p>
        <Radio.Group
          aria-label="按什么期间"
          value={every}
          onChange={(e) => setEvery(e.target.value)}
          options={[
            { value: 'month', label: '按月' },
            { value: 'week', label: '按周' },
          ]}
        />
        <Checkbox checked={digest} onChange={(e) => setDigest(e.target.checked)}>
          {every === 'month' ? '每月结束后告诉我当月的数' : '每周结束后告诉我当周的数'}
        </Checkbox>
        <div className="row">
          <Select
            aria-label="越线提醒"
            style={{ width: 180 }}
            value={side}
            onChange={setSide}
            options={[
              { value: 'none', label: '不设提醒线' },
              { value: 'above', label: every === 'month' ? '当月一高于' : '当周一高于' },
              { value: 'below', label: every === 'month' ? '当月一低于' : '当周一低于' },
            ]}
          />
          {side === 'none' ? null : (
            <>
              <InputNumber aria-label="提醒线" value={value} onChange={setValue} style={{ width: 120 }} />
              <span>{classifier}，就告诉我</span>
            </>
          )}
        </div>
        <p className="quiet">只有您自己看得到；提醒出现在“待办”，同一期只提醒一次。</p>
      </div>
    </Modal>
  )
}
