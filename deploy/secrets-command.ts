// What npm run secrets does, given the world that it does it in.
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { key32, signingKey, type KeyKind } from '../local/keys.ts'
import { parseSecrets, secretShapes, shapesOf, type SecretName } from '../shared/secret-shapes.ts'
import { nextStep, type KeySet } from './key-rotation.ts'
import { keysOf, missingSecrets } from './missing-secrets.ts'
import { problem } from './problem.ts'
import { checkSecrets } from './secrets-check.ts'
import { vault, type Held, type Vault } from './vault.ts'

export type SecretsWorld = {
  client: SecretsManagerClient
  prefix: string
  settings: Readonly<Record<string, string | undefined>>
  now: () => number
  write: (line: string) => void
}
export type SecretsOrder = { rotate?: 'signing-keys' | 'token-key'; set?: string; kind: KeyKind; input: () => Promise<string> }

const names = Object.keys(secretShapes) as SecretName[]

/** Answers whether all is well. Throws a sentence for what cannot be done. */
export const secretsCommand = async (world: SecretsWorld, order: SecretsOrder): Promise<boolean> => {
  const safe = vault(world.client, world.prefix)
  if (order.set !== undefined) await fillIn(world, safe, order.set, await order.input())
  else if (order.rotate === 'signing-keys') await rotateSigningKeys(world, safe, order.kind)
  else if (order.rotate === 'token-key') await rotateTokenKey(world, safe)
  else await create(world, safe, order.kind)
  return checkSecrets(world, textsOf(await readAll(safe)))
}

const readAll = async (safe: Vault) => {
  const held = await Promise.all(names.map(async (name) => [name, await safe.read(name)] as const))
  return new Map(held.flatMap(([name, secret]): [SecretName, Held][] => (secret ? [[name, secret]] : [])))
}
const textsOf = (held: Map<SecretName, Held>) => new Map([...held].map(([name, { text }]) => [name, text]))

const create = async ({ write }: SecretsWorld, safe: Vault, kind: KeyKind) => {
  for (const [name, value] of missingSecrets(textsOf(await readAll(safe)), kind)) {
    await safe.create(name, value)
    write(`${name}: created${name === 'phone-pepper' || name === 'line-key' ? '. Back it up now: losing it orphans every account' : ''}.`)
  }
}

const fillIn = async ({ prefix, write }: SecretsWorld, safe: Vault, given: string, input: string) => {
  const name = names.find((known) => known === given)
  if (!name) throw problem(`There is no secret ${given}. They are ${names.join(', ')}.`)
  const { [name]: value } = parseSecrets(prefix, shapesOf(name), new Map([[`${prefix}/${name}`, input]]))
  const held = await safe.read(name)
  if (held && (name === 'phone-pepper' || name === 'line-key')) throw problem(`${name} is there and is never changed: every account is found by it.`)
  await (held ? safe.put(name, value) : safe.create(name, value))
  write(`${name}: filled in.`)
}

const keySet = (held: Map<SecretName, Held>, name: SecretName): KeySet => {
  const secret = held.get(name)
  if (!secret) throw problem(`${name} is missing: run this without --rotate first.`)
  return { keys: keysOf(secret.text), since: secret.since }
}

const rotateSigningKeys = async ({ now, write }: SecretsWorld, safe: Vault, kind: KeyKind) => {
  const held = await readAll(safe)
  const next = nextStep(keySet(held, 'signing-keys'), keySet(held, 'public-keys'), () => signingKey(kind).private, now())
  // A key that could sign before it is known would make tokens that nobody takes: so the one that does not sign yet is written first.
  if ('signing' in next) await safe.put('signing-keys', { keys: next.signing })
  if ('public' in next) await safe.put('public-keys', { keys: next.public })
  switch (next.step) {
    case 'announce': return write('signing-keys: the next key is shown to everybody. Run this again in three hours, and it will sign.')
    case 'switch': return write('signing-keys: the new key signs. Run this again in three hours, and the old one will be forgotten.')
    case 'retire': return write('public-keys: the old key is forgotten. The rotation is done.')
    case 'wait': return write(`signing-keys: it is too soon to ${next.before === 'switch' ? 'sign with the new key' : 'forget the old key'}. Run this again at ${new Date(next.until).toISOString()} or later.`)
    default: return next satisfies never
  }
}

const idleMilliseconds = 60 * 86_400_000

const rotateTokenKey = async ({ now, prefix, write }: SecretsWorld, safe: Vault) => {
  const held = await safe.read('token-key')
  if (!held) throw problem('token-key is missing: run this without --rotate first.')
  const { keys } = parseSecrets(prefix, shapesOf('token-key'), new Map([[`${prefix}/token-key`, held.text]]))['token-key']
  const until = held.since + idleMilliseconds
  // Longer than a device may be idle, so that no refresh token needs the one before the last.
  if (keys.length > 1 && now() < until) throw problem(`token-key was rotated within 60 days: devices still hold tokens of the key before. Run this again at ${new Date(until).toISOString()} or later.`)
  await safe.put('token-key', { keys: [key32(), ...keys.slice(0, 1)] })
  write('token-key: a new key comes first; the one before it stays good.')
}
