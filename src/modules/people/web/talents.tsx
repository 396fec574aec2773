// 人才: who was brought in under which mechanism and how far each is; trips and fairs; targets of the year. [domain 1.11]
import { Button, Drawer, Segmented, Select } from 'antd'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { DataTable } from '#web/kit/data-table.tsx'
import { ChoiceBox, SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { useUnit } from '#web/kit/units.tsx'
import type { Talent, Target, TalentEvent } from '../contract.ts'
import { eventColumns, talentColumns, targetColumns } from './talent-columns.tsx'
import { PlanEventForm, TargetForm } from './talent-events.tsx'
import { RecordTalentForm } from './talent-form.tsx'
import { choicesOf, forms, type TalentMechanism, useTalentMechanisms, useTalentWords } from './talent-words.ts'

type View = 'talents' | 'events' | 'targets'

const views: Record<View, { label: string; verb: string; fits: (m: TalentMechanism) => boolean }> = {
  talents: { label: '人才名册', verb: '登记人才', fits: (m) => m.settings.states.length > 0 },
  events: { label: '引才活动', verb: '计划活动', fits: (m) => m.settings.events.length > 0 },
  targets: { label: '年度目标', verb: '下达目标', fits: (m) => m.settings.targets },
}

const nothing = {
  mechanism: null,
  year: null,
  state: null,
  form: null,
  search: null,
  held: null,
  sort: null,
  page: null,
}

export function TalentsPage() {
  const { get, set } = useAddress()
  const view: View = get('view') === 'events' || get('view') === 'targets' ? (get('view') as View) : 'talents'
  const scope = useUnit(get('unit'))
  const may = usePermission('talent.write')
  const { label, verb, fits } = views[view]
  const mechanisms = (useTalentMechanisms().data ?? []).filter(fits)
  const close = () => set({ new: null })
  const part = { where: scope.data ? `${scope.data.name}及下级` : undefined, may, mechanisms }
  return (
    <>
      <PageHead title="人才" where={`${part.where ?? '全部可见范围'}　${label}`}>
        {may ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            {verb}
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <Segmented
            value={view}
            onChange={(v) => set({ ...nothing, view: v === 'talents' ? null : v, new: null, event: null, cols: null })}
            options={Object.entries(views).map(([value, v]) => ({ value, label: v.label }))}
          />
          {view === 'talents' ? <TalentFilters mechanisms={mechanisms} /> : <MechanismFilter mechanisms={mechanisms} />}
          {view === 'events' ? <HeldFilter /> : null}
        </div>
        {view === 'talents' ? <Talents {...part} /> : view === 'events' ? <Events {...part} /> : <Targets {...part} />}
      </Sheet>
      <Drawer open={get('new') === '1'} title={verb} size={520} onClose={close} destroyOnHidden>
        {view === 'talents' ? <RecordTalentForm mechanisms={mechanisms} close={close} /> : null}
        {view === 'events' ? <PlanEventForm mechanisms={mechanisms} close={close} /> : null}
        {view === 'targets' ? <TargetForm mechanisms={mechanisms} close={close} /> : null}
      </Drawer>
    </>
  )
}

interface Part {
  where: string | undefined
  may: boolean
  mechanisms: TalentMechanism[]
}

/** The empty list: which condition to drop, or what to do first. */
function Empty({ may, title, verb, children }: { may: boolean; title: string; verb: string; children: string }) {
  const { get, set } = useAddress()
  const filtered = Object.keys(nothing).some((k) => k !== 'page' && k !== 'sort' && get(k))
  if (filtered)
    return <EmptyState title="没有符合条件的记录" action={<Button onClick={() => set(nothing)}>清除条件</Button>} />
  return (
    <EmptyState title={title} action={may ? <Button onClick={() => set({ new: 1 })}>{verb}</Button> : undefined}>
      {children}
    </EmptyState>
  )
}

function Talents({ where, may }: Part) {
  const { get } = useAddress()
  const carry = useCarry()
  const asked = { mechanism: get('mechanism'), year: get('year'), state: get('state'), form: get('form') }
  return (
    <DataTable<Talent>
      name="talents"
      title="人才名册"
      unit={where}
      path="/talents"
      persons="listTalents"
      query={{ unit: get('unit'), search: get('search'), ...asked }}
      columns={talentColumns(carry)}
      empty={
        <Empty may={may} title="这里还没有登记人才" verb="登记人才">
          意向、签约、到岗、服务、留存，每一步按发生的日子登记。
        </Empty>
      }
    />
  )
}

function Events({ where, may, mechanisms }: Part) {
  const { get } = useAddress()
  return (
    <DataTable<TalentEvent>
      name="talent-events"
      title="引才活动"
      unit={where}
      path="/talent-events"
      query={{ unit: get('unit'), mechanism: get('mechanism'), held: get('held') }}
      columns={eventColumns(useTalentWords(), mechanisms)}
      open={get('event')}
      empty={
        <Empty may={may} title="这里还没有引才活动" verb="计划活动">
          先登记计划，举办后登记日期和推介的岗位数；没有举办的不计入数字。
        </Empty>
      }
    />
  )
}

function Targets({ where, may }: Part) {
  const { get } = useAddress()
  return (
    <DataTable<Target>
      name="talent-targets"
      title="引才年度目标"
      unit={where}
      path="/talent-targets"
      query={{ unit: get('unit'), mechanism: get('mechanism'), year: get('year') }}
      columns={targetColumns(useTalentWords())}
      empty={
        <Empty may={may} title="这里还没有年度目标" verb="下达目标">
          目标按单位、机制和年度下达；完成数由到岗记录得出，不另填报。
        </Empty>
      }
    />
  )
}

function MechanismFilter({ mechanisms }: { mechanisms: TalentMechanism[] }) {
  const { get, set } = useAddress()
  return (
    <label>
      机制
      <Select
        allowClear
        aria-label="机制"
        style={{ width: 220 }}
        placeholder="全部"
        value={get('mechanism') ?? null}
        onChange={(m) => set({ mechanism: m ?? null, state: null, page: null })}
        options={choicesOf(mechanisms)}
      />
    </label>
  )
}

function HeldFilter() {
  return (
    <ChoiceBox
      name="held"
      options={[
        ['', '全部'],
        ['false', '待举办'],
        ['true', '已举办'],
      ]}
    />
  )
}

function TalentFilters({ mechanisms }: { mechanisms: TalentMechanism[] }) {
  const { get, set } = useAddress()
  const states = mechanisms.find((m) => m.id === get('mechanism'))?.settings.states
  return (
    <>
      <SearchBox label="查找人才" placeholder="姓名、拼音首字母、团队或项目" width={240} />
      <MechanismFilter mechanisms={mechanisms} />
      {states ? (
        <label>
          进展
          <Select
            allowClear
            aria-label="进展"
            style={{ width: 120 }}
            placeholder="全部"
            value={get('state') ?? null}
            onChange={(s) => set({ state: s ?? null, page: null })}
            options={choicesOf(states)}
          />
        </label>
      ) : null}
      <label>
        形式
        <Select
          allowClear
          aria-label="形式"
          style={{ width: 100 }}
          placeholder="全部"
          value={get('form') ?? null}
          onChange={(f) => set({ form: f ?? null, page: null })}
          options={Object.entries(forms).map(([value, label]) => ({ value, label }))}
        />
      </label>
    </>
  )
}
