import { DOCX, DOCX_BYTES, documentFailures } from '#core/docx.ts'
import { fileBody, route } from '#core/http/route.ts'
import { CheckDraft, CheckedDraft, DraftText } from '../contract.ts'
import { checkDraft, readDraftFile } from './act.ts'

export const draftRoutes = [
  route({
    method: 'POST',
    path: '/drafts/check',
    operationId: 'checkDraft',
    summary: 'Every number of a draft somebody else wrote: confirmed, contradicted, unsupported or ambiguous',
    description:
      'Nothing of the draft is stored or logged. Of a .docx, readDraftFile gives the text that is checked here.',
    permission: 'report.read',
    body: CheckDraft,
    response: CheckedDraft,
    failures: ['figure.bad-period', 'figure.unit-not-found', 'figure.no-place'],
    rate: 'heavy',
    action: (ctx, { body }) => checkDraft(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/drafts/text',
    operationId: 'readDraftFile',
    summary: 'The text of a .docx, one line a paragraph, as checkDraft takes it; the file is kept nowhere',
    permission: 'report.read',
    body: fileBody,
    upload: { maxBytes: DOCX_BYTES, types: [DOCX] },
    response: DraftText,
    failures: documentFailures,
    rate: 'heavy',
    action: (ctx, { body }) => readDraftFile(ctx, body),
  }),
]
