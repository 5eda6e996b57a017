import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { networkOf } from '../../shared/limit-address.ts'

describe('the network of', () => {
  test.each([
    ['an IPv4 address is itself', '203.0.113.7', '203.0.113.7'],
    ['its neighbour is another', '203.0.113.8', '203.0.113.8'],
    ['an IPv6 address is its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['the first of a /64', '2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['the last of a /64', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['the first of the next', '2001:db8:1:3::', '2001:db8:1:3::/64'],
    ['capitals and leading zeros', '2001:0DB8:0001:0002:0000:0000:0000:0001', '2001:db8:1:2::/64'],
    ['zeros left out in the middle', '2001:db8::1', '2001:db8:0:0::/64'],
    ['zeros left out within the /64', '2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
    ['zeros left out in front', '::2:0:0:0:1', '0:0:0:2::/64'],
    ['a single group left out', '1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['nothing but zeros', '::', '0:0:0:0::/64'],
    ['one', '::1', '0:0:0:0::/64'],
    ['a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['a zone with colons', '2001:db8::1%a::b', '2001:db8:0:0::/64'],
    ['IPv4 in IPv6 with a zone', '::ffff:203.0.113.7%eth0', '203.0.113.7'],
    ['IPv4 in IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['IPv4 in IPv6, in hexadecimal', '::FFFF:cb00:7107', '203.0.113.7'],
    ['IPv4 in IPv6, at length', '0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['IPv4 at the end of another', '64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ])('%s: %s', (_, address, network) => expect(networkOf(address)).toBe(network))

  test.each(['', ' ', 'unknown', 'localhost', '203.0.113', '203.0.113.07', '203.0.113.256', ' 203.0.113.7', '203.0.113.7, 203.0.113.8', '2001:db8', '2001:db8:::1', '1:2:3:4:5:6:7:8:9', '[::1]', '::1/64', 'g::1'])(
    'what is no address: %j', (address) => expect(networkOf(address)).toBe('unknown'),
  )

  test('all addresses of one /64 is one, and of two is two', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const [four, host] = [fc.tuple(group, group, group, group), fc.tuple(group, group, group, group)]
    const address = (groups: number[]) => groups.map((part) => part.toString(16)).join(':')
    fc.assert(fc.property(four.filter(([first]) => first !== 0), four, host, host, (network, other, one, two) => {
      expect(networkOf(address([...network, ...one]))).toBe(networkOf(address([...network, ...two])))
      expect(networkOf(address([...network, ...one])) === networkOf(address([...other, ...one]))).toBe(address(network) === address(other))
    }))
  })
})
