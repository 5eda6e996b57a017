// Which secrets to create where some are missing. What accounts are found by is made with a stage, and never again.
import { key32, signingKey, type KeyKind } from '../local/keys.ts'
import type { SecretName } from '../shared/secret-shapes.ts'
import { publicHalf, type Jwk } from './key-rotation.ts'
import { problem } from './problem.ts'

/** Filled in by hand: an empty one has the members, so that a person sees what is wanted. */
export const emptyForms = {
  'sync-gateway': { username: '', password: '' },
  couchbase: { username: '', password: '' },
  'twilio-api': { account_sid: '', api_key_sid: '', api_key_secret: '' },
  'twilio-webhook': { auth_tokens: [''] },
} as const satisfies Partial<Record<SecretName, object>>

/** In the order in which to write them: one that dies half way has not yet written the token key. */
export const missingSecrets = (held: ReadonlyMap<SecretName, string>, kind: KeyKind): [SecretName, object][] => {
  const isMissing = (name: SecretName) => !held.has(name)
  const lost = (['phone-pepper', 'line-key'] as const).filter(isMissing)
  if (lost.length > 0 && held.has('token-key')) {
    throw problem(`${lost.join(' and ')} ${lost.length > 1 ? 'are' : 'is'} missing, but this stage is in use: a new one would orphan every account. Restore it from its backup with --set.`)
  }
  return [
    ...lost.map((name): [SecretName, object] => [name, { key: key32() }]),
    ...missingKeys(held, kind),
    ...(Object.entries(emptyForms) as [SecretName, object][]).filter(([name]) => isMissing(name)),
    ...(isMissing('test-numbers') ? [['test-numbers', {}] as [SecretName, object]] : []),
    ...(isMissing('token-key') ? [['token-key', { keys: [key32()] }] as [SecretName, object]] : []),
  ]
}

const missingKeys = (held: ReadonlyMap<SecretName, string>, kind: KeyKind): [SecretName, object][] => {
  const [signing, known] = [held.get('signing-keys'), held.get('public-keys')]
  if (signing !== undefined && known !== undefined) return []
  if (signing !== undefined) return [['public-keys', { keys: keysOf(signing).map(publicHalf) }]]
  if (known !== undefined) throw problem('signing-keys is missing and public-keys is there: put back the one, or delete the other and run this again.')
  const pair = signingKey(kind)
  return [['signing-keys', { keys: [pair.private] }], ['public-keys', { keys: [pair.public] }]]
}

/** Throws if the text is no key set; what it says is not repeated. */
export const keysOf = (text: string): Jwk[] => {
  try {
    const { keys } = JSON.parse(text) as { keys: Jwk[] }
    if (keys.every(({ kid }) => typeof kid === 'string')) return keys
  } catch {
    // Said below.
  }
  throw problem('A key set is malformed: it must be {"keys":[…]} with a kid in each key.')
}
