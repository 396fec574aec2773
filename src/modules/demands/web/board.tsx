// 诉求: list and kanban of the scope; filters live in the address.
import { Button, Drawer, Segmented } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { DataTable } from '#web/kit/data-table.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { useUnit } from '#web/kit/units.tsx'
import type { Demand } from '../contract.ts'
import { Batch } from './batch.tsx'
import { demandColumns } from './demand-columns.tsx'
import { DemandFilters, useDemandFilters } from './demand-filters.tsx'
import { Kanban } from './kanban.tsx'
import { OpenDemandForm } from './open-demand.tsx'
import { useMechanisms } from './queries.ts'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { WhistleForm } from './whistle.tsx'

export function DemandBoard() {
  const { get, set } = useAddress()
  const scope = useUnit(get('unit'))
  const [step, setStep] = useState<OpenStep | null>(null)
  const lanes = get('view') === 'lanes'
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  const place = scope.data?.tree === 'place' ? get('unit') : undefined
  return (
    <>
      <PageHead title="诉求" where={where ?? '全部可见范围'}>
        <Segmented
          value={lanes ? 'lanes' : 'list'}
          onChange={(v) => set({ view: v === 'lanes' ? 'lanes' : null, page: null, state: null, waits: null })}
          options={[
            { value: 'list', label: '清单' },
            { value: 'lanes', label: '看板' },
          ]}
        />
        <Ways />
      </PageHead>
      <Sheet>
        <DemandFilters lanes={lanes} />
        {lanes ? <Lanes open={setStep} /> : <List where={where} open={setStep} />}
      </Sheet>
      <StepDrawer open={step} close={() => setStep(null)} />
      <Drawer
        open={get('new') === 'demand'}
        title="登记诉求"
        size={520}
        onClose={() => set({ new: null })}
        destroyOnHidden
      >
        <OpenDemandForm unit={place} close={() => set({ new: null })} />
      </Drawer>
      <Drawer
        open={get('new') === 'whistle'}
        title="吹哨"
        size={520}
        onClose={() => set({ new: null })}
        destroyOnHidden
      >
        <WhistleForm unit={place} close={() => set({ new: null })} />
      </Drawer>
    </>
  )
}

/** How matters come in: taken in here, blown for, or brought by the hotline's file. */
function Ways() {
  const { set } = useAddress()
  const mayOpen = usePermission('demand.open')
  const mayWhistle = usePermission('demand.whistle')
  const mayImport = usePermission('demand.import')
  const carry = useCarry()
  const whistles = (useMechanisms().data ?? []).some((m) => m.whistle)
  return (
    <>
      {mayImport ? <Link href={carry('/demands/hotline')}>12345 导入</Link> : null}
      {mayWhistle && whistles ? <Button onClick={() => set({ new: 'whistle' })}>吹哨</Button> : null}
      {mayOpen ? (
        <Button type="primary" onClick={() => set({ new: 'demand' })}>
          登记诉求
        </Button>
      ) : null}
    </>
  )
}

function Lanes({ open }: { open: (step: OpenStep) => void }) {
  const { query } = useDemandFilters()
  return <Kanban query={query} open={open} />
}

function List({ where, open }: { where: string | undefined; open: (step: OpenStep) => void }) {
  const { query } = useDemandFilters()
  const carry = useCarry()
  return (
    <DataTable<Demand>
      name="demands"
      title="诉求清单"
      unit={where}
      path="/demands"
      query={query}
      columns={demandColumns(carry, open)}
      renderBatch={(demands, clear) => (
        <Batch demands={demands} clear={clear} dispatch={(rows) => open({ step: 'dispatch', demands: rows })} />
      )}
      empty={<Nothing />}
    />
  )
}

function Nothing() {
  const { set } = useAddress()
  const { filtered, clear } = useDemandFilters()
  const mayOpen = usePermission('demand.open')
  if (filtered) {
    return (
      <EmptyState title="没有符合条件的诉求" action={<Button onClick={clear}>清除条件</Button>}>
        可以放宽条件，或在左侧换一个单位。
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="这里还没有诉求"
      action={mayOpen ? <Button onClick={() => set({ new: 'demand' })}>登记诉求</Button> : undefined}
    >
      居民手机提出、社区代提、12345 转来的诉求会列在这里。
    </EmptyState>
  )
}
