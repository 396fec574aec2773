import { aboutRoutes } from './http/about.ts'
import { deskRoutes } from './http/desk.ts'
import { senderRoutes } from './http/sender.ts'

export const routes = [...senderRoutes, ...deskRoutes, ...aboutRoutes]
