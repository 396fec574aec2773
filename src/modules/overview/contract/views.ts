// What of an address a view keeps; read by the console as well, so without the shapes.

/** Where people are looked for: pages of persons, accounts and letters, with what lies below them. */
const peoplePages = [
  '/persons',
  '/posts',
  '/registrations',
  '/talents',
  '/accounts',
  '/mandates',
  '/exports',
  '/history',
  '/feedback',
]

export const isAboutPeople = (page: string) => peoplePages.some((p) => page === p || page.startsWith(`${p}/`))

/** Words looked for among people are names, telephones and numbers: no view keeps them. [PRV-01] */
const personalWords = ['search', 'q', 'subject']

/** A view's query as it is kept: what is open for the moment, named by `passing`, and words looked for among people are left out. */
export function keptQuery(page: string, query: string, passing: readonly string[] = []): string {
  const left = new Set([...passing, ...(isAboutPeople(page) ? personalWords : [])])
  const isKept = (part: string) => ![...new URLSearchParams(part).keys()].some((name) => left.has(name))
  return query.split('&').filter(isKept).join('&')
}
