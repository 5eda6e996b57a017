// Who may use the API: an API key, or the account itself with its auth token, by HTTP Basic.
import { timingSafeEqual } from 'node:crypto'
import { apiErrors, type ApiError } from './api-error.ts'
import type { ApiRequest } from './http-exchange.ts'

export type Logins = { accountSid: string; apiKeySid: string; apiKeySecret: string; authToken: string }

/** Twilio's refusal, or undefined if the login is right and the path is of its account. */
export const loginError = ({ accountSid, apiKeySid, apiKeySecret, authToken }: Logins, { headers, path }: ApiRequest): ApiError | undefined => {
  const [, encoded] = /^Basic\s+([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? []
  if (!encoded) return apiErrors.noCredentials()
  const [user = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':')
  const known = new Map([[apiKeySid, apiKeySecret], [accountSid, authToken]]).get(user)
  if (known === undefined) return apiErrors.unknownUser()
  if (!same(known, secret.join(':'))) return apiErrors.wrongSecret()
  return path.split('/')[3]?.replace(/\.json$/, '') === accountSid ? undefined : apiErrors.wrongSecret()
}

const same = (a: string, b: string) => Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b))
