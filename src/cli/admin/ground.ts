// What a use case stands on when an operator runs it: the database of the place, its keys, nobody's session, nothing sent outside.
import '#app.ts'
import { type Ground, noAccess } from '#core/context.ts'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { outboundTo } from '#core/outbound.ts'
import type { OpenPlace } from './place.ts'

export const groundOf = ({ database, folder }: Pick<OpenPlace, 'database' | 'folder'>): Ground => ({
  database,
  vault: openssl(loadKeyring(folder)),
  publicUrl: '',
  outbound: outboundTo([]),
  access: noAccess,
  changed: () => {},
})
