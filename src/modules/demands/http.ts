import { demandRoutes } from './http/demand.ts'
import { residentRoutes } from './http/resident.ts'
import { taskRoutes } from './http/task.ts'

export const routes = [...residentRoutes, ...demandRoutes, ...taskRoutes]
