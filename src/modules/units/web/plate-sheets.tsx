// A4 sheets of QR plates: what is seen is what is printed.
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { PageHead } from '#web/kit/page.tsx'
import { useMe } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { UnitPlate } from '../contract.ts'

type PerSheet = 1 | 2 | 4 | 8

interface Drawn {
  path: string
  size: number
}

/** The code as one path; drawn here, so it stays sharp at any size and nothing foreign is put into the page. */
async function draw(url: string): Promise<Drawn> {
  const { create } = await import('qrcode')
  const { modules } = create(url, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  let path = ''
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (data[y * size + x]) path += `M${x + 2} ${y + 2}h1v1h-1z`
  return { path, size: size + 4 }
}

const useDrawn = (plates: readonly UnitPlate[]) =>
  useQuery({
    queryKey: ['plates', plates.map((p) => p.url)],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => Promise.all(plates.map((p) => draw(p.url))),
  })

const sheetsOf = <T,>(list: readonly T[], n: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / n) }, (_, i) => list.slice(i * n, i * n + n))

export function PlateSheets({ plates, back }: { plates: UnitPlate[]; back: () => void }) {
  const [per, setPer] = useState<PerSheet>(4)
  const drawn = useDrawn(plates)
  const pairs = plates.map((plate, i) => ({ plate, code: drawn.data?.[i] }))
  const sheets = sheetsOf(pairs, per)
  return (
    <>
      <PageHead title="打印二维码" where={`${plates.length} 张，共 ${sheets.length} 页 A4`}>
        <Segmented
          aria-label="每页几张"
          value={per}
          onChange={setPer}
          options={([1, 2, 4, 8] as const).map((n) => ({ value: n, label: `每页 ${n} 张` }))}
        />
        <Button onClick={back}>返回清单</Button>
        <Button type="primary" disabled={!drawn.data} onClick={() => window.print()}>
          打印
        </Button>
      </PageHead>
      {drawn.error ? <ErrorState error={drawn.error} /> : null}
      {drawn.data ? (
        <div className="plate-sheets">
          {sheets.map((sheet) => (
            <section key={sheet[0]?.plate.id} className={`plate-sheet of-${per}`}>
              {sheet.map(({ plate, code }) => (
                <Plate key={plate.id} plate={plate} code={code as Drawn} brief={per === 8} />
              ))}
            </section>
          ))}
        </div>
      ) : (
        <Loading lines={8} />
      )}
    </>
  )
}

function Plate({ plate, code, brief }: { plate: UnitPlate; code: Drawn; brief: boolean }) {
  const { district } = useMe()
  return (
    <article className="plate">
      {brief ? <Code of={code} name={plate.name} /> : null}
      <header>
        <h2>有诉求，扫码说</h2>
        <div className="place">{plate.name}</div>
        <div className="line">
          {district.name}　{plate.line.join('　')}
        </div>
      </header>
      {brief ? null : <Code of={code} name={plate.name} />}
      <ol>
        <li>1. 用手机扫码，不登录、不安装、不读位置。</li>
        <li>2. 说清什么事，姓名电话可以不留。</li>
        <li>3. 记下查询码，随时看进展、作评价。</li>
      </ol>
      <small>
        编号 {plate.code}
        {brief ? '' : '　紧急情况请直接拨打 110、119、120'}
      </small>
    </article>
  )
}

const Code = ({ of, name }: { of: Drawn; name: string }) => (
  <svg viewBox={`0 0 ${of.size} ${of.size}`} shapeRendering="crispEdges" role="img" aria-label={`${name}的二维码`}>
    <rect width={of.size} height={of.size} fill="#fff" />
    <path d={of.path} fill="#000" />
  </svg>
)
