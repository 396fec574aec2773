// The slip of a demand just raised.
import { CodeSlip } from '#web/phone/slip.tsx'
import { moment } from '#web/phone/words.ts'

export interface Slip {
  code: string
  no: number
  place: string
  at: string
  respondBy?: string
}

let last: Slip | null = null

/** The slip of the demand just raised, for the page that opens next. */
export const rememberSlip = (slip: Slip) => {
  last = slip
}
export const freshSlip = (code: string) => (last?.code === code ? last : null)

export const SlipSheet = ({ slip: { code, no, place, at, respondBy } }: { slip: Slip }) => (
  <CodeSlip
    code={code}
    no={no}
    title={place}
    at={at}
    path={`/f/${code}`}
    facts={[
      ['受理编号', no],
      ['地点', place],
      ['提交时间', moment(at)],
      ['最迟回应', respondBy ? moment(respondBy) : null],
    ]}
  >
    凭查询码可查进展、评价、撤回同意。知道查询码的人都能看到这件诉求，请妥善保管；丢失后无法找回。
  </CodeSlip>
)
