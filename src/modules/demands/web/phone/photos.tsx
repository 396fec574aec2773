// Photos of a demand on the phone: chosen with the words, sent when there is a demand to send them to, shown and taken back there.
import { useEffect, useRef, useState } from 'react'
import type { DemandPhoto } from '#modules/demands/contract.ts'
import { MOST_PHOTOS as MOST } from '#modules/demands/contract/names.ts'
import { call } from '#web/api.ts'
import { usePost, useSend } from '#web/phone/ask.ts'
import { Refused } from '#web/phone/parts.tsx'
import { photographOf } from '#web/photo.ts'

/** Chosen before there was a demand; sent by the page of the demand that became of it. Never written to the phone. */
const handed = new Map<string, readonly Blob[]>()
export const handOver = (demand: string, photos: readonly Blob[]) => void handed.set(demand, photos)

function useAddress(photo: Blob): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(photo)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [photo])
  return url
}

const Chosen = ({ photo, n, drop }: { photo: Blob; n: number; drop: () => void }) => (
  <li>
    <img src={useAddress(photo)} alt={`第 ${n} 张，还没有提交`} />
    <button type="button" className="flat" onClick={drop}>
      不要这张
    </button>
  </li>
)

/** The button that opens the camera or the album; tells what it could not open. */
function Choose({ free, busy, take }: { free: number; busy: boolean; take: (photos: Blob[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [told, setTold] = useState('')
  const chosen = async (files: FileList | null) => {
    const all = [...(files ?? [])]
    const drawn = await Promise.all(all.slice(0, free).map(photographOf))
    const photos = drawn.filter((p) => p !== null)
    const left = all.length - Math.min(all.length, free)
    const broken = drawn.length - photos.length
    setTold([broken ? `有 ${broken} 张打不开。` : '', left ? `最多 ${MOST} 张，多选的没有加上。` : ''].join(''))
    if (input.current) input.current.value = ''
    if (photos.length > 0) take(photos)
  }
  return (
    <>
      {free > 0 ? (
        <label className={busy ? 'btn off' : 'btn'}>
          {busy ? '正在上传……' : `添加照片（还可以加 ${free} 张）`}
          <input
            ref={input}
            className="gone"
            type="file"
            accept="image/*"
            multiple
            disabled={busy}
            onChange={(e) => void chosen(e.target.files)}
          />
        </label>
      ) : null}
      <p role="status" className="small">
        {told}
      </p>
    </>
  )
}

/** In the form, before anything is sent. */
export function PickPhotos({ photos, onPick }: { photos: readonly Blob[]; onPick: (photos: Blob[]) => void }) {
  return (
    <fieldset className="photos">
      <legend>照片（可以不加）</legend>
      <p className="small quiet">只保存画面，不保存拍摄位置、时间和设备；请不要拍到他人面部和证件。</p>
      <ul>
        {photos.map((photo, i) => (
          <Chosen key={i} photo={photo} n={i + 1} drop={() => onPick(photos.filter((p) => p !== photo))} />
        ))}
      </ul>
      <Choose free={MOST - photos.length} busy={false} take={(more) => onPick([...photos, ...more])} />
    </fieldset>
  )
}

/** Sends one after another; what was refused stays to be sent again. */
function useUpload(at: string, again: () => void) {
  const { post, sending, problem } = usePost<DemandPhoto>()
  const [left, setLeft] = useState<readonly Blob[]>([])
  const upload = async (photos: readonly Blob[]) => {
    setLeft(photos)
    for (const [i, body] of photos.entries()) {
      if (!(await post(`${at}/photos`, body))) break
      setLeft(photos.slice(i + 1))
    }
    again()
  }
  return { upload, sending, problem, left, drop: () => setLeft([]) }
}

interface PhotosProps {
  /** the demand's own path: under its code, or by its id */
  at: string
  photos: readonly DemandPhoto[]
  may: boolean
  /** which of them the reader may take away */
  mine: (photo: DemandPhoto) => boolean
  again: () => void
}

export function Photos({ at, photos, may, mine, again }: PhotosProps) {
  const { upload, sending, problem, left, drop } = useUpload(at, again)
  const removal = useSend()
  const latest = useRef(upload)
  latest.current = upload
  // handed over once, to the page that opens
  useEffect(() => {
    const waiting = handed.get(at)
    handed.delete(at)
    if (waiting) void latest.current(waiting)
  }, [at])
  const remove = async (photo: DemandPhoto) => {
    if (await removal.send(() => call('DELETE', `${at}/photos/${photo.id}`))) again()
  }
  const free = MOST - photos.length
  if (photos.length === 0 && !may && left.length === 0) return null
  return (
    <section className="sheet photos" aria-label="照片">
      <h2>照片</h2>
      {(problem ?? removal.problem) ? <Refused problem={(problem ?? removal.problem)!} /> : null}
      {left.length > 0 && !sending ? (
        <p>
          有 {left.length} 张没有传上。
          <button type="button" className="flat" onClick={() => void upload(left)}>
            重新上传
          </button>
          <button type="button" className="flat" onClick={drop}>
            不传了
          </button>
        </p>
      ) : null}
      <ul>
        {photos.map((photo, i) => (
          <li key={photo.id}>
            <img
              src={`/api${at}/photos/${photo.id}`}
              alt={`第 ${i + 1} 张`}
              width={photo.width}
              height={photo.height}
              loading="lazy"
            />
            {mine(photo) ? (
              <button type="button" className="flat" onClick={() => void remove(photo)}>
                删除
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {may ? (
        <Choose free={left.length > 0 && !sending ? 0 : free} busy={sending} take={(more) => void upload(more)} />
      ) : null}
    </section>
  )
}
