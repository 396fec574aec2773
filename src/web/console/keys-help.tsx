// ?: which keys there are, and the switch that turns single keys off for who is disturbed by them. [WCAG 2.1.4]
import { Checkbox, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { keysAreOn, turnKeys, usePageKeys } from '#web/kit/keys.ts'

const keys: readonly [keys: readonly string[], what: string][] = [
  [['⌘K', 'Ctrl K'], '查找页面、人员、单位、诉求'],
  [['/'], '到本页的查找框'],
  [['j', 'k'], '下一行、上一行'],
  [['x'], '选择这一行，可批量办理'],
  [['Enter'], '打开这一行'],
  [['空格'], '看板：提起、放下一件'],
  [['←', '→'], '看板：选列'],
  [['Esc'], '关闭抽屉和对话框、放弃移动'],
  [['?'], '显示本说明'],
]

const Keys = ({ of }: { of: readonly string[] }): ReactNode =>
  of.map((k) => (
    <span key={k}>
      <kbd>{k}</kbd>{' '}
    </span>
  ))

export function KeysHelp({ open, setOpen }: { open: boolean; setOpen: (open: boolean) => void }) {
  const [on, setOn] = useState(keysAreOn)
  usePageKeys(() => setOpen(true))
  return (
    <Modal open={open} title="键盘操作" footer={null} width={440} onCancel={() => setOpen(false)} destroyOnHidden>
      <dl className="facts" style={{ marginBottom: 12 }}>
        {keys.map(([names, what]) => [
          <dt key={what}>
            <Keys of={names} />
          </dt>,
          <dd key={`${what} `}>{what}</dd>,
        ])}
      </dl>
      <Checkbox
        checked={on}
        onChange={(e) => {
          turnKeys(e.target.checked)
          setOn(e.target.checked)
        }}
      >
        启用单键操作（j、k、x、/、?）
      </Checkbox>
    </Modal>
  )
}
