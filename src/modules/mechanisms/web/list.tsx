// 机制: a mechanism is an engine with settings under a local name; changing the settings changes how it runs, from then on.
import { Drawer, Input, Switch } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, FormFoot, FormProblem, useForm, useOpened } from '#web/kit/form.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import type { MechanismRow } from '../contract.ts'

const engines: Record<string, string> = {
  demands: '诉求与任务',
  units: '组织',
  people: '人员',
  registrations: '报到',
  activities: '活动',
  procedures: '程序',
  pairings: '结对',
  campaigns: '专项',
  appraisals: '评价',
  assets: '资产',
  returns: '外部汇入',
  reports: '综述与宣传',
  talents: '人才',
}

const columnsWith = (open: (m: MechanismRow) => void): Column<MechanismRow>[] => [
  {
    id: 'name',
    title: '名称',
    render: (m) => (
      <button type="button" className="link" onClick={() => open(m)}>
        {m.name}
      </button>
    ),
    text: (m) => m.name,
  },
  {
    id: 'engine',
    title: '类别',
    width: 120,
    render: (m) => engines[m.engine] ?? m.engine,
    text: (m) => engines[m.engine] ?? m.engine,
  },
  { id: 'owner', title: '归口单位', width: 220, render: (m) => m.ownerName, text: (m) => m.ownerName },
  {
    id: 'force',
    title: '状态',
    width: 96,
    render: (m) => <StateTag tone={m.inForce ? 'done' : 'off'}>{m.inForce ? '执行中' : '不在期内'}</StateTag>,
    text: (m) => (m.inForce ? '执行中' : '不在期内'),
  },
  { id: 'from', title: '起', width: 110, render: (m) => m.validFrom, text: (m) => m.validFrom },
  { id: 'to', title: '止', width: 110, render: (m) => m.validTo ?? '长期', text: (m) => m.validTo ?? '长期' },
]

export function MechanismsPage() {
  const [open, setOpen] = useState<MechanismRow | null>(null)
  return (
    <>
      <PageHead title="机制" where="名称、设置和有效期都是数据" />
      <Sheet>
        <DataTable<MechanismRow>
          name="mechanisms"
          title="机制清单"
          path="/mechanisms"
          query={{}}
          all
          columns={columnsWith(setOpen)}
          open={open?.id}
          empty={<EmptyState title="还没有机制">本区采用的机制会列在这里。</EmptyState>}
        />
      </Sheet>
      <Drawer open={open !== null} title={open?.name ?? ''} size={760} onClose={() => setOpen(null)} destroyOnHidden>
        {open ? <Mechanism of={open} close={() => setOpen(null)} /> : null}
      </Drawer>
    </>
  )
}

function Mechanism({ of: m, close }: { of: MechanismRow; close: () => void }) {
  const [edit, setEdit] = useState(false)
  return (
    <div className="stack">
      <Facts
        two
        of={[
          ['类别', engines[m.engine] ?? m.engine],
          ['归口单位', m.ownerName],
          ['有效期', `${m.validFrom} 至 ${m.validTo ?? '长期'}`],
          ['编号', m.id],
        ]}
      />
      {m.can.includes('mechanism.write') ? (
        <div className="row">
          <Switch checked={edit} onChange={setEdit} aria-label="修改" /> 修改
        </div>
      ) : null}
      {edit ? <Edit of={m} close={close} /> : <Settings of={m.settings} />}
    </div>
  )
}

