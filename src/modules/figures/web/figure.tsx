import { useParams } from 'wouter'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { Asking } from './asking.tsx'
import { FigurePanel } from './panel.tsx'
import { useAsked, useFigures } from './queries.ts'

/** One measure on a page of its own: what a link in a review opens. */
export function FigurePage() {
  const { id = '' } = useParams<{ id: string }>()
  const asked = useAsked()
  const figures = useFigures(asked, id)
  return (
    <>
      <PageHead title={figures.data?.figures[0]?.measure.name ?? '数据'} where={figures.data?.unit.name} />
      <div className="stack">
        <Sheet>
          <div className="filters" style={{ border: 0 }}>
            <Asking />
          </div>
        </Sheet>
        <FigurePanel key={`${id} ${asked.unit}`} measure={id} asked={asked} />
      </div>
    </>
  )
}
