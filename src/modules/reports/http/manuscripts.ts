import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { withTables } from '#core/http/tables.ts'
import { listCoverage, recordCoverage, takeBackCoverage } from '../actions/coverage.ts'
import {
  advanceManuscript,
  editManuscript,
  listManuscripts,
  readManuscript,
  writeManuscript,
} from '../actions/manuscripts.ts'
import * as c from '../contract.ts'
import { coverageTable } from '../tables.ts'
import { reading } from './texts.ts'

const params = z.strictObject({ id })
const mechanism = ['mechanism.not-found', 'mechanism.wrong-engine', 'mechanism.not-in-force'] as const

const writing = [
  route({
    method: 'GET',
    path: '/manuscripts',
    operationId: 'listManuscripts',
    summary: 'Manuscripts on their way, last changed first',
    permission: 'report.read',
    query: c.ListManuscripts,
    response: c.ManuscriptList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listManuscripts(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/manuscripts',
    operationId: 'writeManuscript',
    summary: 'Begin a text under a mechanism, for a unit and a period',
    permission: 'report.write',
    body: c.NewManuscript,
    response: c.ManuscriptPage,
    status: 201,
    failures: [...mechanism, 'report.not-found', 'report.no-texts'],
    rate: 'write',
    action: (ctx, { body }) => writeManuscript(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/manuscripts/{id}',
    operationId: 'readManuscript',
    summary: 'One manuscript with its content and the steps it took',
    permission: 'report.read',
    params,
    response: c.ManuscriptPage,
    failures: ['report.not-found'],
    rate: 'read',
    action: (ctx, { params: { id: one } }) => readManuscript(ctx, one),
  }),
  route({
    method: 'PUT',
    path: '/manuscripts/{id}',
    operationId: 'editManuscript',
    summary: 'Change content, unit or period',
    permission: 'report.write',
    params,
    body: c.EditManuscript,
    response: c.ManuscriptPage,
    failures: ['report.not-found', 'report.not-open'],
    rate: 'write',
    ifMatch: true,
    action: (ctx, { params: { id: one }, body, version }) => editManuscript(ctx, one, version, body),
  }),
  route({
    method: 'POST',
    path: '/manuscripts/{id}/steps',
    operationId: 'advanceManuscript',
    summary: 'Check, review, approve, publish, correct, give back or drop; numbers must be true at every step forward',
    permission: 'report.read',
    params,
    body: c.AdvanceManuscript,
    response: c.ManuscriptPage,
    failures: [
      ...reading,
      ...mechanism,
      'report.not-found',
      'report.not-next',
      'report.own-work',
      'report.note-needed',
      'report.publication-needed',
      'report.unknown-level',
      'report.untrue',
      'report.coverage-twice',
    ],
    rate: 'heavy',
    ifMatch: true,
    action: (ctx, { params: { id: one }, body, version }) => advanceManuscript(ctx, one, version, body),
  }),
]

const coverage = [
  ...withTables(
    {
      method: 'GET',
      path: '/coverage',
      operationId: 'listCoverage',
      summary: 'What appeared in print, on air, at meetings; newest first',
      permission: 'report.read',
      query: c.ListCoverage,
      response: c.CoverageList,
      failures: [],
      rate: 'read',
      action: (ctx, { query }) => listCoverage(ctx, query),
    },
    { of: coverageTable },
  ),
  route({
    method: 'POST',
    path: '/coverage',
    operationId: 'recordCoverage',
    summary: 'Record one item of coverage with its source',
    permission: 'report.write',
    body: c.RecordCoverage,
    response: c.Coverage,
    status: 201,
    failures: [
      ...mechanism,
      'report.coverage-not-found',
      'report.coverage-twice',
      'report.unknown-form',
      'report.unknown-level',
    ],
    rate: 'write',
    action: (ctx, { body }) => recordCoverage(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/coverage/{id}/withdrawal',
    operationId: 'withdrawCoverage',
    summary: 'Take back an item entered by mistake; it stays in the list and is no longer counted',
    permission: 'report.write',
    params,
    body: c.WithdrawCoverage,
    response: c.Coverage,
    failures: ['report.coverage-not-found'],
    rate: 'write',
    action: (ctx, { params: { id: one }, body }) => takeBackCoverage(ctx, one, body.reason),
  }),
]

export const manuscriptRoutes = [...writing, ...coverage]
