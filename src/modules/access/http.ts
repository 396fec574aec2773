import { accountRoutes } from './http/accounts.ts'
import { mandateRoutes } from './http/mandates.ts'
import { sessionRoutes } from './http/sessions.ts'

export const routes = [...sessionRoutes, ...accountRoutes, ...mandateRoutes]
