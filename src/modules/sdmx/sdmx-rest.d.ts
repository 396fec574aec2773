/** The parts of the client that the tests use; it comes without types. */
declare module 'sdmx-rest' {
  type Fields = Record<string, string | number | readonly string[]>
  type Made = { readonly made: unique symbol }
  export function getService(service: Fields): Made
  export function getDataQuery(query: Fields): Made
  export function getDataQuery2(query: Fields): Made
  export function getMetadataQuery(query: Fields): Made
  export function getAvailabilityQuery2(query: Fields): Made
  export function request(query: Made, service: Made, options: { headers: Record<string, string> }): Promise<string>
}
