// The first page of somebody who is not signed in: residents follow their demand, members and officials sign in.
import { Link } from 'wouter'
import { Outbox } from '#modules/demands/web/phone/outbox.tsx'
import { FollowForm, KeptCodes } from './follow-form.tsx'
import { Page } from './parts.tsx'

export const Home = () => (
  <Page title="居民诉求与为民服务">
    <Outbox kind="raise" />
    <FollowForm label="查询诉求进展" hint="输入提交诉求时得到的查询码" to="/f" />
    <KeptCodes />
    <section className="sheet">
      <h2>提出诉求</h2>
      <p>
        用手机相机或微信“扫一扫”，扫描小区、楼栋张贴的二维码即可，不需要账号，也不读取您的位置。没有二维码时，可请社区工作人员代为登记。
      </p>
    </section>
    <section className="sheet">
      <h2>党员、志愿者和社区工作人员</h2>
      <p>报到、认领任务、查看服务记录，或办理诉求。</p>
      <p>
        <Link className="btn" href="/m/sign-in">
          登录
        </Link>
      </p>
      <Link className="flat block" href="/m/check">
        查验服务证明
      </Link>
    </section>
  </Page>
)
