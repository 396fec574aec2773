import { z } from 'zod'
import { id } from '#core/contract.ts'
import { fileBody, route } from '#core/http/route.ts'
import { cancelChange, listUnitChanges, previewChange, readUnitChange, reorganiseUnits } from './actions/change.ts'
import { importDivisionRows, importTree, readImportTemplate } from './actions/imports.ts'
import { endLink, linkUnits, listLinks } from './actions/links.ts'
import { listPlates } from './actions/plates.ts'
import { listUnits, readUnit } from './actions/read.ts'
import { routes as communities } from './http/communities.ts'
import { routes as registers } from './http/register.ts'
import { routes as terms } from './http/terms.ts'
import {
  Cancellation,
  ChangePreview,
  DivisionImport,
  ImportPreview,
  ImportQuery,
  ImportResult,
  LinkEnd,
  ListLinksQuery,
  ListPlatesQuery,
  ListUnitChangesQuery,
  ListUnitsQuery,
  NewUnitChange,
  NewUnitLink,
  ReadUnitQuery,
  UnitChange,
  UnitChangeList,
  UnitChangePage,
  UnitLink,
  UnitLinkList,
  UnitList,
  UnitPage,
  UnitPlateList,
} from './contract.ts'

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const workbookFailures = [
  'not-a-workbook',
  'old-format',
  'locked',
  'bomb',
  'too-large',
  'damaged',
  'formula',
  'active-content',
  'timeout',
].map((code) => `workbook.${code}`)

const byId = z.strictObject({ id })
const shape = [
  'unit.outside-life',
  'unit.operation-later',
  'unit.unknown-kind',
  'unit.cycle',
  'unit.second-root',
  'unit.root-stays',
  'unit.too-deep',
  'unit.other-tree',
  'unit.parent-not-open',
  'unit.has-children',
  'unit.later-changes',
  'unit.child-unassigned',
  'unit.rest-unassigned',
  'unit.same-unit',
  'unit.code-taken',
  'unit.id-taken',
  'unit.too-many-units',
]

