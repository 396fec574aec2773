// The queue as it is: what has not been sent, what was refused, what needs a word from the writer, what arrived meanwhile.
import { Link } from 'wouter'
import { keepCode } from '#web/phone/codes.ts'
import { discard, flush, insist, type Letter, type LetterKind, useOutbox } from '#web/phone/outbox.ts'
import { Button } from '#web/phone/parts.tsx'
import { codeGroups, moment } from '#web/phone/words.ts'

function Waiting({ letter }: { letter: Letter }) {
  return (
    <>
      <p className="more">
        写于 {moment(letter.madeAt)}，还没有送出。有信号时会自动送出，不会重复登记。
        {letter.unkept ? '这部手机不允许保存，关闭页面就会丢失，请等送出后再离开。' : ''}
      </p>
      <div className="side go">
        <Button onClick={() => void flush()}>现在发送</Button>
        <Button onClick={() => discard(letter.key)}>删除</Button>
      </div>
    </>
  )
}

function Refusal({ letter }: { letter: Letter }) {
  return (
    <>
      <p className="more">没有登记：{letter.refusal?.title}</p>
      {letter.refusal?.ground ? <p className="more">依据：{letter.refusal.ground}</p> : null}
      <p className="said more">原文：{String(letter.body['words'] ?? '')}</p>
      <div className="go">
        <Button onClick={() => discard(letter.key)}>知道了，删除</Button>
      </div>
    </>
  )
}

/** Written without signal, and somebody registered something like it since: the writer decides. */
function Question({ letter }: { letter: Letter }) {
  return (
    <>
      <p className="more">这段时间里，同一地点已登记了同类诉求，请看是不是同一件：</p>
      <ul>
        {letter.twins?.map((t) => (
          <li key={t.no} className="more">
            {t.no} 号　{t.title}　{moment(t.openedAt)}
          </li>
        ))}
      </ul>
      <div className="side go">
        <Button onClick={() => void insist(letter.key)}>不是同一件，登记</Button>
        <Button onClick={() => discard(letter.key)}>是同一件，删除</Button>
      </div>
    </>
  )
}

function Arrived({ letter }: { letter: Letter }) {
  const { code, no } = letter.answer ?? { code: '', no: 0 }
  const keep = () => {
    keepCode({ code, no, title: letter.label, at: letter.madeAt })
    discard(letter.key)
  }
  return (
    <>
      <p className="more">已登记，{no} 号。查询码：</p>
      <p className="num">
        <b>{codeGroups(code)}</b>
      </p>
      {letter.kind === 'raise' ? (
        <div className="go">
          <Link className="btn" href={`/f/${code}`} onClick={() => discard(letter.key)}>
            查看进展和凭条
          </Link>
          <Button onClick={keep}>把查询码记在这部手机上</Button>
        </div>
      ) : (
        <div className="go">
          <Button onClick={() => discard(letter.key)}>知道了</Button>
        </div>
      )}
    </>
  )
}

const shows = { waiting: Waiting, asking: Question, refused: Refusal, sent: Arrived }
const marks = { waiting: '未送出', asking: '请您确认', refused: '未登记', sent: '已送达' }

export function Outbox({ kind }: { kind: LetterKind }) {
  const letters = useOutbox(kind)
  if (letters.length === 0) return null
  return (
    <section aria-label="发送情况" aria-live="polite">
      <div className="group">
        <h2>发送情况</h2>
        <span className="quiet num">{letters.length} 件</span>
      </div>
      <ul className="rows">
        {letters.map((letter) => {
          const Shown = shows[letter.state]
          return (
            <li key={letter.key}>
              <div className="row">
                <p className="line">
                  <b>{letter.label}</b>
                  <span className={letter.state === 'sent' ? 'done' : 'clock soon'}>{marks[letter.state]}</span>
                </p>
                <Shown letter={letter} />
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
