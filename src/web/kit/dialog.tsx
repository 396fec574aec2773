// A button that opens a short form in the middle of the screen; the form is made anew each time it is opened.
import { Button, type ButtonProps, Modal } from 'antd'
import { type ReactNode, useState } from 'react'

interface Props {
  verb: string
  title?: string
  size?: ButtonProps['size']
  type?: ButtonProps['type']
  width?: number
  children: (close: () => void) => ReactNode
}

export function DialogButton({ verb, title, size = 'middle', type = 'default', width = 460, children }: Props) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button size={size} type={type} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Modal open={open} title={title ?? verb} footer={null} width={width} onCancel={close} destroyOnHidden>
        {open ? children(close) : null}
      </Modal>
    </>
  )
}
