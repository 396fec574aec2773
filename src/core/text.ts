/** Text of a file as people save it: UTF-8, or what older editors on Windows write; null where it is neither. */
export function decodeText(bytes: Uint8Array): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // the next encoding
    }
  }
  return null
}
