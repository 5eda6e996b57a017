// A value of somebody else's that is kept for minutes, and read again on demand or when it is old.

export type KeptConfig<Value> = {
  /** Must end by itself: nobody's deadline ends it, because others may be waiting for the same answer. */
  read: () => Promise<Value>
  /** Whether this failure only means that the other side cannot answer now. */
  isDown: (cause: unknown) => boolean
  /** What a caller is told whose signal was aborted while it waited. */
  abandoned: () => Error
  now: () => number
}

const limits = { keepMilliseconds: 300_000, staleMilliseconds: 3_600_000, againMilliseconds: 60_000 } as const

export const kept = <Value>({ read, isDown, abandoned, now }: KeptConfig<Value>) => {
  let held: { value: Value; readAt: number; goodUntil: number } | undefined
  let underWay: Promise<Value> | undefined
  let rereadAt = -Infinity

  const fetch = async () => {
    const readAt = now()
    const value = await read()
    held = { value, readAt, goodUntil: readAt + limits.keepMilliseconds }
    return value
  }
  // One request for all who ask meanwhile. A failure is forgotten, so the next one asks again.
  const begin = () => {
    underWay ??= fetch().finally(() => {
      underWay = undefined
    })
    return underWay
  }
  const refresh = (signal: AbortSignal) => {
    // What was under way may have been left by who asked before, and have lain frozen since: its failure is not that of whoever asks now.
    const reading = underWay?.catch((cause: unknown) => {
      if (!isDown(cause) || signal.aborted) throw cause
      return begin()
    })
    return untilAborted(reading ?? begin(), signal, abandoned)
  }

  return {
    /** The value, from memory when younger than five minutes. */
    read: async (signal: AbortSignal): Promise<Value> => {
      const old = held
      if (old && now() < old.goodUntil) return old.value
      try {
        return await refresh(signal)
      } catch (cause) {
        const staleUntil = old ? old.readAt + limits.staleMilliseconds : -Infinity
        if (!old || !isDown(cause) || now() >= staleUntil) throw cause
        // While the other side is down an old copy is better than none, but not for ever: what was changed was changed for a
        // reason. For a minute nobody waits for it again.
        old.goodUntil = Math.min(now() + limits.againMilliseconds, staleUntil)
        return old.value
      }
    },
    /** Reads again, at most once a minute, and answers whether it did; when the other side is down, it did not. */
    reread: async (signal: AbortSignal): Promise<boolean> => {
      // Strangers can cause this, with a bad signature: so attempts are counted, not successes.
      if (!underWay && now() < rereadAt + limits.againMilliseconds) return false
      rereadAt = now()
      try {
        await refresh(signal)
        return true
      } catch (cause) {
        if (isDown(cause)) return false
        throw cause
      }
    },
  }
}

const untilAborted = <Value>(promise: Promise<Value>, signal: AbortSignal, abandoned: () => Error) =>
  new Promise<Value>((resolve, reject) => {
    const abort = () => reject(abandoned())
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
