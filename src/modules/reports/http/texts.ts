import { z } from 'zod'
import { id, paging } from '#core/contract.ts'
import { DOCX, DOCX_BYTES, documentFailures } from '#core/docx.ts'
import { fileBody, route } from '#core/http/route.ts'
import { buildReport, fileTypes } from '../actions/build.ts'
import { listDocuments, readManifest } from '../actions/documents.ts'
import { listTemplates, previewReport } from '../actions/preview.ts'
import { verifyDocument } from '../actions/verify.ts'
import * as c from '../contract.ts'

export const reading = [
  'report.unknown-template',
  'figure.unknown-measure',
  'figure.unknown-dimension',
  'figure.bad-period',
  'figure.unit-not-found',
  'figure.no-place',
  'figure.preparing',
] as const

export const textRoutes = [
  route({
    method: 'GET',
    path: '/report-templates',
    operationId: 'listReportTemplates',
    summary: 'Templates of the district',
    permission: 'report.read',
    response: c.TemplateList,
    failures: [],
    rate: 'read',
    action: (ctx) => listTemplates(ctx),
  }),
  route({
    method: 'POST',
    path: '/reports/preview',
    operationId: 'previewReport',
    summary: 'The text with every number bound, and what may not be printed with the reason',
    permission: 'report.read',
    body: c.PreviewReport,
    response: c.Preview,
    failures: [...reading],
    rate: 'heavy',
    action: (ctx, { body }) => previewReport(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/reports',
    operationId: 'buildReport',
    summary:
      'The review as .docx (or html, pdf, xlsx), with the manifest of its numbers; refused while one of them would not be true',
    permission: 'report.read',
    body: c.BuildReport,
    response: 'file',
    produces: Object.values(fileTypes),
    failures: [...reading, 'report.untrue', 'report.no-office'],
    rate: 'heavy',
    action: (ctx, { body }) => buildReport(ctx, body, ctx.ground.publicUrl),
  }),
  route({
    method: 'GET',
    path: '/report-documents',
    operationId: 'listReportDocuments',
    summary: 'Documents that were made, newest first',
    permission: 'report.read',
    query: z.strictObject(paging),
    response: c.ManifestList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listDocuments(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/report-documents/{id}',
    operationId: 'readReportManifest',
    summary: 'Every number of a document: measure, version, value, evidence digest',
    permission: 'report.read',
    params: z.strictObject({ id }),
    response: c.Manifest,
    failures: ['report.unknown-document'],
    rate: 'read',
    action: (ctx, { params }) => readManifest(ctx, params.id),
  }),
  route({
    method: 'POST',
    path: '/report-documents/verification',
    operationId: 'verifyReport',
    summary:
      'Every number of a document of ours: unchanged, restated, edited by hand, taken out or gone; the file is kept nowhere',
    permission: 'report.read',
    body: fileBody,
    upload: { maxBytes: DOCX_BYTES, types: [DOCX] },
    response: c.Verified,
    failures: [...documentFailures, 'report.not-ours', 'report.unknown-document', 'figure.preparing'],
    rate: 'heavy',
    action: (ctx, { body }) => verifyDocument(ctx, body),
  }),
]
