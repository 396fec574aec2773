// 导入单位: a district's own tree from a workbook, and the national division table. [A-33, IM-10, IM-13]
import { Segmented } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { PageHead } from '#web/kit/page.tsx'
import { Divisions } from './import-divisions.tsx'
import { Own } from './import-tree.tsx'

export function UnitImportsPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const own = get('from') !== 'divisions'
  return (
    <>
      <PageHead title="导入单位" where="按代码认单位：有变化的更新，没有的新设，不会删除；重复导入不产生变化">
        <Segmented
          value={own ? 'own' : 'divisions'}
          onChange={(v) => set({ from: v === 'own' ? null : v })}
          options={[
            { value: 'own', label: '本区单位（工作簿）' },
            { value: 'divisions', label: '全国区划代码表' },
          ]}
        />
        <Link href={carry('/units')}>返回组织树</Link>
      </PageHead>
      {own ? <Own /> : <Divisions />}
    </>
  )
}
