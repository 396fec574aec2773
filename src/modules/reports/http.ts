import { draftRoutes } from './check/routes.ts'
import { manuscriptRoutes } from './http/manuscripts.ts'
import { textRoutes } from './http/texts.ts'

export const routes = [...textRoutes, ...manuscriptRoutes, ...draftRoutes]
