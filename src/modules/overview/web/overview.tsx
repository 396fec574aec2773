// 总览: what moved, what is stuck, where it lies; every number opens. With `wall=1` the same page without any frame, for a big screen.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect } from 'react'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { PeriodSelect, useAsked } from '#web/kit/asking.tsx'
import { useOnChange, useStreaming } from '#web/kit/live.ts'
import { PageHead, PrintHead } from '#web/kit/page.tsx'
import { useMe } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment, useNow } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { OverviewPage as Page } from '../contract.ts'
import { Mine } from './mine.tsx'
import { type AskedPage, Numbers } from './numbers.tsx'
import { Strip } from './strip.tsx'
import { StuckSheet } from './stuck.tsx'
import { WatchesDrawer } from './watches.tsx'

/** How often the page asks by itself: on the wall only while no stream tells of changes. */
const ON_WALL = 30_000
const ON_DESK = 120_000
const shown = ['/figures', '/stuck', '/overview']

export function OverviewPage() {
  const { get } = useAddress()
  const { unit, period } = useAsked()
  const wall = get('wall') === '1'
  const streaming = useStreaming()
  const page = useQuery({
    queryKey: ['/overview', {}],
    refetchInterval: ON_DESK,
    queryFn: ({ signal }) => call<Page>('GET', '/overview', { signal }),
  })
  const asked: AskedPage = { unit, period, every: wall && !streaming ? ON_WALL : ON_DESK }
  if (page.error) return <ErrorState error={page.error} retry={() => void page.refetch()} />
  if (!page.data) return <Loading lines={10} />
  return wall ? <Wall page={page.data} asked={asked} /> : <Desk page={page.data} asked={asked} />
}

function useWhere({ unit: own }: Page, unit: string | undefined) {
  const scope = useUnit(unit)
  const { district } = useMe()
  return scope.data?.name ?? own?.name ?? district.name
}

function Desk({ page, asked }: { page: Page; asked: AskedPage }) {
  const { set } = useAddress()
  const where = useWhere(page, asked.unit)
  return (
    <>
      <PageHead title="总览" where={where}>
        <PeriodSelect />
        <Button onClick={() => set({ watches: '1' }, { push: true })}>我的订阅</Button>
        <Button onClick={() => set({ wall: '1' }, { push: true })}>大屏</Button>
        <Button onClick={() => window.print()}>打印</Button>
      </PageHead>
      <PrintHead title="总览" unit={where} period={asked.period} />
      <div className="stack">
        <Numbers page={page} asked={asked} />
        <Mine />
        <StuckSheet unit={asked.unit} every={asked.every} each={4} />
        {page.heat.length > 0 ? <Strip heat={page.heat} asked={asked} /> : null}
      </div>
      <WatchesDrawer />
    </>
  )
}

/** What changed is read within seconds, however many change at once; what the stream does not tell comes with the next asking. */
function useRenewal() {
  const queries = useQueryClient()
  useOnChange(() => void queries.invalidateQueries({ predicate: (q) => shown.includes(String(q.queryKey[0])) }), {
    soon: 2000,
    apart: 10_000,
  })
}

/** The whole screen, nothing of the frame; Esc goes back. */
function Wall({ page, asked }: { page: Page; asked: AskedPage }) {
  const { get, set } = useAddress()
  const where = useWhere(page, asked.unit)
  const now = useNow()
  const streaming = useStreaming()
  useRenewal()
  const numberOpen = Boolean(get('number'))
  useEffect(() => {
    const leave = (e: KeyboardEvent) => {
      if (e.key === 'Escape' && !numberOpen && !document.fullscreenElement) set({ wall: null })
    }
    window.addEventListener('keydown', leave)
    return () => window.removeEventListener('keydown', leave)
  }, [set, numberOpen])
  return (
    <div className="wall">
      <header>
        <h1>{where}总览</h1>
        <span className="quiet num">
          {moment(now)}　{streaming ? '实时更新' : '每半分钟更新'}
        </span>
        <span className="gap" />
        <Button size="small" onClick={() => void document.documentElement.requestFullscreen()}>
          全屏
        </Button>
        <Button size="small" onClick={() => set({ wall: null })}>
          退出大屏
        </Button>
      </header>
      <Numbers page={page} asked={asked} />
      <StuckSheet unit={asked.unit} every={asked.every} each={2} />
      {page.heat.length > 0 ? <Strip heat={page.heat} asked={asked} /> : null}
    </div>
  )
}
