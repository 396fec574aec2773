// Who runs this, which version, what it does and what it keeps on the phone. [JF-13, SEC-00]
import { useSearch } from 'wouter'
import type { About as Told, SystemFunction } from '#modules/feedback/contract.ts'
import { useAsk } from './ask.ts'
import { dropLocal, localNames } from './local.ts'
import { Button, Facts, Loading, Note, Page, Refused } from './parts.tsx'

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
      <h2>这台设备上保存了什么</h2>
      {names.length === 0 ? (
        <p>没有保存任何内容。</p>
      ) : (
        <p>
          {[...new Set(names.map(nameOf))].join('；')}
          。这些内容只在这台设备上，可以随时删除；没有送出的内容删除后无法找回。
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

const dash = '尚未填写'

function Stated({ about }: { about: Told }) {
  const { settings: t } = about
  return (
    <>
      <section className="sheet">
        <Facts
          rows={[
            ['名称', about.name],
            ['版本', about.version],
            ['主办单位', t.sponsor || dash],
            ['承办单位', t.operator],
            ['备案编号', t.filing || dash],
            ['使用范围', about.district.name],
            ['联系电话', t.phone || dash],
            ['服务时间', t.hours],
            ['地址', t.address],
          ]}
        />
      </section>
      {t.purposes.length > 0 ? (
        <details className="sheet">
          <summary>保存哪些个人信息，依据什么</summary>
          {t.purposes.map((p) => (
            <section key={p.purpose} style={{ marginTop: '1rem' }}>
              <h2>{p.purpose}</h2>
              <Facts
                rows={[
                  ['谁的', p.whose],
                  ['内容', p.fields],
                  ['依据', p.ground],
                  ['保存', p.kept],
                ]}
              />
            </section>
          ))}
        </details>
      ) : null}
    </>
  )
}

function Functions() {
  const { data } = useAsk<{ rows: SystemFunction[] }>('/functions')
  if (!data) return null
  return (
    <details className="sheet">
      <summary>功能清单（{data.rows.length} 项）</summary>
      <ul>
        {data.rows.map((f) => (
          <li key={f.id} style={{ marginTop: '0.75rem' }}>
            <b>{f.name}</b>
            <p className="small">{f.about}</p>
            <p className="small quiet">
              使用：{f.who}；个人信息：{f.personal}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}

export function About() {
  const district = new URLSearchParams(useSearch()).get('d')
  const { data, problem, again } = useAsk<Told>('/about', { district })
  return (
    <Page title="关于本系统" back="/m">
      <Note tone="warn">
        <p>非涉密系统，严禁处理涉密信息。</p>
      </Note>
      {data ? (
        <Stated about={data} />
      ) : problem ? (
        <Refused problem={problem} again={problem.unsettled ? again : undefined} />
      ) : (
        <Loading />
      )}
      <section className="sheet">
        <h2>您的权利</h2>
        <p>提出诉求不需要账号，姓名、电话可以不填，随时可以凭查询码撤回同意并删除联系方式。</p>
        <p>不读取位置，不要求打卡、签到，不统计在线时长，不做个人排名，不强制上传照片。</p>
      </section>
      <Functions />
      <KeptHere />
    </Page>
  )
}
