// The URLs that the phone company calls back: which line, which call, which attempt, and what must be signed.
import { retried } from './twilio.ts'

export const webhookPaths = { keys: '/call/keys', status: '/call/status' } as const

/** The handle tells nothing of the number; the call's id cannot be guessed. */
export const keysUrl = (issuer: string, { handle, callId, attempt }: { handle: string; callId: string; attempt: number }) =>
  retried(`${issuer}${webhookPaths.keys}?line=${handle}&call=${callId}&attempt=${attempt}`)

export const statusUrl = (issuer: string, { handle, callId }: { handle: string; callId: string }) =>
  retried(`${issuer}${webhookPaths.status}?line=${handle}&call=${callId}`)
