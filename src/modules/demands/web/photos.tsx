// Photos of a demand beside its words: shown to whoever sees the demand, added and taken away by who registers demands there.
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import { call } from '#web/api.ts'
import { Act, Refused, useRefresh, useTold } from '#web/kit/act.tsx'
import { useForm } from '#web/kit/form.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { photographOf } from '#web/photo.ts'
import type { DemandPage } from '../contract.ts'
import { MOST_PHOTOS } from '../contract/names.ts'

export function Photos({ page }: { page: DemandPage }) {
  const { photos, mayAddPhotos: may, demand } = page
  if (photos.length === 0 && !may) return null
  const at = `/demands/${demand.id}/photos`
  return (
    <Sheet title="照片" padded>
      <ul className="row" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }}>
        {photos.map((photo, i) => (
          <li key={photo.id} className="stack" style={{ gap: 4 }}>
            <Picture src={`/api${at}/${photo.id}`} alt={`第 ${i + 1} 张${photo.byResident ? '，诉求人添加' : ''}`} />
            <span className="row quiet">
              {photo.byResident ? '诉求人添加' : '工作人员添加'}
              {may ? (
                <Act
                  verb="删除"
                  size="small"
                  type="text"
                  done="已删除照片"
                  effect="照片删除后不能恢复。"
                  run={(_, key) => call('DELETE', `${at}/${photo.id}`, { idempotencyKey: key })}
                />
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {may && photos.length < MOST_PHOTOS ? <Add at={at} free={MOST_PHOTOS - photos.length} /> : null}
    </Sheet>
  )
}

/** Small beside the others, in full when it is opened. */
function Picture({ src, alt }: { src: string; alt: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="picture" aria-label={`放大${alt}`} onClick={() => setOpen(true)}>
        <img src={src} alt={alt} loading="lazy" />
      </button>
      <Modal
        open={open}
        title={alt}
        footer={null}
        width="auto"
        centered
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <img src={src} alt={alt} style={{ maxWidth: '100%', maxHeight: '78vh' }} />
      </Modal>
    </>
  )
}

/** One at a time, drawn anew before it leaves the machine. */
function Add({ at, free }: { at: string; free: number }) {
  const input = useRef<HTMLInputElement>(null)
  const form = useForm({})
  const refresh = useRefresh()
  const told = useTold()
  const chosen = async (file: File | undefined) => {
    if (input.current) input.current.value = ''
    if (!file) return
    // what the browser cannot open is sent as it is: the server says what is wrong with it
    const body = (await photographOf(file)) ?? new Blob([file], { type: 'image/jpeg' })
    const done = await form.submit((_, idempotencyKey) => call('POST', at, { body, idempotencyKey }))
    if (!done) return
    told('已添加照片')
    await refresh()
  }
  return (
    <div className="no-print" style={{ marginTop: 10 }}>
      {form.problem ? <Refused problem={form.problem} close={form.reset} /> : null}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label="选择照片"
        onChange={(e) => void chosen(e.target.files?.[0])}
      />
      <Button loading={form.busy} onClick={() => input.current?.click()}>
        添加照片
      </Button>
      <span className="quiet">　还可以加 {free} 张；只保存画面，不保存拍摄位置和设备</span>
    </div>
  )
}
