// Checks who signed a request, in the order and with the errors of AWS's common front.
import { timingSafeEqual } from 'node:crypto'
import { algorithm, signatureOf, type SignedRequest } from './canonical-request.ts'
import { front } from './service-error.ts'

export type Credentials = {
  accessKeyId: string
  secretAccessKey: string
  /** Temporary credentials come with a token; without it nobody knows the key. */
  sessionToken?: string | undefined
  /** Milliseconds since 1970, from when on the token is refused. */
  expireAt?: number | undefined
}

const service = 'secretsmanager'
const skewMinutesMax = 5

/** Throws the front's error unless the request is signed with these credentials, for this region, within five minutes. */
export const verifySignature = (request: SignedRequest, region: string, credentials: Credentials, now: number) => {
  const { headers } = request
  const { credential, signature, signedHeaders } = authorization(headers)
  const date = signingDate(headers, now)
  if (!signedHeaders.includes('host')) throw mismatch(`'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`)
  const { accessKeyId, ...scope } = credentialScope(credential, region, date)
  const token = headers['x-amz-security-token'] ?? ''
  if (accessKeyId !== credentials.accessKeyId || token !== (credentials.sessionToken ?? '')) {
    throw front('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  if (now >= (credentials.expireAt ?? Infinity)) throw front('ExpiredTokenException', 'The security token included in the request is expired')
  if (token && !signedHeaders.includes('x-amz-security-token')) throw mismatch(`'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.`)
  if (!equal(signature, signatureOf(request, signedHeaders, date, scope, credentials.secretAccessKey))) {
    throw mismatch('The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.')
  }
}

const mismatch = (message: string) => front('InvalidSignatureException', message)
const incomplete = (message: string) => front('IncompleteSignatureException', message)

const equal = (given: string, wanted: string) => Buffer.byteLength(given) === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))

const authorization = (headers: SignedRequest['headers']) => {
  const header = headers['authorization']
  if (!header?.startsWith('AWS4-')) throw front('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const [scheme, ...pairs] = header.split(/[ ,]+/).filter(Boolean)
  if (scheme !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`)
  const bare = pairs.find((pair) => pair.indexOf('=') < 1)
  if (bare) throw incomplete(`'${bare}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`)
  const given = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
  const [credential = '', signature = '', signedHeaders = ''] = ['Credential', 'Signature', 'SignedHeaders'].map((name) => given.get(name))
  const missing = [
    credential ? '' : `Authorization header requires 'Credential' parameter. `,
    signature ? '' : `Authorization header requires 'Signature' parameter. `,
    signedHeaders ? '' : `Authorization header requires 'SignedHeaders' parameter. `,
    headers['x-amz-date'] ?? headers['date'] ? '' : `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. `,
  ].join('')
  if (missing) throw incomplete(`${missing}Authorization=${header}`)
  return { credential, signature, signedHeaders: signedHeaders.toLowerCase().split(';') }
}

const compact = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')

const signingDate = (headers: SignedRequest['headers'], now: number) => {
  const text = headers['x-amz-date'] ?? headers['date'] ?? ''
  const time = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(time)) throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`)
  const skew = skewMinutesMax * 60_000
  if (time < now - skew) throw mismatch(`Signature expired: ${compact(time)} is now earlier than ${compact(now - skew)} (${compact(now)} - ${skewMinutesMax} min.)`)
  if (time > now + skew) throw mismatch(`Signature not yet current: ${compact(time)} is still later than ${compact(now + skew)} (${compact(now)} + ${skewMinutesMax} min.)`)
  return compact(time)
}

const credentialScope = (credential: string, wanted: string, date: string) => {
  const [accessKeyId, day, region, named, terminator, ...more] = credential.split('/')
  if (!accessKeyId || !day || !region || !named || !terminator || more.length > 0) {
    throw incomplete(`Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`)
  }
  const problems = [
    region === wanted ? '' : `Credential should be scoped to a valid region, not '${region}'. `,
    named === service ? '' : `Credential should be scoped to correct service: '${service}'. `,
    terminator === 'aws4_request' ? '' : `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `,
    day === date.slice(0, 8) ? '' : `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'. `,
  ].join('')
  if (problems) throw mismatch(problems)
  return { accessKeyId, day, region, service }
}
