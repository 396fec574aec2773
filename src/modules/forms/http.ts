import { askRoutes } from './http/ask.ts'
import { registryRoutes } from './http/registry.ts'

export const routes = [...registryRoutes, ...askRoutes]
