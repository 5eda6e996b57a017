// JSON values as Sync Gateway keeps them: a number that JavaScript would write in another way stays as it was sent.

export type Json = null | boolean | number | string | NumberLiteral | Json[] | JsonObject
export type JsonObject = { [member: string]: Json }

/** A class, so that no type takes it for an object with members. */
export class NumberLiteral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export const numberFrom = (literal: string): number | NumberLiteral =>
  String(Number(literal)) === literal ? Number(literal) : new NumberLiteral(literal)

export const isNumber = (value: Json | undefined): value is number | NumberLiteral => typeof value === 'number' || value instanceof NumberLiteral

export const literal = (value: number | NumberLiteral) => (typeof value === 'number' ? String(value) : value.text)

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral)

/** The text, or the empty one for any other value. */
export const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : '')

export const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** An object without a prototype, so that a member may be called `constructor` or `__proto__`. */
export const objectOf = (entries: Iterable<[string, Json | undefined]>): JsonObject => {
  const made = Object.create(null) as JsonObject
  for (const [member, value] of entries) if (value !== undefined) made[member] = value
  return made
}

export const without = (object: JsonObject, members: readonly string[]) =>
  objectOf(Object.entries(object).filter(([member]) => !members.includes(member)))

/** A whole number that fits 64 bits, from the literal that was sent. */
export const wholeNumber = (value: Json | undefined): bigint | undefined => {
  if (!isNumber(value) || !/^-?\d+$/.test(literal(value))) return undefined
  const whole = BigInt(literal(value))
  return BigInt.asIntN(64, whole) === whole ? whole : undefined
}

export const strings = (value: Json | undefined): string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
