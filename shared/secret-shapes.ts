// Every secret that the functions read, what each must look like, and the check.
import { ConfigurationError } from './configuration-error.ts'
import { isPrivate } from './key-set.ts'
import { fitted, looseObject, matching, Misfit, object, oneOf, recordOf, someOf, text, type Path, type Shape, type Shaped } from './shape.ts'

// The last of 43 characters carries four bits only; any other spelling of it is not canonical base64url.
const key32 = matching(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
const phoneNumber = /^\+[1-9]\d{6,14}$/

// Loose, because RSA, EC and OKP keys have different members; the library that signs checks those.
const jwk = { kty: oneOf('EC', 'RSA', 'OKP'), kid: text }
const privateJwk = looseObject({ ...jwk, d: text })
// These are shown to everybody, so a private key put here by mistake must stop at this check.
const anyJwk = looseObject(jwk)
const publicJwk: typeof anyJwk = (value, at = []) => {
  const key = anyJwk(value, at)
  if (isPrivate(key)) throw new Misfit(at)
  return key
}

export const secretShapes = {
  'signing-keys': object({ keys: someOf(privateJwk) }),
  'public-keys': object({ keys: someOf(publicJwk) }),
  'token-key': object({ keys: someOf(key32) }),
  'phone-pepper': object({ key: key32 }),
  'line-key': object({ key: key32 }),
  'sync-gateway': object({ username: text, password: text }),
  couchbase: object({ username: text, password: text }),
  'twilio-api': object({ account_sid: text, api_key_sid: text, api_key_secret: text }),
  'twilio-webhook': object({ auth_tokens: someOf(text) }),
  'test-numbers': recordOf(text, phoneNumber),
}

export type SecretName = keyof typeof secretShapes
export type Secret<Name extends SecretName> = Shaped<(typeof secretShapes)[Name]>

export type Shapes = Record<string, Shape<unknown>>
export type SecretValues<Wanted extends Shapes> = { [Name in keyof Wanted]: Shaped<Wanted[Name]> }

/** Only the shapes that one function needs: it must not ask for a secret that its role may not read. */
export const shapesOf = <Name extends SecretName>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, secretShapes[name]])) as Pick<typeof secretShapes, Name>

/** Reads what each secret says, by its full name. Throws a ConfigurationError that names every one that is missing or malformed, never its content. */
export const parseSecrets = <Wanted extends Shapes>(prefix: string, shapes: Wanted, contents: Map<string, string | undefined>) => {
  const problems: string[] = []
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const content = contents.get(`${prefix}/${name}`)
    const result = fitted(shape, json(content))
    if (result.fits) return [name, result.value]
    problems.push(`The secret ${prefix}/${name} is ${content === undefined ? 'missing' : `malformed${place(result.at)}`}.`)
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
const place = (path: Path) => {
  const known = path.filter((part) => typeof part === 'number' || /^[a-z_]+$/.test(part))
  return known.length > 0 ? ` at ${known.join('.')}` : ''
}
