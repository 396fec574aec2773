import { route } from '#core/http/route.ts'
import { buildReport, listTemplates, previewReport } from './actions.ts'
import { draftRoutes } from './check/routes.ts'
import { BuildReport, Preview, TemplateList } from './contract.ts'

const failures = [
  'report.unknown-template',
  'figure.unknown-measure',
  'figure.bad-period',
  'figure.unit-not-found',
  'figure.no-place',
  'figure.preparing',
]

export const routes = [
  ...draftRoutes,
  route({
    method: 'GET',
    path: '/report-templates',
    operationId: 'listReportTemplates',
    summary: 'Templates of the district',
    permission: 'report.read',
    response: TemplateList,
    failures: [],
    rate: 'read',
    action: (ctx) => listTemplates(ctx),
  }),
  route({
    method: 'POST',
    path: '/reports/preview',
    operationId: 'previewReport',
    summary: 'The review with every number bound, and what may not be printed with the reason',
    permission: 'report.read',
    body: BuildReport,
    response: Preview,
    failures,
    rate: 'heavy',
    action: (ctx, { body }) => previewReport(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/reports',
    operationId: 'buildReport',
    summary: 'The review as .docx; refused while a number in it would not be true',
    permission: 'report.read',
    body: BuildReport,
    response: 'file',
    produces: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    failures: [...failures, 'report.untrue'],
    rate: 'heavy',
    action: (ctx, { body }) => buildReport(ctx, body, ctx.ground.publicUrl),
  }),
]
