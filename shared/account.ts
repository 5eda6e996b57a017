// The document of an account: whether it may be used, the line that opens it, and the devices signed in to it.
import * as z from 'zod/mini'
import { UpstreamError } from './upstream-error.ts'
import type { Kind } from './change.ts'

const deviceShape = z.object({ client: z.string(), created: z.number(), lastUsed: z.number() })

const accountShape = z.object({
  type: z.literal('account'),
  /** `spent` is for ever: the number of a deleted account is never given out again. */
  status: z.enum(['active', 'disabled', 'spent']),
  line: z.string(),
  /** For support, to be told on the phone. */
  lastDigits: z.string(),
  createdAt: z.string(),
  devices: z.record(z.string(), deviceShape),
})

/** A device's times are in seconds since 1970. */
export type Account = z.infer<typeof accountShape>
export type Device = z.infer<typeof deviceShape>

export const accountKind: Kind<Account | undefined> = {
  read: (document) => {
    if (!document || document.body['type'] === undefined) return undefined
    const { success, data } = accountShape.safeParse(document.body)
    if (!success) throw new UpstreamError('sync-gateway', 'readAccount', 'unexpected', { status: 200 })
    return data
  },
  written: (account) => account ?? {},
}

/** A line opens an account only if the account names that line; a spent one opens for nobody. */
export const opens = (account: Account | undefined, line: string): account is Account => account?.line === line && account.status !== 'spent'

export const devicesMax = 20

/** The account with this device; beyond twenty, the one that was used longest ago is dropped. */
export const withDevice = (account: Account, id: string, device: Device): Account => {
  const devices = Object.entries({ ...account.devices, [id]: device }).sort(([, left], [, right]) => right.lastUsed - left.lastUsed)
  return { ...account, devices: Object.fromEntries(devices.slice(0, devicesMax)) }
}

export const withoutDevices = (account: Account, ids: string[]): Account => ({
  ...account,
  devices: Object.fromEntries(Object.entries(account.devices).filter(([id]) => !ids.includes(id))),
})
