// One call under way: it rings, is answered, plays its TwiML, hears keys, ends, and reports.
import type { Clock } from '../clock.ts'
import { activity } from './activity.ts'
import { earpiece, type SayMilliseconds } from './earpiece.ts'
import { after, isOver, type Call, type Happening, type Instructions } from './call.ts'
import { progress } from './progress.ts'
import { playTwiml } from './twiml-player.ts'
import type { WebhookResult, Webhook } from './webhook.ts'

export type LineOptions = {
  accountSid: string
  clock: Clock
  send: (webhook: Webhook) => Promise<WebhookResult>
  /** How long each Say takes. */
  sayMilliseconds: SayMilliseconds
}

/** How the network finds the telephone. Nobody hears a `silent` one, and the network gives it up before the caller would. */
export type Found = 'free' | 'busy' | 'silent' | 'unreachable'

const silentMilliseconds = 1_000

export const line = (made: Call, { accountSid, clock, send, sayMilliseconds }: LineOptions) => {
  let call = made
  let stopTimer = () => {}
  let playing = new AbortController()
  const work = activity()
  const report = progress({ accountSid, send, work })
  const ear = earpiece({ accountSid, clock, send, sayMilliseconds, work, call: () => call })

  const happen = (happening: Happening) => {
    const next = after(call, happening, clock.now())
    if (!next) return false
    call = next
    stopTimer()
    if (isOver(call.status)) playing.abort()
    report(next)
    return true
  }

  const play = (instructions: Instructions) => {
    playing.abort()
    playing = new AbortController()
    const { signal } = playing
    work.begin()
    void playTwiml(ear.stage(signal), instructions)
      .then(() => { if (!signal.aborted) happen('was_hung_up') })
      .catch((error: unknown) => { if (error !== signal.reason) throw error })
      .finally(work.end)
  }

  const ring = (milliseconds: number) => {
    happen('rang')
    stopTimer = clock.after(milliseconds, () => happen('was_not_answered'))
  }

  const dial = (found: Found) => {
    happen('dialed')
    const ringMilliseconds = call.ringSeconds * 1_000
    switch (found) {
      case 'unreachable': return void happen('failed')
      case 'busy': return void happen('was_busy')
      case 'silent': return ring(Math.min(silentMilliseconds, ringMilliseconds))
      case 'free': return ring(ringMilliseconds)
      default: return found satisfies never
    }
  }

  const answer = () => {
    if (!happen('answered')) return false
    stopTimer = clock.after(call.talkSecondsMax * 1_000, () => happen('was_hung_up'))
    play(call.instructions)
    return true
  }

  return {
    call: () => call,
    heard: ear.heard,
    isLive: () => !isOver(call.status),
    dial,
    answer,
    isListening: ear.isListening,
    press: ear.press,
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
