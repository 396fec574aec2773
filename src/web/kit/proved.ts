import { ApiProblem } from '#web/api.ts'

export type Waiter = (proved: boolean) => void
let ask: ((waiter: Waiter) => void) | null = null

/** The dialog that asks; mounted once in the frame. */
export const provedBy = (opener: typeof ask) => {
  ask = opener
}

/** Runs an act; when the server wants a fresh proof, asks for it once and runs the act again. */
export async function proved<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const opener = ask
    if (!(error instanceof ApiProblem) || error.code !== 'core.proof-needed' || !opener) throw error
    if (!(await new Promise<boolean>((resolve) => opener(resolve)))) throw error
    return run()
  }
}
