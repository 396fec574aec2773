import { route } from '#core/http/route.ts'
import { closeSession, openSession, readMe } from './actions.ts'
import { Me, OpenSession, Session } from './contract.ts'

export const routes = [
  route({
    method: 'POST',
    path: '/sessions',
    operationId: 'openSession',
    summary: 'Sign in with login, password and, where the role demands it, a second factor',
    permission: 'public',
    body: OpenSession,
    response: Session,
    status: 201,
    failures: ['access.wrong-credentials', 'access.unknown-district'],
    rate: 'login',
    action: (ctx, { body }) => openSession(ctx, body),
  }),
  route({
    method: 'DELETE',
    path: '/sessions/current',
    operationId: 'closeSession',
    summary: 'Sign out: the session ends at once, everywhere',
    permission: 'signed-in',
    response: 'none',
    failures: [],
    rate: 'write',
    action: (ctx) => closeSession(ctx),
  }),
  route({
    method: 'GET',
    path: '/me',
    operationId: 'readMe',
    summary: 'Who I am and what I may do where',
    permission: 'signed-in',
    response: Me,
    failures: [],
    rate: 'read',
    action: (ctx) => readMe(ctx),
  }),
]
