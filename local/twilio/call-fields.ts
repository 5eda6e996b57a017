// What Twilio tells of a call: the form fields of its webhooks and the JSON of its API.
import { createHash } from 'node:crypto'
import { isOver, talkSeconds, type Call } from './call.ts'
import type { Fields } from './signature.ts'
import { countryOf, formatted } from './telephone-number.ts'

export const apiVersion = '2010-04-01'

/** What every webhook of a call carries. Towns are left empty, as Twilio leaves them where it knows none. */
export const callFields = (accountSid: string, { sid, to, from, status }: Call): Fields => [
  ['AccountSid', accountSid],
  ['ApiVersion', apiVersion],
  ['CallSid', sid],
  ['CallStatus', status],
  ['Direction', 'outbound-api'],
  ...placeFields(['To', 'Called'], to),
  ...placeFields(['From', 'Caller'], from),
]

/** Of a status callback besides. https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
export const progressFields = (call: Call, sequenceNumber: number): Fields => {
  const seconds = talkSeconds(call)
  return [
    ['Timestamp', rfc2822(call.updatedAt)],
    ['CallbackSource', 'call-progress-events'],
    ['SequenceNumber', String(sequenceNumber)],
    ...(isOver(call.status)
      ? ([['CallDuration', String(seconds)], ['Duration', String(Math.ceil(seconds / 60))], ['SipResponseCode', sipCodes[call.status] ?? '200']] satisfies Fields)
      : []),
  ]
}

/** The Call resource. When it is made it has no dates yet: Twilio answers before it has written the record. */
export const callResource = (accountSid: string, call: Call, { made = false } = {}) => {
  const path = `/${apiVersion}/Accounts/${accountSid}/Calls/${call.sid}`
  const date = (time: number | undefined) => (time === undefined || made ? null : rfc2822(time))
  return {
    account_sid: accountSid,
    annotation: null,
    answered_by: null,
    api_version: apiVersion,
    caller_name: null,
    date_created: date(call.createdAt),
    date_updated: date(call.updatedAt),
    direction: 'outbound-api',
    duration: isOver(call.status) ? String(talkSeconds(call)) : null,
    end_time: date(call.endedAt),
    forwarded_from: null,
    from: call.from,
    from_formatted: formatted(call.from),
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: `PN${createHash('md5').update(call.from).digest('hex')}`,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid: call.sid,
    start_time: date(call.answeredAt ?? call.endedAt),
    // The resource has no `initiated`: to the API such a call is queued still.
    status: call.status === 'initiated' ? 'queued' : call.status,
    subresource_uris: Object.fromEntries(Object.entries(subresources).map(([name, file]) => [name, `${path}/${file}.json`])),
    to: call.to,
    to_formatted: formatted(call.to),
    trunk_sid: null,
    uri: `${path}.json`,
  }
}

const placeFields = (names: string[], number: string): Fields =>
  names.flatMap((name) => [[name, number], [`${name}City`, ''], [`${name}State`, ''], [`${name}Zip`, ''], [`${name}Country`, countryOf(number)]] satisfies Fields)

const rfc2822 = (time: number) => new Date(time).toUTCString().replace('GMT', '+0000')

const sipCodes: Partial<Record<Call['status'], string>> = { busy: '486', 'no-answer': '487', canceled: '487', failed: '404' }

const subresources = {
  events: 'Events',
  notifications: 'Notifications',
  payments: 'Payments',
  recordings: 'Recordings',
  siprec: 'Siprec',
  streams: 'Streams',
  transcriptions: 'Transcriptions',
  user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
  user_defined_messages: 'UserDefinedMessages',
}
