// The URLs that the phone company calls back: which line, which call, which attempt, and what must be signed.

export const webhookPaths = { keys: '/call/keys', status: '/call/status' } as const

/** The handle tells nothing of the number; the call's id cannot be guessed. */
export const keysUrl = (issuer: string, { handle, callId, attempt }: { handle: string; callId: string; attempt: number }) =>
  retried(`${issuer}${webhookPaths.keys}?line=${handle}&call=${callId}&attempt=${attempt}`)

export const statusUrl = (issuer: string, { handle, callId }: { handle: string; callId: string }) =>
  retried(`${issuer}${webhookPaths.status}?line=${handle}&call=${callId}`)

/**
 * The URL with Twilio's orders for a webhook that fails: two more tries after 5 s without an answer each, all within its 15 s.
 * Fit for webhooks that change nothing when they come twice. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export const retried = (url: string) => `${url}#ct=2000&rt=5000&rc=2&rp=5xx,ct,rt`
