import { Button, Drawer } from 'antd'
import { lazy, Suspense } from 'react'
import { useLocation } from 'wouter'
import { useAddress } from '#web/kit/address.ts'
import { Loading } from '#web/kit/states.tsx'

const SendFeedback = lazy(async () => ({ default: (await import('#modules/feedback/web/send.tsx')).SendFeedback }))

/** On every page: what is wrong with it, or could be better, is said right there. [JF-12] */
export function FeedbackEntry() {
  const { get, set } = useAddress()
  const [path] = useLocation()
  const close = () => set({ feedback: null })
  return (
    <>
      <Button type="text" onClick={() => set({ feedback: 1 })}>
        投诉建议
      </Button>
      <Drawer open={get('feedback') === '1'} title="投诉建议" size={460} onClose={close} destroyOnHidden>
        <Suspense fallback={<Loading lines={6} />}>
          <SendFeedback page={`/console${path === '/' ? '' : path}`} close={close} />
        </Suspense>
      </Drawer>
    </>
  )
}
