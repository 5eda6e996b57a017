// Reads the form of a new call, with Twilio's checks in Twilio's order.
import { apiErrors, type ApiError } from './api-error.ts'
import type { CallOrder, Instructions, ProgressEvent } from './call.ts'
import { telephoneNumber } from './telephone-number.ts'
import { isWebUrl, type Method } from './webhook.ts'

export const twimlCharactersMax = 4_000

/** The order, or Twilio's refusal. With `callerIds`, only those numbers may call. */
export const callOrder = (form: URLSearchParams, callerIds: string[] | undefined): CallOrder | ApiError => {
  const sentTo = form.get('To')?.trim() ?? ''
  const sentFrom = form.get('From')?.trim() ?? ''
  if (!sentTo) return apiErrors.noTo()
  const instructions = instructionsOf(form) ?? apiErrors.noUrl()
  if ('code' in instructions) return instructions
  if (!sentFrom) return apiErrors.noFrom()

  const from = telephoneNumber(sentFrom)
  if (!from || from === invalidMagicNumber) return apiErrors.invalidFrom(sentFrom)
  const to = telephoneNumber(sentTo)
  if (!to) return apiErrors.invalidTo(sentTo)
  if (callerIds && !callerIds.includes(from)) return apiErrors.foreignFrom(from)
  const refusal = magicNumbers[to]
  if (refusal) return refusal(to)

  const times = timesOf(form)
  if ('code' in times) return times
  const statusCallback = statusCallbackOf(form)
  if (statusCallback && 'code' in statusCallback) return statusCallback
  return { to, from, instructions, statusCallback, ...times }
}

/** What the call is to do: the Url before the Twiml; undefined if there is neither. */
export const instructionsOf = (form: URLSearchParams): Instructions | ApiError | undefined => {
  const url = form.get('Url')
  const twiml = form.get('Twiml')
  if (url) {
    const method = methodOf(form, 'Method')
    if (typeof method !== 'string') return method
    return isWebUrl(url) ? { url, method } : apiErrors.invalidUrl(url)
  }
  if (!twiml) return undefined
  return twiml.length > twimlCharactersMax ? apiErrors.invalidParameter('Twiml') : { twiml }
}

// https://www.twilio.com/docs/iam/test-credentials#test-calls
const invalidMagicNumber = '+15005550001'
const magicNumbers: Record<string, (to: string) => ApiError> = {
  [invalidMagicNumber]: apiErrors.unlikelyTo,
  '+15005550002': apiErrors.unreachableTo,
  '+15005550003': apiErrors.forbiddenCountry,
  '+15005550004': apiErrors.blockedTo,
}

const timesOf = (form: URLSearchParams): Pick<CallOrder, 'ringSeconds' | 'talkSecondsMax'> | ApiError => {
  const ringSeconds = wholeNumber(form.get('Timeout'), 60)
  if (ringSeconds === undefined || ringSeconds > 600) return apiErrors.invalidTimeout()
  const talkSecondsMax = wholeNumber(form.get('TimeLimit'), 14_400)
  return talkSecondsMax === undefined ? apiErrors.invalidParameter('TimeLimit') : { ringSeconds, talkSecondsMax }
}

const statusCallbackOf = (form: URLSearchParams): CallOrder['statusCallback'] | ApiError => {
  const url = form.get('StatusCallback')
  if (!url) return undefined
  if (!isWebUrl(url)) return apiErrors.invalidStatusCallback(url)
  const method = methodOf(form, 'StatusCallbackMethod')
  if (typeof method !== 'string') return method
  const named = form.getAll('StatusCallbackEvent')
  const events = named.filter((event): event is ProgressEvent => ['initiated', 'ringing', 'answered', 'completed'].includes(event))
  if (events.length < named.length) return apiErrors.invalidStatusCallbackEvent()
  return { url, method, events: named.length ? events : ['completed'] }
}

const methodOf = (form: URLSearchParams, name: string): Method | ApiError => {
  const method = form.get(name)?.toUpperCase() || 'POST'
  return method === 'GET' || method === 'POST' ? method : apiErrors.invalidMethod(name)
}

const wholeNumber = (sent: string | null, otherwise: number) => (!sent ? otherwise : /^[1-9]\d{0,5}$/.test(sent) ? Number(sent) : undefined)
