// What a client may ask for in HELLO and gets here; the rest is left out of the answer, as the protocol wants.

export const feature = {
  noDelay: 0x03,
  mutationTokens: 0x04,
  attributes: 0x06,
  extendedErrors: 0x07,
  selectBucket: 0x08,
  json: 0x0b,
  frameInfo: 0x10,
  durability: 0x11,
  collections: 0x12,
  preserveExpiry: 0x14,
  virtualAttributes: 0x15,
} as const

const granted = new Set<number>(Object.values(feature))

/** The features out of a HELLO's list that are granted, or undefined if the list is not one of two-byte numbers. */
export const featuresOf = (list: Buffer): Set<number> | undefined => {
  if (list.length % 2 !== 0) return undefined
  const asked = Array.from({ length: list.length / 2 }, (_, index) => list.readUInt16BE(index * 2))
  return new Set(asked.filter((one) => granted.has(one)))
}
