// Whom an address stands for: an IPv4 address for itself, an IPv6 address for its /64, which is what one customer has at least.
import { isIPv4, isIPv6 } from 'node:net'

/** The same text for all addresses of one network, however they are written. Whatever is no address is `unknown`, all of it together. */
export const networkOf = (address: string) => {
  if (isIPv4(address)) return address
  return isIPv6(address) ? networkOfIPv6(groupsOf(address)) : 'unknown'
}

const networkOfIPv6 = (groups: number[]) => {
  // RFC 4291 section 2.5.5.2: an IPv4 address in IPv6 clothes. Its /64 would be that of all of them.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]).join('.')
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`
}

/** The eight groups of a valid IPv6 address. RFC 4291 section 2.2: `::` once for any number of zeros, the last 32 bits perhaps as IPv4. */
const groupsOf = (address: string) => {
  const [withoutZone = ''] = address.split('%')
  const [head = [], tail] = withoutZone.split('::').map(partsOf)
  return tail ? [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail] : head
}

const partsOf = (text: string) => (text === '' ? [] : text.split(':').flatMap((part) => (isIPv4(part) ? pairsOf(part) : [parseInt(part, 16)])))

const pairsOf = (ipv4: string) => {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number)
  return [(a << 8) | b, (c << 8) | d]
}
