// 视图: the filters, sort and columns of the page one is on, kept under a name of one's own; a link gives the same screen to others.
import { useQuery } from '@tanstack/react-query'
import { App, Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { SavedView } from '#modules/overview/contract.ts'
import { isAboutPeople, keptQuery } from '#modules/overview/contract/views.ts'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { FormProblem, useForm } from '#web/kit/form.tsx'
import type { ListOf } from '#web/kit/list.ts'
import { type PageEntry, passingOf } from './pages.ts'

const kept = (path: string, params: URLSearchParams) => keptQuery(path, params.toString(), passingOf(path))

const addressOf = ({ page, query }: Pick<SavedView, 'page' | 'query'>) => (query ? `${page}?${query}` : page)

const useViews = (asked: boolean) =>
  useQuery({
    queryKey: ['/me/views', {}],
    staleTime: 60_000,
    enabled: asked,
    queryFn: ({ signal }) => call<ListOf<SavedView>>('GET', '/me/views', { signal }),
  }).data?.rows ?? []

export function Views({ pages }: { pages: readonly PageEntry[] }) {
  const [open, setOpen] = useState(false)
  const views = useViews(open)
  const [path] = useLocation()
  const titles = new Map(pages.map((p) => [p.path, p.title]))
  const here = views.filter((v) => v.page === path)
  // a page that is no longer the reader's to open is not offered
  const away = views.filter((v) => v.page !== path && titles.has(v.page))
  const close = () => setOpen(false)
  return (
    <Popover
      trigger="click"
      placement="bottom"
      open={open}
      onOpenChange={setOpen}
      content={
        <div className="views">
          {titles.has(path) ? <Keep path={path} views={here} close={close} /> : null}
          <Several title="本页的视图" of={here} close={close} />
          <Several title="其他页的视图" of={away} titles={titles} close={close} />
          {views.length === 0 ? <p className="quiet">选好单位、条件、排序和列，起个名保存，以后一点就到。</p> : null}
          <CopyLink />
        </div>
      }
    >
      <Button type="text">视图</Button>
    </Popover>
  )
}

interface SeveralProps {
  title: string
  of: readonly SavedView[]
  titles?: ReadonlyMap<string, string>
  close: () => void
}

function Several({ title, of, titles, close }: SeveralProps) {
  const { params } = useAddress()
  const [path] = useLocation()
  if (of.length === 0) return null
  const now = addressOf({ page: path, query: kept(path, params) })
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {of.map((v) => (
          <li key={v.id}>
            <Link href={addressOf(v)} onClick={close} aria-current={addressOf(v) === now ? 'true' : undefined}>
              {v.name}
              {titles ? <span className="kind">{titles.get(v.page)}</span> : null}
            </Link>
            <Act
              verb="删除"
              size="small"
              type="text"
              done={`已删除视图“${v.name}”`}
              run={(_, key) => call('DELETE', `/me/views/${v.id}`, { idempotencyKey: key })}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface KeepProps {
  path: string
  views: readonly SavedView[]
  close: () => void
}

function Keep({ path, views, close }: KeepProps) {
  const { params } = useAddress()
  const form = useForm({ name: '' })
  const refresh = useRefresh()
  const told = useTold()
  const name = form.values.name.trim()
  const again = views.some((v) => v.name === name)
  const send = () =>
    form.submit(async (_, idempotencyKey) => {
      await call('POST', '/me/views', { body: { page: path, name, query: kept(path, params) }, idempotencyKey })
      told(again ? `已更新视图“${name}”` : `已保存视图“${name}”`)
      close()
      await refresh()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        if (name) void send()
      }}
    >
      <FormProblem form={form} />
      <div className="row">
        <Input
          value={form.values.name}
          maxLength={20}
          placeholder="给当前条件起个名"
          aria-label="视图名称"
          onChange={(e) => form.set({ name: e.target.value })}
        />
        <Button htmlType="submit" disabled={!name} loading={form.busy}>
          {again ? '更新' : '保存'}
        </Button>
      </div>
      {isAboutPeople(path) ? <p className="quiet">查找词可能是姓名或电话，不随视图保存。</p> : null}
    </form>
  )
}

/** The address is the screen: whoever opens it sees what he may see of it. */
function CopyLink() {
  const { message } = App.useApp()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href)
      void message.success('已复制链接，对方打开后按自己的权限查看')
    } catch {
      void message.warning('浏览器不允许复制，请从地址栏复制')
    }
  }
  return (
    <Button block onClick={() => void copy()}>
      复制本页链接
    </Button>
  )
}
