// Every secret that the functions read, what each must look like, and the check.
import * as z from 'zod/mini'
import { ConfigurationError } from './configuration-error.ts'

const text = () => z.string().check(z.minLength(1))
const listOf = <Item extends z.ZodMiniType>(item: Item) => z.array(item).check(z.minLength(1))

// The last of 43 characters carries four bits only; any other spelling of it is not canonical base64url.
const key32 = () => z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/))
const phoneNumber = () => z.string().check(z.regex(/^\+[1-9]\d{6,14}$/))

// Loose, because RSA, EC and OKP keys have different members; the library that signs checks those.
const jwk = { kty: z.enum(['EC', 'RSA', 'OKP']), kid: text() }
const privateJwk = () => z.looseObject({ ...jwk, d: text() })
// These are shown to everybody, so a private key put here by mistake must stop at this check (its members: RFC 7518, 6.2.2, 6.3.2, 6.4.1).
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const publicJwk = () => z.looseObject(jwk).check(z.refine((key) => !privateMembers.some((member) => member in key)))

export const secretShapes = {
  'signing-keys': z.object({ keys: listOf(privateJwk()) }),
  'public-keys': z.object({ keys: listOf(publicJwk()) }),
  'token-key': z.object({ keys: listOf(key32()) }),
  'phone-pepper': z.object({ key: key32() }),
  'line-key': z.object({ key: key32() }),
  'sync-gateway': z.object({ username: text(), password: text() }),
  couchbase: z.object({ username: text(), password: text() }),
  'twilio-api': z.object({ account_sid: text(), api_key_sid: text(), api_key_secret: text() }),
  'twilio-webhook': z.object({ auth_tokens: listOf(text()) }),
  'test-numbers': z.record(phoneNumber(), text()),
}

export type SecretName = keyof typeof secretShapes
export type Secret<Name extends SecretName> = z.output<(typeof secretShapes)[Name]>

export type Shapes = Record<string, z.ZodMiniType>
export type SecretValues<Wanted extends Shapes> = { [Name in keyof Wanted]: z.output<Wanted[Name]> }

/** Only the shapes that one function needs: it must not ask for a secret that its role may not read. */
export const shapesOf = <Name extends SecretName>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, secretShapes[name]])) as Pick<typeof secretShapes, Name>

/** Reads what each secret says, by its full name. Throws a ConfigurationError that names every one that is missing or malformed, never its content. */
export const parseSecrets = <Wanted extends Shapes>(prefix: string, shapes: Wanted, contents: Map<string, string | undefined>) => {
  const problems: string[] = []
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const content = contents.get(`${prefix}/${name}`)
    const result = z.safeParse(shape, json(content))
    if (result.success) return [name, result.data]
    problems.push(`The secret ${prefix}/${name} is ${content === undefined ? 'missing' : `malformed${place(result.error.issues[0]?.path ?? [])}`}.`)
    return [name, undefined]
  })
  if (problems.length > 0) throw new ConfigurationError(problems.join(' '))
  return Object.fromEntries(entries) as SecretValues<Wanted>
}

// The parser's own message would quote what it read; no shape accepts undefined.
const json = (content = ''): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

// Our own member names only: a member of `test-numbers` is a phone number.
const place = (path: PropertyKey[]) => {
  const known = path.filter((part) => typeof part === 'number' || (typeof part === 'string' && /^[a-z_]+$/.test(part)))
  return known.length > 0 ? ` at ${known.join('.')}` : ''
}
