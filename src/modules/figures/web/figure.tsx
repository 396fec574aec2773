import { Redirect, useParams } from 'wouter'
import { useAddress } from '#web/kit/address.ts'

/** What a number in a document links to: the explorer with that number's drawer open. */
export function FigurePage() {
  const { id = '' } = useParams<{ id: string }>()
  const { get } = useAddress()
  const [unit, period] = [get('unit') ?? '', get('period') ?? '']
  const query = new URLSearchParams({ unit, period, number: [id, unit, period, ''].join('~') })
  return <Redirect to={`/figures?${query}`} replace />
}
