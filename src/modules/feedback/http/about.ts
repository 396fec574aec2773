import { route } from '#core/http/route.ts'
import { changeAbout, listFunctions, listFunctionUses, readAbout } from '../actions/about.ts'
import * as c from '../contract.ts'

export const aboutRoutes = [
  route({
    method: 'GET',
    path: '/about',
    operationId: 'readAbout',
    summary: 'Who runs the system, under which filing, which version, what it keeps and on which ground',
    permission: 'public',
    query: c.districtQuery,
    response: c.About,
    failures: ['feedback.unknown-district'],
    rate: 'public',
    action: (ctx, { query }) => readAbout(ctx, query.district),
  }),
  route({
    method: 'PUT',
    path: '/about',
    operationId: 'changeAbout',
    summary: 'State anew who runs it and under which filing',
    permission: 'about.write',
    body: c.AboutSettings,
    response: c.About.pick({ settings: true, settingsVersion: true }),
    failures: ['feedback.unknown-district'],
    rate: 'write',
    ifMatch: true,
    action: (ctx, { body, version }) => changeAbout(ctx, version, body),
  }),
  route({
    method: 'GET',
    path: '/functions',
    operationId: 'listFunctions',
    summary: 'The functions of the system as they are filed',
    permission: 'public',
    response: c.FunctionList,
    failures: [],
    rate: 'public',
    action: () => listFunctions(),
  }),
  route({
    method: 'GET',
    path: '/function-uses',
    operationId: 'listFunctionUses',
    summary: 'How often each function was used; of nobody in particular',
    permission: 'function.read',
    query: c.FunctionUsesQuery,
    response: c.FunctionUses,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listFunctionUses(ctx, query),
  }),
]
