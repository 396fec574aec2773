import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { followDemand, rateDemand } from './actions/follow.ts'
import { answerDemand, closeDemand, contactResident, dispatchDemand, recordCallback, signDemand } from './actions/handle.ts'
import { openDemand, raiseDemand, readPlace } from './actions/open.ts'
import { listClaims, listDemands, listMyClaims, listTasks, readDemand } from './actions/read.ts'
import { acceptWork, claimTask, publishTask, submitWork, withdrawClaim } from './actions/tasks.ts'
import * as c from './contract.ts'

const params = z.strictObject({ id })
const codeParams = z.strictObject({ code: z.string().max(40) })
const Done = z.strictObject({ id })

const residentRoutes = [
  route({ method: 'GET', path: '/places/{code}', operationId: 'readPlace', summary: 'What the QR plate of a place opens', permission: 'public', params: codeParams, response: c.PlacePlate, failures: ['demand.unknown-place', 'demand.not-for-residents'], rate: 'public', action: (ctx, { params: p }) => readPlace(ctx, p.code) }),
  route({ method: 'POST', path: '/raised-demands', operationId: 'raiseDemand', summary: 'A resident raises a demand without an account', permission: 'public', body: c.RaiseDemand, response: c.Raised, status: 201, failures: ['demand.unknown-place', 'demand.unknown-category', 'demand.not-for-residents'], rate: 'public', action: (ctx, { body }) => raiseDemand(ctx, body) }),
  route({ method: 'GET', path: '/raised-demands/{code}', operationId: 'followDemand', summary: 'Follow a demand by its code', permission: 'public', params: codeParams, response: c.Followed, failures: ['demand.bad-code'], rate: 'public', action: (ctx, { params: p }) => followDemand(ctx, p.code) }),
  route({ method: 'POST', path: '/raised-demands/{code}/rating', operationId: 'rateDemand', summary: 'The resident says whether it is solved and how satisfied he is', permission: 'public', params: codeParams, body: c.RateDemand, response: z.strictObject({ state: c.DemandState }), failures: ['demand.bad-code', 'demand.wrong-state'], rate: 'public', action: (ctx, { params: p, body }) => rateDemand(ctx, p.code, body) }),
]

const demandRoutes = [
  route({ method: 'GET', path: '/demands', operationId: 'listDemands', summary: 'Demands of a unit and below, with an exact total', permission: 'demand.read', query: c.ListDemandsQuery, response: c.DemandList, failures: [], rate: 'read', action: (ctx, { query }) => listDemands(ctx, query) }),
  route({ method: 'POST', path: '/demands', operationId: 'openDemand', summary: 'Register a demand on behalf of a resident', permission: 'demand.open', body: c.OpenDemand, response: z.strictObject({ id, no: z.int(), code: z.string() }), status: 201, failures: ['unit.not-found', 'demand.unknown-category', 'mechanism.not-found', 'mechanism.not-in-force', 'mechanism.wrong-engine'], rate: 'write', action: (ctx, { body }) => openDemand(ctx, body) }),
  route({ method: 'GET', path: '/demands/{id}', operationId: 'readDemand', summary: 'One demand with its clocks, hands and timeline', permission: 'demand.read', params, response: c.DemandPage, failures: ['demand.not-found'], rate: 'read', action: (ctx, { params: p }) => readDemand(ctx, p.id) }),
  route({ method: 'POST', path: '/demands/{id}/dispatch', operationId: 'dispatchDemand', summary: 'Make units responsible, or hand it to volunteers as a task', permission: 'demand.dispatch', params, body: c.DispatchDemand, response: z.strictObject({ id, taskId: id.nullable() }), failures: ['demand.not-found', 'demand.wrong-state', 'demand.not-theirs', 'unit.not-found'], rate: 'write', action: (ctx, { params: p, body }) => dispatchDemand(ctx, p.id, body) }),
  route({ method: 'POST', path: '/demands/{id}/signature', operationId: 'signDemand', summary: 'The responsible unit takes the demand', permission: 'demand.sign', params, response: Done, failures: ['demand.not-found', 'demand.wrong-state'], rate: 'write', action: (ctx, { params: p }) => signDemand(ctx, p.id) }),
  route({ method: 'POST', path: '/demands/{id}/contact', operationId: 'contactResident', summary: 'The resident was contacted: the response clock stops', permission: 'demand.answer', params, response: Done, failures: ['demand.not-found', 'demand.wrong-state'], rate: 'write', action: (ctx, { params: p }) => contactResident(ctx, p.id) }),
  route({ method: 'POST', path: '/demands/{id}/answer', operationId: 'answerDemand', summary: 'The responsible unit answers', permission: 'demand.answer', params, body: c.AnswerDemand, response: Done, failures: ['demand.not-found', 'demand.wrong-state'], rate: 'write', action: (ctx, { params: p, body }) => answerDemand(ctx, p.id, body) }),
  route({ method: 'POST', path: '/demands/{id}/callbacks', operationId: 'recordCallback', summary: 'Somebody other than the handler calls the resident back', permission: 'demand.call-back', params, body: c.RecordCallback, response: z.strictObject({ id, state: c.DemandState }), status: 201, failures: ['demand.not-found', 'demand.wrong-state', 'demand.same-hand', 'demand.called-today'], rate: 'write', action: (ctx, { params: p, body }) => recordCallback(ctx, p.id, body) }),
  route({ method: 'POST', path: '/demands/{id}/closure', operationId: 'closeDemand', summary: 'Close a demand that was called back', permission: 'demand.close', params, body: c.CloseDemand, response: Done, failures: ['demand.not-found', 'demand.wrong-state', 'demand.no-callback'], rate: 'write', action: (ctx, { params: p, body }) => closeDemand(ctx, p.id, body) }),
]

