import { Link } from 'wouter'
import { useSend } from './ask.ts'
import { Button, Page, Refused } from './parts.tsx'
import { holds, signOut, useMe } from './session.ts'
import { toggleSize, useLarge } from './size.ts'

const Entry = ({ href, name, more }: { href: string; name: string; more?: string }) => (
  <li>
    <Link className="row" href={href}>
      <b>{name}</b>
      {more ? <div className="more">{more}</div> : null}
    </Link>
  </li>
)

export function Mine() {
  const me = useMe()
  const large = useLarge()
  const { send, sending, problem } = useSend()
  return (
    <Page
      title={me.name}
      lead={
        [...new Set(me.mandates.map((m) => `${m.unitName} ${m.roleName}`))].join('；') || '还没有授权，可先到社区报到。'
      }
    >
      {problem ? <Refused problem={problem} /> : null}
      <ul className="rows">
        {me.personId ? <Entry href="/m/report-in" name="社区报到" more="双报到：报到、更换社区、查看状态" /> : null}
        {me.personId || holds(me, 'task.claim-unit') ? (
          <Entry href="/m/claims" name="我的认领" more="本周安排、到场报到、提交完成、退出" />
        ) : null}
        {me.personId ? (
          <Entry href="/m/record" name="我的服务记录" more="服务时间和证明，只有您和记录单位能看到" />
        ) : null}
        {holds(me, 'registration.confirm') ? <Entry href="/m/registrations" name="党员报到签收" /> : null}
        <Entry href="/m/password" name="修改口令" />
        <li>
          <button type="button" className="row plain" aria-pressed={large} onClick={toggleSize}>
            {large ? '改用标准字号' : '改用大字'}
          </button>
        </li>
      </ul>
      <div className="sheet">
        <Button busy={sending} onClick={() => void send(signOut)}>
          退出登录
        </Button>
      </div>
    </Page>
  )
}
