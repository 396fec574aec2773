// Numbers, phones and addresses are sealed for exactly one row and found again by blind indexes only. [A-43, A-44, C-12]
import { type CryptoProvider, maskId, maskPhone } from '#core/crypto.ts'
import type { SealedField } from './contract.ts'

export interface Secrets {
  idNumber?: string | null | undefined
  phone?: string | null | undefined
  address?: string | null | undefined
}

const contexts = {
  'id-number': (id: string) => `person.id_number:${id}`,
  phone: (id: string) => `person.phone:${id}`,
  address: (id: string) => `person.address:${id}`,
} satisfies Record<SealedField, (id: string) => string>

export interface SealedColumns {
  id_sealed: Buffer | null
  id_index: Buffer | null
  id_tail: Buffer | null
  phone_sealed: Buffer | null
  phone_index: Buffer | null
  phone_tail: Buffer | null
  address_sealed: Buffer | null
}

/** Columns of the secrets that are given; null empties them, undefined leaves them out. */
export function sealSecrets(
  vault: CryptoProvider,
  id: string,
  { idNumber, phone, address }: Secrets,
): Partial<SealedColumns> {
  const index = (purpose: string, value: string | null) => (value ? vault.blindIndex(purpose, value) : null)
  const seal = (field: SealedField, value: string | null) => (value ? vault.seal(contexts[field](id), value) : null)
  return {
    ...(idNumber === undefined
      ? {}
      : {
          id_sealed: seal('id-number', idNumber),
          id_index: index('id-number', idNumber),
          id_tail: index('id-tail', idNumber?.slice(-4) ?? null),
        }),
    ...(phone === undefined
      ? {}
      : {
          phone_sealed: seal('phone', phone),
          phone_index: index('phone', phone),
          phone_tail: index('phone-tail', phone?.slice(-4) ?? null),
        }),
    ...(address === undefined ? {} : { address_sealed: seal('address', address) }),
  }
}

export function openSecret(
  vault: CryptoProvider,
  id: string,
  field: SealedField,
  sealed: Buffer | null,
): string | null {
  return sealed && vault.open(contexts[field](id), sealed)
}

/** An address shows that it is held and not where: its beginning would tell as much as the whole. */
export function masked(
  vault: CryptoProvider,
  row: { id: string; id_sealed: Buffer | null; phone_sealed: Buffer | null },
) {
  const idNumber = openSecret(vault, row.id, 'id-number', row.id_sealed)
  const phone = openSecret(vault, row.id, 'phone', row.phone_sealed)
  return { idNumber: idNumber && maskId(idNumber), phone: phone && maskPhone(phone) }
}

export const ADDRESS_MASK = '已登记'
