// The document of an account: whether it may be used, the line that opens it, and the devices signed in to it.
import type { Kind } from './change.ts'
import { either, fitted, listOf, number, object, oneOf, optional, recordOf, string, type Shaped } from './shape.ts'
import { UpstreamError } from './upstream-error.ts'

const deviceShape = object({
  client: string,
  /** The id of the call that it signed in by, so that a log can be read from call to session. */
  call: optional(string),
  created: number,
  lastUsed: number,
  /** The thumbprint of the key that the device is bound to by DPoP. */
  jkt: optional(string),
  refresh: object({ current: string, previous: listOf(object({ hash: string, until: optional(number) })) }),
})

const livingShape = object({
  type: oneOf('account'),
  status: oneOf('active', 'disabled'),
  line: string,
  /** The line that an unfinished move goes to. */
  movingTo: optional(string),
  /** The line before the last move: what that move has to tidy, however often it is repeated. */
  movedFrom: optional(string),
  /** For support, to be told on the phone. */
  lastDigits: string,
  createdAt: string,
  devices: recordOf(deviceShape),
  /** Devices that were ended, and until when that is remembered: a redemption that runs at that moment must not bring one back. */
  ended: optional(recordOf(number)),
})

/** A deleted account stays for ever, so that its number is never given out again: `lines` until the last of them is tidied, then nothing of the person. */
const spentShape = object({ type: oneOf('account'), status: oneOf('spent'), createdAt: string, lines: optional(listOf(string)) })

const accountShape = either(livingShape, spentShape)

/** A device's times are in seconds since 1970. */
export type LivingAccount = Shaped<typeof livingShape>
export type SpentAccount = Shaped<typeof spentShape>
export type Account = LivingAccount | SpentAccount
export type Device = Shaped<typeof deviceShape>

export const accountKind: Kind<Account | undefined> = {
  read: (document) => {
    if (!document || document.body['type'] === undefined) return undefined
    const account = fitted(accountShape, document.body)
    if (!account.fits) throw new UpstreamError('sync-gateway', 'readAccount', 'unexpected', { status: 200 })
    return account.value
  },
  written: (account) => account ?? {},
}

/** A line opens an account only if the account names that line, which during a move it does with two; a spent one opens for nobody. */
export const opens = (account: Account | undefined, line: string): account is LivingAccount =>
  account !== undefined && account.status !== 'spent' && (account.line === line || account.movingTo === line)

export const devicesMax = 20

// Longer than an approval can be redeemed.
const endedSeconds = 600

/** The account after these devices were ended. `now` in seconds since 1970. */
export const withoutDevices = (account: LivingAccount, ids: string[], now: number): LivingAccount => ({
  ...account,
  devices: Object.fromEntries(Object.entries(account.devices).filter(([id]) => !ids.includes(id))),
  ended: Object.fromEntries([...Object.entries(account.ended ?? {}).filter(([, until]) => until > now), ...ids.map((id) => [id, now + endedSeconds] as const)]),
})

/** The account with this device, used at `now`; beyond twenty, those that were used longest ago are ended. */
export const withDevice = (account: LivingAccount, id: string, device: Device, now: number): LivingAccount => {
  const byUse = Object.entries({ ...account.devices, [id]: device }).sort(([, left], [, right]) => right.lastUsed - left.lastUsed)
  const dropped = byUse.slice(devicesMax).map(([old]) => old)
  const grown = { ...account, devices: Object.fromEntries(byUse) }
  return dropped.length ? withoutDevices(grown, dropped, now) : grown
}

/** A device of an account that may still have some. */
export const deviceOf = (account: Account | undefined, id: string): Device | undefined =>
  account && account.status !== 'spent' && Object.hasOwn(account.devices, id) ? account.devices[id] : undefined

/** Whether this device was ended and must not come back. */
export const isEnded = ({ ended = {} }: LivingAccount, device: string) => Object.hasOwn(ended, device)

/** Whether it was ended within the last minutes, by a request that may have died before it came to the sessions. `now` in seconds since 1970. */
export const isJustEnded = ({ ended = {} }: LivingAccount, device: string, now: number) => Object.hasOwn(ended, device) && now < (ended[device] ?? 0)
