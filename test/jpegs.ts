// JPEG files as their grammar has them, for tests of what is kept of them; the data of the picture are noise.

const segment = (marker: number, body: Buffer) => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** What phones write beside the picture: a position, a device, a thumbnail with a head of its own, a remark. */
export const remarks = [
  segment(0xe0, Buffer.from('JFIF\0\x01\x01\x00\x00\x48\x00\x48\x00\x00', 'latin1')),
  segment(0xe1, Buffer.from('Exif\0\0MM GPSLatitude 30.2741 GPSLongitude 120.1551 HUAWEI \xff\xd8\xff\xd9', 'latin1')),
  segment(0xe2, Buffer.from('ICC_PROFILE\0 of a phone', 'latin1')),
  segment(0xfe, Buffer.from('taken at home')),
]

export interface Shape {
  width?: number
  height?: number
  more?: readonly Buffer[]
  scans?: number
  tail?: Buffer
  frame?: number
}

export function jpegOf({
  width = 640,
  height = 480,
  more = remarks,
  scans = 1,
  tail,
  frame = 0xc0,
}: Shape = {}): Buffer {
  const size = Buffer.alloc(6)
  size[0] = 8
  size.writeUInt16BE(height, 1)
  size.writeUInt16BE(width, 3)
  size[5] = 1
  const scan = [
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
  ]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...more,
    segment(0xdb, Buffer.alloc(65, 16)),
    segment(frame, Buffer.concat([size, Buffer.from([1, 0x11, 0])])),
    segment(0xc4, Buffer.concat([Buffer.from([0]), Buffer.alloc(16), Buffer.alloc(1)])),
    ...Array.from({ length: scans }, () => scan).flat(),
    Buffer.from([0xff, 0xd9]),
    ...(tail ? [tail] : []),
  ])
}
