import './phone/phone.css'
import { createRoot } from 'react-dom/client'
import { App } from './phone/app.tsx'
import { keepFlushing } from './phone/outbox.ts'

createRoot(document.getElementById('root') as HTMLElement).render(<App />)
keepFlushing()
if ('serviceWorker' in navigator && location.protocol.startsWith('http') && import.meta.env.PROD)
  void navigator.serviceWorker.register('/sw.js').catch(() => {})
