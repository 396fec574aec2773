// One demand on foot: the facts, the step that is due now, and how it got here.
import { useState } from 'react'
import { useParams } from 'wouter'
import type { DemandPage as Whole } from '#modules/demands/contract.ts'
import { actionWord } from '#web/kit/words.ts'
import { useAsk } from '#web/phone/ask.ts'
import { Clock, Facts, Loading, Note, Page, Refused } from '#web/phone/parts.tsx'
import { demandStates, moment, outcomes, satisfactions, wordOf } from '#web/phone/words.ts'
import { Photos } from './photos.tsx'
import { NextStep } from './steps.tsx'

function Head({ whole }: { whole: Whole }) {
  const { demand: d, contact } = whole
  const person = contact ? [contact.name, contact.phone].filter(Boolean).join('　') : '没有留下'
  return (
    <section className="sheet">
      <Facts
        rows={[
          ['状态', demandStates[d.state] ?? d.state],
          [
            '时限',
            d.dueAt ? (
              <>
                {moment(d.dueAt)}　<Clock dueAt={d.dueAt} />
              </>
            ) : null,
          ],
          ['地点', d.placeName],
          ['类别', d.categoryName],
          ['承办单位', d.ownerName],
          [
            '诉求人',
            contact?.phone && !contact.masked ? (
              <>
                {contact.name ?? ''}　<a href={`tel:${contact.phone}`}>{contact.phone}</a>
              </>
            ) : (
              person
            ),
          ],
          [
            '回访结果',
            d.outcome && d.satisfaction
              ? `${wordOf(outcomes, d.outcome)}，${wordOf(satisfactions, d.satisfaction)}`
              : null,
          ],
          ['登记', `${moment(d.openedAt)}　${d.no} 号`],
        ]}
      />
      {contact?.masked ? <p className="small quiet">联系方式在签收后由承办人查看。依据：REQ-10</p> : null}
    </section>
  )
}

interface ShownProps {
  whole: Whole
  again: (words: string) => void
  reread: () => void
  told: string
}

function Shown({ whole, again, reread, told }: ShownProps) {
  return (
    <>
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      <Head whole={whole} />
      <section className="sheet">
        <h2>诉求内容</h2>
        {whole.words ? <p className="said">{whole.words}</p> : <p className="quiet">没有内容，或者您不能查看。</p>}
      </section>
      <Photos
        at={`/demands/${whole.demand.id}`}
        photos={whole.photos}
        may={whole.mayAddPhotos}
        mine={() => whole.mayAddPhotos}
        again={reread}
      />
      {whole.answer ? (
        <section className="sheet">
          <h2>{whole.demand.state === 'signed' ? '上一轮答复' : '答复'}</h2>
          <p className="said">{whole.answer}</p>
        </section>
      ) : null}
      <NextStep whole={whole} done={again} />
      <section className="sheet">
        <h2>办理过程</h2>
        <ol className="steps">
          {whole.timeline.map((t) => (
            <li key={`${t.at}${t.action}`}>
              {actionWord(t.action)}　<span className="quiet">{t.actor}</span>
              {t.reason ? <p className="small quiet">{t.reason}</p> : null}
              <time dateTime={t.at}>{moment(t.at)}</time>
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

export function DemandPage() {
  const { id } = useParams<{ id: string }>()
  const { data, problem, again } = useAsk<Whole>(`/demands/${id}`)
  const [told, setTold] = useState('')
  const done = (words: string) => {
    setTold(words)
    window.scrollTo(0, 0)
    again()
  }
  return (
    <Page title={data?.demand.title ?? '诉求'} back="/m/todo">
      {problem ? <Refused problem={problem} again={problem.unsettled ? again : undefined} /> : null}
      {data ? <Shown whole={data} again={done} reread={again} told={told} /> : problem ? null : <Loading />}
    </Page>
  )
}
