import { createRoot } from 'react-dom/client'
import { Console } from './console/app.tsx'
import './kit/kit.css'

createRoot(document.getElementById('root') as HTMLElement).render(<Console />)
