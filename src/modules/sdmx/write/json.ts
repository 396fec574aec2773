// What messages of SDMX-JSON 2.0 share.
import { newId } from '#core/ids.ts'

const SCHEMA = 'https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master'

export const named = (name: string, description?: string) => ({
  name,
  names: { zh: name },
  ...(description ? { description, descriptions: { zh: description } } : {}),
})

export const meta = (
  message: 'data' | 'structure',
  { prepared, sender }: { prepared: string; sender: { id: string; name: string } },
) => ({
  schema: `${SCHEMA}/${message}-message/tools/schemas/2.0.0/sdmx-json-${message}-schema.json`,
  id: newId(),
  prepared,
  test: false,
  contentLanguages: ['zh'],
  sender: { id: sender.id, ...named(sender.name) },
})