const reads = [
  route({
    method: 'GET',
    path: '/units',
    operationId: 'listUnits',
    summary: 'Units of a day: children of a unit, roots of what I may see, or a search',
    permission: 'unit.read',
    query: ListUnitsQuery,
    response: UnitList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listUnits(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/units/{id}',
    operationId: 'getUnit',
    summary: 'A unit with its dated life, predecessors, successors, links and plans',
    permission: 'unit.read',
    params: byId,
    query: ReadUnitQuery,
    response: UnitPage,
    failures: ['unit.not-found', 'unit.not-on-day'],
    rate: 'read',
    action: (ctx, { params, query }) => readUnit(ctx, params.id, query.on),
  }),
]

const plates = [
  route({
    method: 'GET',
    path: '/unit-plates',
    operationId: 'listUnitPlates',
    summary: 'Plates of the places below a unit: what residents scan to speak for a place',
    permission: 'unit.read',
    query: ListPlatesQuery,
    response: UnitPlateList,
    failures: ['unit.not-found'],
    rate: 'read',
    action: (ctx, { query }) => listPlates(ctx, query),
  }),
]

const changes = [
  route({
    method: 'POST',
    path: '/unit-changes/preview',
    operationId: 'previewChange',
    summary: 'Before and after of a reorganisation with what it does to counts, without writing',
    permission: 'unit.reorganise',
    body: NewUnitChange,
    response: ChangePreview,
    failures: ['unit.not-found', ...shape],
    rate: 'heavy',
    action: (ctx, { body }) => previewChange(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/unit-changes',
    operationId: 'reorganiseUnits',
    summary: 'Decide a reorganisation: carried out at once, or planned when its day is to come',
    permission: 'unit.reorganise',
    body: NewUnitChange,
    response: UnitChange,
    status: 201,
    failures: ['unit.not-found', 'unit.not-settled', ...shape],
    rate: 'heavy',
    action: (ctx, { body }) => reorganiseUnits(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/unit-changes',
    operationId: 'listUnitChanges',
    summary: 'Reorganisations, planned and carried out, newest first',
    permission: 'unit.read',
    query: ListUnitChangesQuery,
    response: UnitChangeList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listUnitChanges(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/unit-changes/{id}',
    operationId: 'getUnitChange',
    summary: 'One reorganisation with its before and after, and while it is planned with what it does to counts',
    permission: 'unit.read',
    params: byId,
    response: UnitChangePage,
    failures: ['unit.not-found'],
    rate: 'read',
    action: (ctx, { params }) => readUnitChange(ctx, params.id),
  }),
  route({
    method: 'POST',
    path: '/unit-changes/{id}/cancellation',
    operationId: 'cancelUnitChange',
    summary: 'Take back a planned reorganisation',
    permission: 'unit.reorganise',
    params: byId,
    body: Cancellation,
    response: UnitChange,
    failures: ['unit.not-found', 'unit.not-planned'],
    rate: 'write',
    action: (ctx, { params, body }) => cancelChange(ctx, params.id, body.reason),
  }),
]

const links = [
  route({
    method: 'GET',
    path: '/unit-links',
    operationId: 'listUnitLinks',
    summary: 'Services, alliances and contacts of a unit or of all below it',
    permission: 'unit.read',
    query: ListLinksQuery,
    response: UnitLinkList,
    failures: ['unit.not-found'],
    rate: 'read',
    action: (ctx, { query }) => listLinks(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/unit-links',
    operationId: 'linkUnits',
    summary: 'Link two units from a day: serves, alliance, contact',
    permission: 'unit.link',
    body: NewUnitLink,
    response: UnitLink,
    status: 201,
    failures: [
      'unit.not-found',
      'unit.same-unit',
      'unit.link-shape',
      'unit.link-days',
      'unit.link-exists',
      'unit.outside-life',
    ],
    rate: 'write',
    action: (ctx, { body }) => linkUnits(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/unit-links/{id}/end',
    operationId: 'endLink',
    summary: 'End a link on a day',
    permission: 'unit.link',
    params: byId,
    body: LinkEnd,
    response: UnitLink,
    failures: ['unit.not-found', 'unit.link-ended', 'unit.link-days'],
    rate: 'write',
    action: (ctx, { params, body }) => endLink(ctx, params.id, body),
  }),
]

const imports = [
  route({
    method: 'POST',
    path: '/unit-imports/divisions',
    operationId: 'importDivisions',
    summary:
      'One part of the national division table: rows of code and name, parents before children, idempotent by code',
    permission: 'unit.import',
    body: DivisionImport,
    response: ImportResult,
    failures: ['unit.not-found', 'unit.import-no-code', 'unit.other-tree', 'unit.outside-life'],
    rate: 'heavy',
    action: (ctx, { body }) => importDivisionRows(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/unit-imports',
    operationId: 'importUnits',
    summary:
      'A district’s own tree from a workbook: without `commit` a preview, with the hash of what was previewed the import',
    permission: 'unit.import',
    query: ImportQuery,
    body: fileBody,
    upload: { maxBytes: 10 * 1024 * 1024, types: [WORKBOOK] },
    response: ImportPreview,
    failures: [
      'unit.not-found',
      'unit.import-header',
      'unit.import-problems',
      'unit.import-changed',
      ...workbookFailures,
      ...shape,
    ],
    rate: 'heavy',
    action: (ctx, { query, body }) => importTree(ctx, query, body),
  }),
  route({
    method: 'GET',
    path: '/unit-imports/template',
    operationId: 'getUnitTemplate',
    summary: 'Workbook to fill in for an import of units',
    permission: 'unit.import',
    response: 'file',
    produces: WORKBOOK,
    failures: [],
    rate: 'read',
    action: (ctx) => readImportTemplate(ctx),
  }),
]

export const routes = [...imports, ...reads, ...plates, ...changes, ...links, ...registers, ...terms, ...communities]
