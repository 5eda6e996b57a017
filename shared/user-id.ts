// How a number from the counter becomes a profile id, a user name, a channel and an account id; nothing else spells them.

export type UserId = `u::${string}`

const pattern = /^u::(?!0000$)(\d{4}|[1-9]\d{4,})$/

/** Four digits at least, then as many as needed: 1 is `u::0001`, 10000 is `u::10000`. Throws for what no counter gives. */
export const userId = (count: number): UserId => {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('A user number is a whole number from 1 on.')
  return `u::${String(count).padStart(4, '0')}`
}

export const isUserId = (text: unknown): text is UserId => typeof text === 'string' && pattern.test(text)

/** Sync Gateway forbids colons in user names, so the document u::0001 belongs to the user u-0001. */
export const userName = (id: UserId) => id.replace('::', '-')

/** The channel that only this user is given. */
export const userChannel = (id: UserId) => id

export const accountId = (id: UserId) => `signin::${id}`

export const lineId = (line: string) => `signin::tel::${line}`
