// A photograph before it is sent: drawn anew, upright and smaller, so that its place, time and device stay on the phone. The server
// keeps the picture alone as well, whoever sends it.

const SIDE = 1600
const QUALITY = 0.82

/** As a JPEG of some hundred kilobytes; null where the browser cannot open the file. */
export async function photographOf(file: Blob): Promise<Blob | null> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
    const brush = canvas.getContext('2d')
    if (!brush) return null
    // what is transparent would be black in a JPEG
    brush.fillStyle = '#fff'
    brush.fillRect(0, 0, canvas.width, canvas.height)
    brush.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
