// Whether each secret is there, well-formed and of use.
import { parseSecrets, secretShapes, shapesOf, type SecretName } from '../shared/secret-shapes.ts'
import { opened, SignatureError, signed } from '../shared/signature.ts'
import { publicHalf } from './key-rotation.ts'
import { logins } from './logins.ts'
import { emptyForms, keysOf } from './missing-secrets.ts'
import { sentence } from './problem.ts'

type World = { prefix: string; settings: Readonly<Record<string, string | undefined>>; write: (line: string) => void }
type Texts = ReadonlyMap<SecretName, string>

/** Says of each secret what is wrong with it, and answers whether nothing is. */
export const checkSecrets = async (world: World, texts: Texts) => {
  const names = Object.keys(secretShapes) as SecretName[]
  const found = await Promise.all(names.map(async (name) => [name, await wrongWith(world, name, texts)] as const))
  for (const [name, wrong] of found) world.write(`${name}: ${wrong ?? 'fine.'}`)
  return found.every(([, wrong]) => wrong === undefined)
}

const wrongWith = async ({ prefix, settings }: World, name: SecretName, texts: Texts): Promise<string | undefined> => {
  const content = texts.get(name)
  if (content === undefined) return 'is missing: run this without --rotate or --set.'
  if (Object.hasOwn(emptyForms, name) && content === JSON.stringify((emptyForms as Record<string, object>)[name])) return `is not filled in yet: --set ${name} < FILE, with ${content}.`
  try {
    const secrets = parseSecrets(prefix, shapesOf(name), new Map([[`${prefix}/${name}`, content]]))
    const attempts: Partial<Record<SecretName, (secret: never) => Promise<string | undefined>>> = logins(settings)
    const wrong = await attempts[name]?.(secrets[name] as never)
    return wrong ?? (name === 'public-keys' ? unknownSigner(texts) : name === 'signing-keys' ? unfitHalves(content) : undefined)
  } catch (error) {
    return sentence(error)
  }
}

/** Node takes two halves as they come, and would sign by the one what nobody could verify by the other. */
const unfitHalves = (content: string) => {
  for (const key of keysOf(content)) {
    try {
      opened(signed(key, 'trial', {}), 'trial', [key])
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error
      return 'holds a key whose public half is not that of its private one: every token would be refused. Put the right one back.'
    }
  }
  return undefined
}

const unknownSigner = (texts: Texts) => {
  const [signer] = keysOf(texts.get('signing-keys') ?? '{"keys":[]}')
  if (!signer || keysOf(texts.get('public-keys') ?? '').some((key) => JSON.stringify(publicHalf(key)) === JSON.stringify(publicHalf(signer)))) return undefined
  return 'does not hold the key that signs: every token is refused. Rotate the signing keys, or put the right one back.'
}
