import { z } from 'zod'
import { id } from '#core/contract.ts'
import { fileBody, route } from '#core/http/route.ts'
import { cancelPeopleImport, listPeopleImports } from '../actions/imports/batches.ts'
import { importPeople } from '../actions/imports/check.ts'
import { commitPeopleImport, undoPeopleImport } from '../actions/imports/commit.ts'
import { readImportErrors, readImportTemplate, readPeopleImport } from '../actions/imports/workbooks.ts'
import * as c from '../contract.ts'

const params = z.strictObject({ id })

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const upload = { maxBytes: 20 * 1024 * 1024, types: [WORKBOOK, 'application/octet-stream'] }
const workbookFaults = [
  'not-a-workbook',
  'old-format',
  'locked',
  'bomb',
  'too-large',
  'damaged',
  'formula',
  'active-content',
  'timeout',
].map((f) => `workbook.${f}`)

export const routes = [
  route({
    method: 'GET',
    path: '/people-import-template',
    operationId: 'readImportTemplate',
    summary: 'An empty member roster with drop-downs and instructions',
    permission: 'person.import',
    response: 'file',
    produces: WORKBOOK,
    failures: [],
    rate: 'heavy',
    action: (ctx) => readImportTemplate(ctx),
  }),
  route({
    method: 'POST',
    path: '/people-imports',
    operationId: 'importPeople',
    summary: 'Dry run of a member roster: every row judged, nothing stored as a person',
    permission: 'person.import',
    query: c.ImportPeopleQuery,
    body: fileBody,
    upload,
    response: c.PeopleImport,
    status: 201,
    failures: ['core.too-large', 'core.wrong-type', 'person.roster-headers', 'person.bad-day', ...workbookFaults],
    rate: 'heavy',
    action: (ctx, { query, body }) => importPeople(ctx, query, body),
  }),
  route({
    method: 'GET',
    path: '/people-imports',
    operationId: 'listPeopleImports',
    summary: 'Rosters I uploaded, newest first, with what became of them',
    permission: 'person.import',
    query: c.ListPeopleImportsQuery,
    response: c.PeopleImportList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listPeopleImports(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/people-imports/{id}',
    operationId: 'readPeopleImport',
    summary: 'What a dry run found',
    permission: 'person.import',
    params,
    response: c.PeopleImport,
    failures: ['person.import-not-found'],
    rate: 'read',
    action: (ctx, { params: p }) => readPeopleImport(ctx, p.id),
  }),
  route({
    method: 'GET',
    path: '/people-imports/{id}/errors',
    operationId: 'readImportErrors',
    summary: 'The refused rows as a workbook, with what is wrong in red',
    permission: 'person.import',
    params,
    response: 'file',
    produces: WORKBOOK,
    failures: ['person.import-not-found', 'person.import-expired'],
    rate: 'heavy',
    action: (ctx, { params: p }) => readImportErrors(ctx, p.id),
  }),
  route({
    method: 'POST',
    path: '/people-imports/{id}/commit',
    operationId: 'commitPeopleImport',
    summary: 'Store what the dry run showed: the correct rows, or all or nothing',
    permission: 'person.import',
    params,
    body: c.CommitImport,
    response: c.Committed,
    failures: [
      'person.import-not-found',
      'person.import-other-file',
      'person.import-state',
      'person.import-has-errors',
      'person.import-stale',
      'person.import-expired',
      'person.formal-exists',
    ],
    rate: 'heavy',
    action: (ctx, { params: p, body }) => commitPeopleImport(ctx, p.id, body),
  }),
  route({
    method: 'POST',
    path: '/people-imports/{id}/cancellation',
    operationId: 'cancelPeopleImport',
    summary: 'Import nothing of a dry run; the uploaded rows are removed at once',
    permission: 'person.import',
    params,
    response: c.PeopleImportRow,
    failures: ['person.import-not-found', 'person.import-state'],
    rate: 'write',
    action: (ctx, { params: p }) => cancelPeopleImport(ctx, p.id),
  }),
  route({
    method: 'POST',
    path: '/people-imports/{id}/undo',
    operationId: 'undoPeopleImport',
    summary: 'Take an import back within a day; persons somebody has worked with stay',
    permission: 'person.import',
    params,
    response: c.Undone,
    failures: ['person.import-not-found', 'person.import-state', 'person.import-too-late'],
    rate: 'heavy',
    action: (ctx, { params: p }) => undoPeopleImport(ctx, p.id),
  }),
]
