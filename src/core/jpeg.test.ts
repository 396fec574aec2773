import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jpegOf, remarks } from '../../test/jpegs.ts'
import { BOUNDS, photographOf } from './jpeg.ts'

const bare = jpegOf({ more: [] })

describe('a photograph is taken in as its picture alone', () => {
  it('without position, device, thumbnail, profile, remark, and what follows the end (FI-05)', () => {
    const tail = Buffer.from('<script>alert(1)</script>')
    const photo = photographOf(jpegOf({ more: [...remarks, ...remarks], tail }))
    expect(photo).toMatchObject({ width: 640, height: 480 })
    expect(photo?.bytes.equals(bare)).toBe(true)
    expect(photographOf(bare)?.bytes.equals(bare)).toBe(true)
  })

  it('and is refused where it would decode to more than can be shown, at once (FI-05)', () => {
    const begun = performance.now()
    for (const shape of [
      { width: 65_500, height: 65_500 },
      { width: BOUNDS.side + 1, height: 1 },
      { width: BOUNDS.side, height: BOUNDS.side },
      { width: 0, height: 480 },
      { width: 640, height: 0 },
      { scans: BOUNDS.scans + 1 },
      { scans: 0 },
      { frame: 0xc3 },
      { frame: 0xc9 },
    ])
      expect(photographOf(jpegOf(shape)), JSON.stringify(shape)).toBeNull()
    expect(performance.now() - begun).toBeLessThan(200)
    expect(photographOf(jpegOf({ width: BOUNDS.side, height: 2_000, scans: BOUNDS.scans }))).not.toBeNull()
  })

  it('and whatever is no JPEG is none, by its content (FI-02, FI-05)', () => {
    const gif = Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1')
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(1_000_000, 0x41)])
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    const within = Buffer.concat([bare.subarray(0, -2), bare])
    for (const file of [gif, png, svg, Buffer.alloc(0), bare.subarray(0, 2), bare.subarray(0, -2), within])
      expect(photographOf(file)).toBeNull()
  })

  it('a file of any bytes, or one cut or changed anywhere, is refused or comes out within bounds and without remarks', () => {
    const whole = jpegOf()
    const changed = fc
      .tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length))
      .map(([at, byte, end]) =>
        Buffer.concat([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at + 1, at + 1 + end)]),
      )
    const any = fc.uint8Array({ maxLength: 400 }).map((a) => Buffer.concat([Buffer.from([0xff, 0xd8]), a]))
    fc.assert(
      fc.property(fc.oneof(changed, any), (file) => {
        const photo = photographOf(file)
        if (!photo) return
        expect(Math.max(photo.width, photo.height)).toBeLessThanOrEqual(BOUNDS.side)
        // what came out is its own picture: cleaned again it stays as it is
        expect(photographOf(photo.bytes)?.bytes.equals(photo.bytes)).toBe(true)
        expect(photo.bytes.length).toBeLessThanOrEqual(file.length)
      }),
      { numRuns: 3_000 },
    )
  })

  it('a megabyte of picture takes a few milliseconds', () => {
    const filled = Buffer.concat([
      bare.subarray(0, -2),
      Buffer.alloc(1_000_000, Buffer.from([0xff, 0x00])),
      bare.subarray(-2),
    ])
    const begun = performance.now()
    expect(photographOf(filled)?.bytes.length).toBe(filled.length)
    expect(performance.now() - begun).toBeLessThan(200)
  })
})
