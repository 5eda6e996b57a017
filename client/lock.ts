// One after the other, across all windows of a browser where there are Web Locks, and otherwise within this program.

export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** `locks` is the browser's `navigator.locks`, if any. */
export const makeLock = (locks: Pick<LockManager, 'request'> | undefined): Lock => {
  if (locks) return async <T>(name: string, work: () => Promise<T>): Promise<T> => locks.request<Promise<T>>(name, work)
  let last: Promise<unknown> = Promise.resolve()
  return (_name, work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
