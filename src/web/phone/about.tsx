// Who runs this, which version, what it does and what it keeps on the phone. [JF-13, SEC-00]
import { dropLocal, localNames } from './local.ts'
import { Button, Facts, Note, Page } from './parts.tsx'

const keptNames: Record<string, string> = {
  plate: '上次扫码的地点名称',
  codes: '您选择记住的查询码',
  outbox: '还没有送出的内容',
  large: '字号设置',
  places: '登记用的地点和类别名称（无信号时用）',
}

const nameOf = (name: string) => (name.startsWith('draft.') ? '没有写完的草稿' : (keptNames[name] ?? name))

function KeptHere() {
  const names = localNames()
  const clear = () => {
    for (const name of names) dropLocal(name)
    location.reload()
  }
  return (
    <section className="sheet">
      <h2>这部手机上保存了什么</h2>
      {names.length === 0 ? (
        <p>没有保存任何内容。</p>
      ) : (
        <p>
          {[...new Set(names.map(nameOf))].join('；')}
          。这些内容只在这部手机上，可以随时删除；没有送出的内容删除后无法找回。
        </p>
      )}
      {names.length > 0 ? (
        <p>
          <Button onClick={clear}>全部删除</Button>
        </p>
      ) : null}
    </section>
  )
}

export const About = () => (
  <Page title="关于本系统" back="/m">
    <Note tone="warn">
      <p>非涉密系统，严禁处理涉密信息。</p>
    </Note>
    <section className="sheet">
      <Facts
        rows={[
          ['系统名称', '基石'],
          ['版本', __VERSION__],
          ['功能', '居民诉求提出、查询、评价；党员社区报到、任务认领、服务记录；社区诉求登记与办理'],
        ]}
      />
    </section>
    <section className="sheet">
      <h2>您的权利</h2>
      <p>提出诉求不需要账号，姓名、电话可以不填，随时可以凭查询码撤回同意并删除联系方式。</p>
      <p>不读取位置，不要求打卡、签到，不统计在线时长，不做个人排名，不强制上传照片。</p>
    </section>
    <KeptHere />
  </Page>
)
