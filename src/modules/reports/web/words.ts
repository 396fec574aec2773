import type { Block, ManuscriptState, Template } from '../contract.ts'

export { stateNames as stateWords } from '../rules.ts'

export const stepVerbs: Readonly<Record<ManuscriptState, string>> = {
  drafted: '退回起草',
  checked: '核数通过',
  reviewed: '审核通过',
  approved: '签发',
  published: '登记刊发',
  corrected: '登记更正',
  dropped: '作废',
}

export const blockWords: Readonly<Record<Block['kind'], string>> = {
  paragraph: '段落',
  quote: '引语',
  caption: '图片说明',
  table: '数字表',
  chart: '图（下附数字表）',
}

export const emptyBlock = (kind: Block['kind']): Block => {
  if (kind === 'quote') return { kind, text: '', speaker: '', consent: null }
  if (kind === 'caption') return { kind, text: '', credit: '', people: false, consent: null }
  if (kind === 'chart') return { kind, title: '', form: 'bar', measures: ['demands.raised'], by: 'child' }
  if (kind === 'table') return { kind, title: '', measures: ['demands.raised'], by: 'child' }
  return { kind, runIn: '', text: '' }
}

export const emptyTemplate: Template = {
  id: 'blank',
  occasion: '',
  masthead: '',
  title: '',
  subtitle: '',
  bylines: [],
  lead: '',
  thesis: '',
  sections: [{ heading: '', blocks: [emptyBlock('paragraph')] }],
  closing: '',
  credits: [],
}

/** What has no words yet is not sent: the server would only say that it is empty. */
export function tidied(t: Template): Template {
  const filled = (b: Block) =>
    b.kind === 'table' || b.kind === 'chart' ? b.title.trim() !== '' && b.measures.length > 0 : b.text.trim() !== ''
  const lines = (all: readonly string[]) => all.map((l) => l.trim()).filter(Boolean)
  return {
    ...t,
    bylines: lines(t.bylines),
    credits: lines(t.credits),
    sections: t.sections.map((s) => ({ ...s, blocks: s.blocks.filter(filled) })).filter((s) => s.blocks.length > 0),
  }
}

/** Can it be sent at all: a title and at least one block with words. */
export const isSendable = (t: Template) => t.title.trim() !== '' && tidied(t).sections.length > 0
