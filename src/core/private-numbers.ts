const numbers: [what: string, form: RegExp][] = [
  ['身份证号码', /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)/],
  ['手机号码', /(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/],
  ['银行卡号', /(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)/],
]

/** What kind of number that leads to a person stands in a text; null where none does. */
export const privateNumberIn = (text: string): string | null => numbers.find(([, form]) => form.test(text))?.[0] ?? null
