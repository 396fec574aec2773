// 我的记录: my account, my mandates, where I am signed in, and who read or changed what is held about me.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Pagination } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import type { MyRecord } from '../contract.ts'
import { Delegate } from './delegate.tsx'

const size = 50
const clients: Record<string, string> = { pc: '电脑', phone: '手机', api: '接口' }

export function MyRecordPage() {
  const { get, set } = useAddress()
  const page = Number(get('page') ?? 1)
  const query = { limit: size, offset: (page - 1) * size }
  const mine = useQuery({
    queryKey: ['/me/record', query],
    queryFn: ({ signal }) => call<MyRecord>('GET', '/me/record', { query, signal }),
  })
  if (mine.error) return <ErrorState error={mine.error} retry={() => void mine.refetch()} />
  if (!mine.data) return <Loading lines={10} />
  const m = mine.data
  return (
    <>
      <PageHead title="我的记录" where={m.account.name} />
      <div className="split">
        <Sheet title="谁查看或更改过与我有关的内容">
          {m.entries.length === 0 ? (
            <EmptyState title="还没有记录" />
          ) : (
            <Timeline
              items={m.entries.map((e) => ({
                at: e.at,
                action: e.action,
                actor: e.actor.name,
                reason: e.reason,
                change: e.change,
              }))}
            />
          )}
          {m.total > size ? (
            <Pagination
              size="small"
              style={{ padding: '0 16px 12px' }}
              current={page}
              pageSize={size}
              total={m.total}
              showSizeChanger={false}
              onChange={(p) => set({ page: p === 1 ? null : p })}
            />
          ) : null}
        </Sheet>
        <div className="stack">
          <Sheet title="账号" padded>
            <Facts
              of={[
                ['登录名', m.account.login],
                ['动态口令', m.account.secondFactor ? '已绑定' : '未绑定'],
                ['开设时间', moment(m.account.createdAt)],
                ['最近使用', m.account.lastUsedAt ? moment(m.account.lastUsedAt) : '—'],
              ]}
            />
          </Sheet>
          <Mandates of={m.mandates} />
          <Lent of={m.lent} />
          <Sheet title="登录情况" padded>
            <ul className="stack" style={{ gap: 6 }}>
              {m.sessions.map((s) => (
                <li key={`${s.startedAt} ${s.client}`} className="row">
                  {clients[s.client] ?? s.client}
                  <span className="quiet">
                    {moment(s.startedAt)} 登录　来自 {s.address}
                  </span>
                  {s.current ? (
                    <StateTag tone="done">本次</StateTag>
                  ) : (
                    <Act verb="下线" size="small" done="已下线" run={() => call('DELETE', `/me/sessions/${s.id}`)} />
                  )}
                </li>
              ))}
            </ul>
          </Sheet>
        </div>
      </div>
    </>
  )
}

/** Who stands in for me; it ends with its day, or when I say so. */
function Lent({ of }: { of: MyRecord['lent'] }) {
  if (of.length === 0) return null
  return (
    <Sheet title="委托他人代行" padded>
      <ul className="stack" style={{ gap: 6 }}>
        {of.map((x) => (
          <li key={x.id} className="row">
            <b>{x.holder}</b>
            {x.roleName}·{x.unitName}
            <span className="quiet">{moment(x.to)} 止</span>
            <Act
              verb="收回"
              size="small"
              done="已收回"
              reason="required"
              effect={`“${x.holder}”立即不能再代行。`}
              run={(reason, idempotencyKey) =>
                call('POST', `/mandates/${x.id}/end`, { body: { reason }, idempotencyKey })
              }
            />
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

/** My mandates; a colleague may stand in for me for a time. [等保 10] */
function Mandates({ of }: { of: MyRecord['mandates'] }) {
  const [lent, setLent] = useState<MyRecord['mandates'][number] | null>(null)
  return (
    <Sheet title="授权" padded>
      {of.length === 0 ? <EmptyState title="没有授权" /> : null}
      <ul className="stack" style={{ gap: 6 }}>
        {of.map((x) => (
          <li key={x.id}>
            <div className="row">
              <b>{x.roleName}</b>
              {x.unitName}
              {x.delegated ? <StateTag tone="plain">受托</StateTag> : null}
              {x.can.includes('delegate') ? (
                <Button size="small" onClick={() => setLent(x)}>
                  委托代行
                </Button>
              ) : null}
            </div>
            <div className="quiet">
              {moment(x.from)} 起{x.to ? `，${moment(x.to)} 止` : '，长期'}
              {x.grantedBy ? `　授权人 ${x.grantedBy}` : ''}
            </div>
          </li>
        ))}
      </ul>
      <Drawer open={lent !== null} title="委托代行" size={460} onClose={() => setLent(null)} destroyOnHidden>
        {lent ? <Delegate mandate={lent} close={() => setLent(null)} /> : null}
      </Drawer>
    </Sheet>
  )
}
