/**
 * A reason not to start, told to whoever runs Jishi: what is wrong and what to do, first in Chinese, then in English.
 * The entry points print `message` without a stack and exit with 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(chinese: string, english: string, options?: ErrorOptions) {
    super(`${chinese}\n(${english})`, options)
  }
}

/** @param left what remained of the attempt, in Chinese */
export const noRoom = (left: string, cause: unknown) =>
  new StartError(`存储空间不足，${left}。请腾出空间，或换一个更大的磁盘再做。`, 'the disk is full', { cause })
