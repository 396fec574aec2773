// 关于本系统: who runs it, under which filing, what it keeps on which ground, its functions for the filing. [JF-13, PRV-01]
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Table } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe, usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import type { About, FunctionUse, SystemFunction } from '../contract.ts'
import { AboutForm } from './about-form.tsx'

const stated = (text: string) => text || <span className="quiet">尚未填写</span>
const termWords = { hours: '小时', days: '天', workdays: '个工作日' } as const

export function AboutPage() {
  const me = useMe()
  const [edit, setEdit] = useState(false)
  const mayEdit = usePermission('about.write')
  const about = useQuery({
    queryKey: ['/about'],
    queryFn: ({ signal }) => call<About>('GET', '/about', { signal }),
  })
  if (about.error) return <ErrorState error={about.error} retry={() => void about.refetch()} />
  if (!about.data) return <Loading lines={10} />
  const a = about.data
  const { reply } = a.settings
  return (
    <>
      <PageHead title="关于本系统" where={me.district.name}>
        {mayEdit ? (
          <Button type="primary" onClick={() => setEdit(true)}>
            修改
          </Button>
        ) : null}
      </PageHead>
      <div className="stack">
        <Sheet title="主办与备案" padded>
          <Facts
            two
            of={[
              ['名称', a.name],
              ['版本', a.version],
              ['主办单位', stated(a.settings.sponsor)],
              ['备案编号', stated(a.settings.filing)],
              ['承办单位', stated(a.settings.operator)],
              ['使用范围', a.district.name],
              ['联系电话', stated(a.settings.phone)],
              ['服务时间', stated(a.settings.hours)],
              ['地址', stated(a.settings.address)],
              ['投诉建议', `${reply.amount} ${termWords[reply.unit]}内回复；每页右上角有入口`],
              ['性质', `${a.banner}。`],
              ['不做什么', '不读取位置，不要求打卡，不统计在线时长，不设个人排名，不要求强制上传照片。'],
            ]}
          />
        </Sheet>
        <Sheet title="保存哪些个人信息，依据什么">
          <Purposes of={a.settings.purposes} />
        </Sheet>
        <Sheet title="功能清单">
          <Functions />
        </Sheet>
      </div>
      <Drawer open={edit} title="修改主办与备案" size={520} onClose={() => setEdit(false)} destroyOnHidden>
        <AboutForm about={a} close={() => setEdit(false)} />
      </Drawer>
    </>
  )
}

function Purposes({ of }: { of: About['settings']['purposes'] }) {
  if (of.length === 0) return <EmptyState title="尚未说明">由区级科室在“修改”中逐项写明。</EmptyState>
  return (
    <Table
      rowKey="purpose"
      size="small"
      pagination={false}
      dataSource={of}
      columns={[
        { title: '用途', dataIndex: 'purpose', width: 170 },
        { title: '谁的信息', dataIndex: 'whose', width: 130 },
        { title: '内容', dataIndex: 'fields' },
        { title: '依据', dataIndex: 'ground', width: 260 },
        { title: '保存多久', dataIndex: 'kept', width: 190 },
      ]}
    />
  )
}

type Shown = SystemFunction & { use?: FunctionUse | undefined }

/** How often each was used in the last three months; only for those who may decide to retire one. [JF-15] */
const columnsWith = (uses: ReadonlyMap<string, FunctionUse> | null): Column<Shown>[] => {
  const of = (f: Shown) => uses?.get(f.id)
  const plain: Column<Shown>[] = [
    { id: 'name', title: '功能', width: 160, render: (f) => f.name, text: (f) => f.name },
    { id: 'about', title: '做什么', render: (f) => f.about, text: (f) => f.about },
    { id: 'who', title: '谁使用', width: 170, render: (f) => f.who, text: (f) => f.who },
    { id: 'personal', title: '涉及的个人信息', width: 240, render: (f) => f.personal, text: (f) => f.personal },
  ]
  if (!uses) return plain
  return [
    ...plain,
    {
      id: 'looked',
      title: '近三月查看',
      width: 100,
      align: 'right',
      render: (f) => (of(f)?.looked ?? 0).toLocaleString('zh-CN'),
      text: (f) => of(f)?.looked ?? 0,
    },
    {
      id: 'done',
      title: '近三月办理',
      width: 100,
      align: 'right',
      render: (f) => (of(f)?.done ?? 0).toLocaleString('zh-CN'),
      text: (f) => of(f)?.done ?? 0,
    },
    {
      id: 'last',
      title: '最近使用',
      width: 110,
      render: (f) => of(f)?.lastOn ?? '没有用过',
      text: (f) => of(f)?.lastOn ?? '没有用过',
    },
  ]
}

function Functions() {
  const mayCount = usePermission('function.read')
  const uses = useQuery({
    queryKey: ['/function-uses'],
    enabled: mayCount,
    queryFn: ({ signal }) => call<{ rows: FunctionUse[] }>('GET', '/function-uses', { signal }),
  })
  const known = mayCount && uses.data ? new Map(uses.data.rows.map((u) => [u.id, u])) : null
  return (
    <>
      {mayCount ? (
        <p className="quiet" style={{ padding: '8px 16px 0' }}>
          使用次数只按功能合计，不记录是谁、哪个单位使用；用于停用没有人用的功能（依据 JF-15）。
        </p>
      ) : null}
      <DataTable<Shown>
        name="functions"
        title="功能清单"
        path="/functions"
        query={{}}
        all
        columns={columnsWith(known)}
        empty={<EmptyState title="没有功能" />}
      />
    </>
  )
}