const settingWords: Record<string, string> = {
  categories: '派单目录',
  clocks: '时限',
  residents: '居民可直接提出',
  rank: '手机上的次序',
  ask: '问法',
  hint: '提示',
  shownAt: '公开到',
  review: '公布前审核',
  maxCapacity: '名额上限',
  claimants: '谁可认领',
  record: '确认时记录',
  confirmation: '结果确认',
  occasions: '走访检查',
  retentionMonths: '联系方式保留月数',
  redos: '可重办次数',
  reopen: '重新打开',
  stateWords: '状态名称',
  claimWords: '认领状态名称',
  means: '办理方式',
  legalChannels: '法定途径',
  whistle: '吹哨报到',
  dispute: '派单异议',
  extensions: '可延期次数',
  suspensionMonths: '挂账最长月数',
  callbackTries: '回访次数',
  basicallyCounts: '基本满意计入满意',
  bands: '分档',
  smallSample: '样本不足界限',
  ladder: '逾期提级',
  tasks: '任务',
  words: '本地名称',
  id: '编号',
  name: '名称',
  level: '办理层级',
  grade: '紧急程度',
  ground: '依据',
  respond: '响应',
  resolve: '办结',
  amount: '数量',
  unit: '单位',
  urgent: '紧急',
  normal: '一般',
  complex: '复杂',
  enquiry: '咨询',
  enabled: '启用',
  waitingList: '候补',
  openTo: '开放对象',
  window: '期限',
  times: '次数',
  demand: '诉求',
  task: '任务',
  claim: '认领',
  from: '起',
}
const valueWords: Record<string, string> = {
  true: '是',
  false: '否',
  any: '各级',
  community: '社区',
  street: '街道',
  department: '职能部门',
  hours: '小时',
  days: '天',
  workdays: '个工作日',
  urgent: '紧急',
  normal: '一般',
  complex: '复杂',
  enquiry: '咨询',
  registered: '已报到的党员',
  anyone: '所有人',
  place: '所在地点',
  estate: '小区',
  person: '个人',
  unit: '单位',
  minutes: '服务时长',
  done: '是否办成',
  'call-back': '电话回访',
  verification: '现场核验',
  none: '不另确认',
  visit: '走访',
  inspection: '检查',
  meeting: '对接会',
  drill: '演练',
}

const plain = (v: unknown): string =>
  v === null || v === undefined || v === '' ? '—' : (valueWords[String(v)] ?? String(v))

function Value({ of: v }: { of: unknown }) {
  if (Array.isArray(v)) {
    if (v.every((x) => typeof x !== 'object')) return <>{v.map(plain).join('、') || '无'}</>
    return (
      <ul className="stack" style={{ gap: 2 }}>
        {v.map((x, i) => (
          <li key={i}>
            <Value of={x} />
          </li>
        ))}
      </ul>
    )
  }
  if (v !== null && typeof v === 'object') {
    const e = Object.entries(v)
    if ('amount' in v && 'unit' in v) return <>{`${plain(v.amount)} ${plain(v.unit)}`}</>
    return (
      <>
        {e
          .filter(([k]) => k !== 'id')
          .map(([k, x]) =>
            typeof x === 'object' && x !== null ? (
              <span key={k}>
                {settingWords[k] ?? k}：<Value of={x} />　
              </span>
            ) : (
              <span key={k}>{k === 'name' ? <b>{plain(x)}</b> : `${settingWords[k] ?? k}：${plain(x)}`}　</span>
            ),
          )}
      </>
    )
  }
  return <>{plain(v)}</>
}

const Settings = ({ of }: { of: Record<string, unknown> }) => (
  <Facts of={Object.entries(of).map(([k, v]) => [settingWords[k] ?? k, <Value key={k} of={v} />])} />
)

function Edit({ of, close }: { of: MechanismRow; close: () => void }) {
  const m = useOpened(of)
  const form = useForm({
    name: m.name,
    settings: JSON.stringify(m.settings, null, 2),
    validTo: m.validTo ?? '',
    reason: '',
  })
  const refresh = useRefresh()
  const told = useTold()
  const settings = read(form.values.settings)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v) => {
          await call('PUT', `/mechanisms/${m.id}`, {
            body: { name: v.name, settings, validTo: v.validTo || null, reason: v.reason },
            ifMatch: m.version,
          })
          told('已修改')
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="name" label="名称" required>
        {({ onChange, ...b }) => <Input {...b} maxLength={60} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <Field form={form} name="validTo" label="执行到哪天为止" hint="不填为长期；到期后已受理的照原设置办完">
        {(b) => <DayInput {...b} clear />}
      </Field>
      <Field
        form={form}
        name="settings"
        label="设置（JSON）"
        required
        hint={settings ? '按引擎的规定校验，不合规的每一处都会指出' : '不是合规的 JSON，请检查括号和逗号'}
      >
        {({ onChange, ...b }) => (
          <Input.TextArea
            {...b}
            rows={18}
            style={{ fontFamily: 'ui-monospace, monospace', fontSize: 13 }}
            spellCheck={false}
            onChange={(e) => onChange(e.target.value)}
          />
        )}
      </Field>
      <Field form={form} name="reason" label="修改依据" required>
        {({ onChange, ...b }) => <Input {...b} maxLength={200} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <FormFoot verb="保存" busy={form.busy} onCancel={close} disabled={!settings} />
    </form>
  )
}

function read(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
