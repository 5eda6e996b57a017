// What a caller would like of the answer: RFC 7240's header Prefer, of which `wait` is known here, and a preference of our own.

// Commas within quotes separate nothing. A quote that never ends takes all that follows.
const preferences = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/gs
const wait = /^\s*wait\s*(?:=\s*(?:(\d+)|"((?:[^"\\]|\\.)*)")\s*)?(?:;|$)/is
const named = /^\s*wait\s*(?:[=;]|$)/i
const progress = /^\s*progress\s*(?:;|$)/i

/**
 * How many seconds the caller would wait for its answer (section 4.3). The first `wait` counts, and what it is not, no later one is; undefined if there
 * is none, or none that makes sense.
 */
export const preferredWaitSeconds = (header: string | undefined): number | undefined => {
  const first = header?.match(preferences)?.find((preference) => named.test(preference))
  if (first === undefined) return undefined
  const [, digits, quoted = ''] = wait.exec(first) ?? []
  const value = digits ?? quoted.replace(/\\(.)/gs, '$1')
  return /^\d+$/.test(value) ? Number(value) : undefined
}

/** Whether the caller would be told that the phone was answered, and not only of the decision. Who was told leaves it out. */
export const prefersProgress = (header: string | undefined) => header?.match(preferences)?.some((preference) => progress.test(preference)) ?? false
