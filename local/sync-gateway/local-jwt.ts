// Bearer tokens of issuers that the database trusts (`local_jwt`): which checks are made, and which are not. Source: auth/jwt.go and github.com/coreos/go-oidc.
import { createPublicKey, constants, verify } from 'node:crypto'
import type { Json, JsonObject } from './json.ts'
import { isNumber, isObject, literal, strings } from './json.ts'
import { unmarshal } from './go-json.ts'

export type Provider = {
  name: string
  issuer: string
  clientId: string
  algorithms: string[]
  keys: JsonObject[]
  keysUrl: string
  userPrefix: string
  usernameClaim: string
  rolesClaim: string
  channelsClaim: string
  register: boolean
  checkExpiry: boolean
}

export type Identity = { provider: Provider; userName: string; email: string; roles: string[]; channels: string[] }

export const providersIn = (config: Json | undefined): Provider[] =>
  Object.entries(isObject(config) ? config : {}).map(([name, value]) => provider(name, isObject(value) ? value : {}))

const provider = (name: string, value: JsonObject): Provider => {
  const text = (member: string) => (typeof value[member] === 'string' ? value[member] : '')
  const prefix = text('user_prefix') || (text('username_claim') === '' ? defaultPrefix(name, text('issuer')) : '')
  return {
    name, issuer: text('issuer'), clientId: text('client_id'), algorithms: strings(value['algorithms']) ?? [],
    keys: Array.isArray(value['keys']) ? value['keys'].filter(isObject) : [], keysUrl: text('jwks_uri'), userPrefix: prefix,
    usernameClaim: text('username_claim'), rolesClaim: text('roles_claim'), channelsClaim: text('channels_claim'),
    register: value['register'] === true, checkExpiry: value['skip_expiry_check'] !== true,
  }
}

const defaultPrefix = (name: string, issuer: string) =>
  URL.canParse(issuer) ? queryEscape(new URL(issuer).host + new URL(issuer).pathname.replace(/^\/$/, issuer.endsWith('/') ? '/' : '')) : name

/** As Go's url.QueryEscape. */
export const queryEscape = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll('%20', '+')

/** Whose token this is, or undefined if it is not good. `now` in milliseconds. */
export const identityOf = async (providers: Provider[], token: string, now: number): Promise<Identity | undefined> => {
  const parts = token.split('.')
  const header = parts.length === 3 ? objectFrom(parts[0]) : undefined
  const claims = objectFrom(parts[1])
  if (!header || !claims) return undefined
  const audiences = typeof claims['aud'] === 'string' ? [claims['aud']] : (strings(claims['aud']) ?? [])
  const found = providers.find(({ issuer, clientId }) => issuer === claims['iss'] && (clientId === '' || audiences.includes(clientId)))
  if (!found || !(await isSigned(found, header, token)) || !isTimely(found, claims, now)) return undefined
  return identity(found, claims)
}

const objectFrom = (part: string | undefined): JsonObject | undefined => {
  try {
    const value = unmarshal(Buffer.from(part ?? '', 'base64url').toString())
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const graceMs = 300_000

// A token without `exp` has ended: its time is Go's zero time.
const isTimely = ({ checkExpiry }: Provider, claims: JsonObject, now: number) => {
  const ms = (claim: string) => (isNumber(claims[claim]) ? Number(literal(claims[claim])) * 1000 : undefined)
  const [expires, notBefore] = [ms('exp'), ms('nbf')]
  return (!checkExpiry || (expires !== undefined && expires >= now)) && (notBefore === undefined || now + graceMs >= notBefore)
}

const identity = (provider: Provider, claims: JsonObject): Identity | undefined => {
  const subject = claims['sub']
  const claimed = provider.usernameClaim === '' ? subject : claims[provider.usernameClaim]
  const text = typeof claimed === 'string' ? claimed : isNumber(claimed) ? literal(claimed) : undefined
  const [roles, channels] = [listed(claims, provider.rolesClaim), listed(claims, provider.channelsClaim)]
  if (typeof subject !== 'string' || text === undefined || !roles || !channels) return undefined
  const escaped = queryEscape(text)
  const email = typeof claims['email'] === 'string' ? claims['email'] : ''
  return { provider, userName: provider.userPrefix === '' ? escaped : `${provider.userPrefix}_${escaped}`, email, roles, channels }
}

const listed = (claims: JsonObject, claim: string) => {
  const value = claim === '' ? undefined : claims[claim]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : strings(value)
}

const isSigned = async (provider: Provider, header: JsonObject, token: string) => {
  const { alg, kid } = header
  if (typeof alg !== 'string' || !provider.algorithms.includes(alg)) return false
  const known = (keys: JsonObject[]) => keyFor(keys, alg, kid, provider.keysUrl !== '')
  const key = provider.keysUrl === '' ? known(provider.keys) : (known(fetched.get(provider.keysUrl) ?? []) ?? known(await fetchKeys(provider.keysUrl)))
  const signed = token.slice(0, token.lastIndexOf('.'))
  return key !== undefined && isVerified(alg, key, Buffer.from(signed), Buffer.from(token.slice(signed.length + 1), 'base64url'))
}

const keyFor = (keys: JsonObject[], alg: string, kid: Json | undefined, remote: boolean) => {
  if (kid === undefined && keys.length !== 1 && !remote) return undefined
  return keys.find((key) => (kid === undefined || key['kid'] === kid) && (remote ? (key['alg'] ?? alg) === alg : key['alg'] === alg) && (key['use'] ?? 'sig') === 'sig')
}

// Keys are fetched at the first token and for an unknown kid, as go-oidc's remote key set does.
const fetched = new Map<string, JsonObject[]>()
const fetchKeys = async (url: string) => {
  try {
    const set = unmarshal(await (await fetch(url)).text())
    const keys = isObject(set) && Array.isArray(set['keys']) ? set['keys'].filter(isObject) : []
    fetched.set(url, keys)
    return keys
  } catch {
    return []
  }
}

const isVerified = (alg: string, jwk: JsonObject, data: Buffer, signature: Buffer) => {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const curve = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' }[alg]
    if (curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== curve) return false
    const padding = alg.startsWith('PS') ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}
    return verify(`sha${alg.slice(2)}`, data, { key, dsaEncoding: 'ieee-p1363', ...padding }, signature)
  } catch {
    return false
  }
}
