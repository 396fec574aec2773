import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Modal, Popover } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { asProblem, closeSession } from '#web/api.ts'
import { forgetDrafts } from '#web/kit/form.tsx'
import { forgetAll } from '#web/kit/session.ts'

const OwnAccount = lazy(async () => ({ default: (await import('#modules/access/web/password.tsx')).OwnAccount }))

export function MeMenu({ me }: { me: Me }) {
  const queries = useQueryClient()
  const { message } = App.useApp()
  const [about, setAbout] = useState(false)
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
              <button type="button" className="link" onClick={() => setAbout(true)}>
                关于本系统
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
      <About open={about} close={() => setAbout(false)} district={me.district.name} />
    </>
  )
}

function About({ open, close, district }: { open: boolean; close: () => void; district: string }) {
  return (
    <Modal open={open} title="关于本系统" onCancel={close} footer={<Button onClick={close}>关闭</Button>} width={460}>
      <dl className="facts">
        <dt>名称</dt>
        <dd>基石 · 区县组织工作平台</dd>
        <dt>使用单位</dt>
        <dd>{district}</dd>
        <dt>版本</dt>
        <dd>0.1.0</dd>
        <dt>性质</dt>
        <dd>非涉密系统，严禁处理、传输涉密信息。</dd>
        <dt>不做什么</dt>
        <dd>不读取位置，不统计在线时长，不设个人排名，不要求强制上传照片。</dd>
      </dl>
    </Modal>
  )
}
