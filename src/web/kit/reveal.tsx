// What is kept sealed, opened with a reason that is written down; it stands on the screen until it is closed. [等保 28, A-43, A-46]
import { Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { Act } from './act.tsx'

interface Opened {
  value: string
  /** e.g. how many may still be opened */
  note?: string
}

interface RevealProps {
  /** what stands there while it is sealed */
  children: ReactNode
  may: boolean
  title: string
  ground: string
  effect: string
  open: (reason: string | undefined, idempotencyKey: string) => Promise<Opened>
}

export function Reveal({ children, may, title, ground, effect, open }: RevealProps) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  return (
    <span className="row">
      {children}
      {may ? (
        <span className="no-print">
          <Act
            verb="查看"
            size="small"
            done="已查看，已记录"
            reason="required"
            reasonLabel="查看理由"
            ground={ground}
            effect={effect}
            run={async (reason, key) => setOpened(await open(reason, key))}
          />
        </span>
      ) : null}
      <Modal open={opened !== null} title={title} onCancel={close} footer={null} width={460} destroyOnHidden>
        <p className="words" style={{ fontSize: 18 }}>
          {opened?.value}
        </p>
        <p className="quiet">关闭后不再显示。{opened?.note}</p>
      </Modal>
    </span>
  )
}
