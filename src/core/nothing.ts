/** Thrown inside a write that finds its work done already: the transaction goes back and leaves no trace. */
export const NOTHING = new Error('nothing to do')

/** Null where the work threw NOTHING. */
export const unlessNothing = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: unknown) => {
    if (error === NOTHING) return null
    throw error
  })