const taskRoutes = [
  route({ method: 'GET', path: '/tasks', operationId: 'listTasks', summary: 'Tasks of a unit and below', permission: 'task.read', query: c.ListTasksQuery, response: c.TaskList, failures: [], rate: 'read', action: (ctx, { query }) => listTasks(ctx, query) }),
  route({ method: 'POST', path: '/tasks', operationId: 'publishTask', summary: 'Publish a task members and volunteers may claim', permission: 'task.publish', body: c.PublishTask, response: z.strictObject({ id, no: z.int() }), status: 201, failures: ['unit.not-found', 'demand.unknown-category', 'demand.not-found', 'mechanism.not-found', 'mechanism.not-in-force', 'mechanism.wrong-engine'], rate: 'write', action: (ctx, { body }) => publishTask(ctx, body) }),
  route({ method: 'GET', path: '/tasks/{id}/claims', operationId: 'listClaims', summary: 'Who claimed a task', permission: 'task.read', params, response: c.ClaimList, failures: ['demand.task-not-found'], rate: 'read', action: (ctx, { params: p }) => listClaims(ctx, p.id) }),
  route({ method: 'POST', path: '/tasks/{id}/claims', operationId: 'claimTask', summary: 'Claim a place, or join the waiting list', permission: 'task.claim', params, body: c.ClaimTask, response: z.strictObject({ id, state: z.enum(['claimed', 'waiting']) }), status: 201, failures: ['demand.task-not-found', 'demand.task-full', 'demand.task-closed', 'demand.already-claimed', 'demand.not-registered', 'demand.no-person'], rate: 'write', action: (ctx, { params: p, body }) => claimTask(ctx, p.id, body) }),
  route({ method: 'GET', path: '/me/claims', operationId: 'listMyClaims', summary: 'My claims and service record', permission: 'signed-in', response: c.ClaimList, failures: [], rate: 'read', action: (ctx) => listMyClaims(ctx) }),
  route({ method: 'DELETE', path: '/claims/{id}', operationId: 'withdrawClaim', summary: 'Step back from a claim', permission: 'signed-in', params, response: z.strictObject({ id, movedUp: id.nullable() }), failures: ['demand.claim-not-found', 'demand.claim-state'], rate: 'write', action: (ctx, { params: p }) => withdrawClaim(ctx, p.id) }),
  route({ method: 'POST', path: '/claims/{id}/submission', operationId: 'submitWork', summary: 'The claimant says the work is done', permission: 'signed-in', params, body: c.SubmitWork, response: Done, failures: ['demand.claim-not-found', 'demand.claim-state'], rate: 'write', action: (ctx, { params: p, body }) => submitWork(ctx, p.id, body) }),
  route({ method: 'POST', path: '/claims/{id}/acceptance', operationId: 'acceptWork', summary: 'The organiser accepts and records minutes of service', permission: 'task.accept', params, body: c.AcceptWork, response: z.strictObject({ id, minutes: z.int(), certificate: z.string() }), failures: ['demand.claim-not-found', 'demand.claim-state', 'demand.bad-interval', 'demand.overlap'], rate: 'write', action: (ctx, { params: p, body }) => acceptWork(ctx, p.id, body) }),
]

export const routes = [...residentRoutes, ...demandRoutes, ...taskRoutes]
