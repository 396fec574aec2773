import { courseRoutes } from './http/course.ts'
import { demandRoutes } from './http/demand.ts'
import { intakeRoutes } from './http/intake.ts'
import { photoRoutes } from './http/photos.ts'
import { residentRoutes } from './http/resident.ts'
import { supportRoutes } from './http/support.ts'
import { taskRoutes } from './http/task.ts'

export const routes = [
  ...residentRoutes,
  ...demandRoutes,
  ...courseRoutes,
  ...supportRoutes,
  ...photoRoutes,
  ...intakeRoutes,
  ...taskRoutes,
]
