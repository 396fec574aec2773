// Actions: what happens is said in words and numbers before it happens, a reason is asked where one is owed, and the answer of
// the server is shown where the button was pressed.
import { App, Button, type ButtonProps, Input, Modal } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type ApiProblem, asProblem } from '#web/api.ts'
import { useKey } from '#web/keys.ts'
import { proved } from './proved.ts'
import { Ground, Refusal } from './states.tsx'

/** After a change every list and page that may show it is read anew. */
export function useRefresh() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'me' })
}

/** Says briefly what was done. */
export function useTold() {
  const { message } = App.useApp()
  return (words: string) => void message.success({ content: words, duration: 2 })
}

/** What follows a form that was accepted: it is said, the form goes, and what may have changed is read anew. */
export function useFinish(words: string, close: () => void) {
  const refresh = useRefresh()
  const told = useTold()
  return async (accepted: boolean) => {
    if (!accepted) return
    told(words)
    close()
    await refresh()
  }
}

interface ActProps {
  verb: string
  /** what was done, for the brief note afterwards */
  done: string
  run: (reason: string | undefined, idempotencyKey: string) => Promise<unknown>
  /** consequence, shown before it happens; without it and without a reason the action runs at once */
  effect?: ReactNode
  reason?: 'required' | 'optional'
  reasonLabel?: string
  /** rule the reason rests on */
  ground?: string
  type?: ButtonProps['type']
  size?: ButtonProps['size']
  disabled?: boolean
  onDone?: () => void
}

export function Act(props: ActProps) {
  const { verb, type = 'default', size, disabled, effect, reason } = props
  const [open, setOpen] = useState(false)
  const send = useSend(props, () => setOpen(false))
  const asks = effect !== undefined || reason !== undefined
  return (
    <>
      <Button
        type={type}
        size={size ?? 'middle'}
        disabled={disabled ?? false}
        loading={send.busy && !open}
        onClick={() => (asks ? setOpen(true) : void send.go(undefined))}
      >
        {verb}
      </Button>
      {asks ? <Ask {...props} open={open} send={send} close={() => setOpen(false)} /> : null}
      {!asks && send.problem ? <Refused problem={send.problem} close={send.clear} /> : null}
    </>
  )
}

function useSend({ run, done, onDone }: ActProps, close: () => void) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const key = useKey()
  const refresh = useRefresh()
  const told = useTold()
  const go = async (reason: string | undefined) => {
    setBusy(true)
    try {
      await proved(() => run(reason, key.value()))
      key.settle()
      setProblem(null)
      close()
      told(done)
      await refresh()
      onDone?.()
    } catch (error) {
      key.settle(error)
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, go, clear: () => setProblem(null) }
}

function Ask({
  verb,
  effect,
  reason,
  reasonLabel,
  ground,
  open,
  send,
  close,
}: ActProps & { open: boolean; send: ReturnType<typeof useSend>; close: () => void }) {
  const [words, setWords] = useState('')
  const missing = reason === 'required' && words.trim() === ''
  return (
    <Modal
      open={open}
      title={verb}
      okText={verb}
      cancelText="取消"
      onCancel={close}
      confirmLoading={send.busy}
      okButtonProps={{ disabled: missing }}
      onOk={() => void send.go(words.trim() || undefined)}
      destroyOnHidden
      width={460}
    >
      {send.problem ? <Refusal problem={send.problem} /> : null}
      {effect ? <div className="effect">{effect}</div> : null}
      {reason ? (
        <label style={{ display: 'block' }}>
          {reasonLabel ?? '理由'}
          {reason === 'optional' ? <span className="quiet">（可不填）</span> : null}
          <Ground id={ground} />
          <Input.TextArea
            value={words}
            onChange={(e) => setWords(e.target.value)}
            rows={3}
            maxLength={200}
            showCount
            style={{ marginTop: 3, marginBottom: 24 }}
          />
        </label>
      ) : null}
    </Modal>
  )
}

export function Refused({ problem, close }: { problem: ApiProblem; close: () => void }) {
  return (
    <Modal open title="没有办成" onCancel={close} footer={<Button onClick={close}>知道了</Button>} width={420}>
      <p role="alert">
        {problem.title}
        <Ground id={problem.ground} />
      </p>
      {problem.requestId ? <p className="quiet">请求编号 {problem.requestId}</p> : null}
    </Modal>
  )
}

/** What else is shown is read anew once the storing is over. */
export function useRefreshAfter(storing: boolean) {
  const refresh = useRefresh()
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !storing) void refresh()
    was.current = storing
  })
}
