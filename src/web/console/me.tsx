import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Popover } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { asProblem, closeSession } from '#web/api.ts'
import { forgetDrafts } from '#web/kit/form.tsx'
import { forgetAll } from '#web/kit/session.ts'
import { KeysHelp } from './keys-help.tsx'

const OwnAccount = lazy(async () => ({ default: (await import('#modules/access/web/password.tsx')).OwnAccount }))

export function MeMenu({ me }: { me: Me }) {
  const queries = useQueryClient()
  const { message } = App.useApp()
  const [help, setHelp] = useState(false)
  const leave = async () => {
    try {
      await closeSession()
    } catch (error) {
      if (asProblem(error).status !== 401) return void message.error(asProblem(error).title)
    }
    forgetDrafts()
    forgetAll(queries)
  }
  return (
    <>
      <KeysHelp open={help} setOpen={setHelp} />
      <Popover
        trigger="click"
        placement="bottomRight"
        content={
          <div style={{ width: 280 }}>
            <p>
              <b>{me.name}</b>
            </p>
            <ul style={{ margin: '6px 0 12px' }}>
              {me.mandates.map((m) => (
                <li key={`${m.role} ${m.unitId}`}>
                  {m.roleName}
                  <span className="kind">{m.unitName}</span>
                </li>
              ))}
              {me.mandates.length === 0 ? <li className="quiet">还没有任何授权，请联系安全管理员。</li> : null}
            </ul>
            <div className="row">
              <Link href="/me">我的记录</Link>
              <Link href="/about">关于本系统</Link>
              <button type="button" className="link" onClick={() => setHelp(true)}>
                键盘操作
              </button>
            </div>
            <div className="row" style={{ marginTop: 10 }}>
              <Suspense>
                <OwnAccount me={me} />
              </Suspense>
              <Button onClick={() => void leave()}>退出登录</Button>
            </div>
          </div>
        }
      >
        <Button type="text">{me.name}</Button>
      </Popover>
    </>
  )
}
