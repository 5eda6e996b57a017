// A telephone of the Twilio stand-in, over HTTP.
import { fields } from './fields.ts'

/** What a person sees and hears of it. `call` names the call, and `next` says how the next one finds it where not free. */
export type View = {
  state: 'idle' | 'ringing' | 'in-call' | 'ended'
  said: string[]
  language: string
  call: string
  from: string
  status: string
  next: string
}
export type Act = 'answer' | 'hangup' | 'busy' | 'silent' | 'unreachable'

/** A sentence that says what is wrong. */
export type Impossible = { impossible: string }

/** `url` is the stand-in's, the number in E.164. */
export const line = (url: string, number: string) => {
  const ask = async (path: string, init?: RequestInit): Promise<View | Impossible> => {
    const response = await fetch(`${url}/phones/${encodeURIComponent(number)}${path}`, init).catch(() => undefined)
    const json = await response?.json().catch(() => undefined) as unknown
    if (response?.ok) return view(json)
    return { impossible: fields(json).optionalText('error') ?? 'The telephone does not answer. Check that it runs (npm start).' }
  }
  return {
    number,
    look: () => ask(''),
    press: (key: string) => ask('/keys', { method: 'POST', body: new URLSearchParams({ digits: key }) }),
    act: (act: Act) => ask(`/${act}`, { method: 'POST' }),
  }
}

export type Line = ReturnType<typeof line>

const states = ['idle', 'ringing', 'in-call', 'ended'] as const

const view = (json: unknown): View => {
  const { optionalText, texts } = fields(json)
  const sent = optionalText('state')
  return {
    state: states.find((state) => state === sent) ?? 'idle',
    said: texts('said'),
    language: optionalText('language') ?? 'en-US',
    call: optionalText('call_sid') ?? '',
    from: optionalText('from') ?? '',
    status: optionalText('status') ?? '',
    next: optionalText('next') ?? '',
  }
}
