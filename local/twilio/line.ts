// One call under way: it rings, is answered, plays its TwiML, hears keys, ends, and reports.
import type { Clock } from '../clock.ts'
import { activity } from './activity.ts'
import { ApplicationError } from './application-error.ts'
import { callFields, progressFields } from './call-fields.ts'
import { after, eventOf, isOver, type Call, type Happening, type Instructions } from './call.ts'
import type { Stage } from './stage.ts'
import { playTwiml } from './twiml-player.ts'
import { waiting } from './waiting.ts'
import type { WebhookResult, Webhook } from './webhook.ts'

export type LineOptions = {
  accountSid: string
  clock: Clock
  send: (webhook: Webhook) => Promise<WebhookResult>
  /** How long each Say takes. */
  sayMilliseconds: number
}

/** How the network finds the telephone. Nobody hears a `silent` one, and the network gives it up before the caller would. */
export type Found = 'free' | 'busy' | 'silent' | 'unreachable'

const silentMilliseconds = 1_000

export const line = (made: Call, { accountSid, clock, send, sayMilliseconds }: LineOptions) => {
  let call = made
  let sequence = 0
  let reported = Promise.resolve()
  let stopTimer = () => {}
  let playing = new AbortController()
  let onKey: ((key: string) => void) | undefined
  const heard: { said: string[]; language?: string; error?: number } = { said: [] }
  const work = activity()

  const happen = (happening: Happening) => {
    const next = after(call, happening, clock.now())
    if (!next) return false
    call = next
    stopTimer()
    if (isOver(call.status)) playing.abort()
    report()
    return true
  }

  const report = () => {
    const event = eventOf(call.status)
    if (!event) return
    // Events are numbered whether or not anybody asked for them.
    const fields = [...callFields(accountSid, call), ...progressFields(call, sequence)]
    sequence += 1
    const { statusCallback } = call
    if (!statusCallback?.events.includes(event)) return
    work.begin()
    reported = reported.then(() => send({ ...statusCallback, fields })).then(work.end)
  }

  const play = (instructions: Instructions) => {
    playing.abort()
    playing = new AbortController()
    const { signal } = playing
    work.begin()
    void playTwiml(stage(signal), instructions)
      .then(() => { if (!signal.aborted) happen('was_hung_up') })
      .catch((error: unknown) => { if (error !== signal.reason) throw error })
      .finally(work.end)
  }

  const stage = (signal: AbortSignal): Stage => {
    const { time, unless } = waiting({ clock, signal, work })
    const waitForKey = (milliseconds: number) => time<string>(milliseconds, (take) => {
      onKey = take
      return () => { onKey = undefined }
    })
    const pause = (milliseconds: number) => time<undefined>(milliseconds)
    return {
      speak: (text, language, listen) => {
        signal.throwIfAborted()
        heard.said.push(text)
        heard.language = language
        return listen ? waitForKey(sayMilliseconds) : pause(sayMilliseconds)
      },
      pause,
      waitForKey,
      ask: async (method, url, fields) => {
        const result = await unless(send({ method, url, fields: [...callFields(accountSid, call), ...fields] }))
        if ('error' in result) throw new ApplicationError(result.error, 'The webhook failed.')
        return result
      },
      note: (code) => { heard.error = code },
    }
  }

  const dial = (found: Found) => {
    happen('dialed')
    if (found === 'unreachable') return happen('failed')
    if (found === 'busy') return happen('was_busy')
    happen('rang')
    const ringMilliseconds = call.ringSeconds * 1_000
    stopTimer = clock.after(found === 'silent' ? Math.min(silentMilliseconds, ringMilliseconds) : ringMilliseconds, () => happen('was_not_answered'))
    return true
  }

  const answer = () => {
    if (!happen('answered')) return false
    stopTimer = clock.after(call.talkSecondsMax * 1_000, () => happen('was_hung_up'))
    play(call.instructions)
    return true
  }

  return {
    call: () => call,
    heard: () => heard,
    isLive: () => !isOver(call.status),
    dial,
    answer,
    isListening: () => onKey !== undefined,
    /** Whether the key was heard: without a Gather that listens it is lost. */
    press: (key: string) => {
      const take = onKey
      take?.(key)
      return take !== undefined
    },
    /** The person's end: a call that rings is declined. */
    hangUp: () => happen('was_hung_up') || happen('was_busy'),
    /** Twilio's end. */
    cancel: () => happen('was_canceled'),
    complete: () => happen('was_hung_up') || happen('was_canceled'),
    redirect: play,
    settled: work.settled,
  }
}

export type Line = ReturnType<typeof line>
