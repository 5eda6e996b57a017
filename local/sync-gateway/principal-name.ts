// Which names users and roles may have.

const bytesMax = 239

/** Why a name is refused, or undefined. The empty name is the guest's and passes. */
export const nameFault = (name: string) => {
  if (name === '') return undefined
  if (Buffer.byteLength(name) > bytesMax) return `invalid name: length exceeds ${bytesMax}`
  if (/[/:,`]/.test(name)) return "invalid name: contains '/', ':', ',', or '`'"
  return /[\p{L}\p{N}]/u.test(name) ? undefined : 'invalid name: must contain alphanumeric'
}
