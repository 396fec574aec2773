import { useEffect, useRef } from 'react'
import { init } from '#core/chart/echarts.ts'
import { type Chart, chartHeight, chartOptions } from '#core/chart/options.ts'

export function Drawing({ of, words }: { of: Chart; words: string }) {
  const place = useRef<HTMLDivElement>(null)
  const drawn = JSON.stringify(of)
  useEffect(() => {
    const box = place.current
    if (!box) return
    const drawing = init(box, null, { renderer: 'svg' })
    drawing.setOption(chartOptions(JSON.parse(drawn) as Chart))
    const watch = new ResizeObserver(() => drawing.resize())
    watch.observe(box)
    return () => {
      watch.disconnect()
      drawing.dispose()
    }
  }, [drawn])
  return <div ref={place} role="img" aria-label={words} style={{ height: chartHeight(of) }} />
}
