import { routes as importRoutes } from './http/imports.ts'
import { routes as mergeRoutes } from './http/merges.ts'
import { routes as personRoutes } from './http/persons.ts'
import { routes as registrationRoutes } from './http/registrations.ts'
import { routes as talentRoutes } from './http/talents.ts'
import { routes as tieRoutes } from './http/ties.ts'

export const routes = [
  ...importRoutes,
  ...personRoutes,
  ...tieRoutes,
  ...registrationRoutes,
  ...mergeRoutes,
  ...talentRoutes,
]
