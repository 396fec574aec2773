import { z } from 'zod'
import { route } from '#core/http/route.ts'
import { editMechanism, listEngines, listMechanisms } from './actions.ts'
import { EditMechanism, EngineList, MechanismList } from './contract.ts'

export const routes = [
  route({
    method: 'GET',
    path: '/mechanisms',
    operationId: 'listMechanisms',
    summary: 'Named mechanisms of the district with their engine, settings and validity',
    permission: 'mechanism.read',
    response: MechanismList,
    failures: [],
    rate: 'read',
    action: (ctx) => listMechanisms(ctx),
  }),
  route({
    method: 'GET',
    path: '/engines',
    operationId: 'listEngines',
    summary: 'Engines and the schema of their settings',
    permission: 'mechanism.read',
    response: EngineList,
    failures: [],
    rate: 'read',
    action: (ctx) => listEngines(ctx),
  }),
  route({
    method: 'PUT',
    path: '/mechanisms/{id}',
    operationId: 'editMechanism',
    summary: 'Change name, settings or end of validity of a mechanism',
    permission: 'mechanism.write',
    params: z.strictObject({ id: z.string().max(60) }),
    body: EditMechanism,
    response: z.strictObject({ id: z.string(), version: z.int() }),
    failures: [
      'mechanism.not-found',
      'mechanism.unknown-engine',
      'mechanism.bad-settings',
      'core.stale',
      'core.version-needed',
    ],
    rate: 'write',
    ifMatch: true,
    action: (ctx, { params, body, version }) => editMechanism(ctx, params.id, version, body),
  }),
]
