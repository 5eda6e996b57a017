// Where a call meets the person: what was said, and the key that is waited for.
import type { Clock } from '../clock.ts'
import type { Activity } from './activity.ts'
import { ApplicationError } from './application-error.ts'
import { callFields } from './call-fields.ts'
import type { Call } from './call.ts'
import type { Stage } from './stage.ts'
import { waiting } from './waiting.ts'
import type { Webhook, WebhookResult } from './webhook.ts'

/** How long a text takes to say; `listening` if a key may be pressed meanwhile. */
export type SayMilliseconds = (text: string, listening: boolean) => number

type EarpieceOptions = {
  accountSid: string
  clock: Clock
  send: (webhook: Webhook) => Promise<WebhookResult>
  sayMilliseconds: SayMilliseconds
  work: Activity
  call: () => Call
}

export const earpiece = ({ accountSid, clock, send, sayMilliseconds, work, call }: EarpieceOptions) => {
  let onKey: ((key: string) => void) | undefined
  const heard: { said: string[]; language?: string; error?: number } = { said: [] }

  /** For one run of the player, which the signal ends. */
  const stage = (signal: AbortSignal): Stage => {
    const { time, unless } = waiting({ clock, signal, work })
    const pause = (milliseconds: number) => time<undefined>(milliseconds)
    const waitForKey = (milliseconds: number) =>
      time<string>(milliseconds, (take) => {
        onKey = take
        return () => { onKey = undefined }
      })
    return {
      pause,
      waitForKey,
      speak: (text, language, listen) => {
        signal.throwIfAborted()
        heard.said.push(text)
        heard.language = language
        const milliseconds = sayMilliseconds(text, listen !== undefined)
        return listen ? waitForKey(milliseconds) : pause(milliseconds)
      },
      ask: async (method, url, fields) => {
        const result = await unless(send({ method, url, fields: [...callFields(accountSid, call()), ...fields] }))
        if ('error' in result) throw new ApplicationError(result.error, 'The webhook failed.')
        return result
      },
      note: (code) => { heard.error = code },
    }
  }

  return {
    stage,
    heard: () => heard,
    isListening: () => onKey !== undefined,
    /** Whether the key was heard: without a Gather that listens it is lost. */
    press: (key: string) => {
      const take = onKey
      take?.(key)
      return take !== undefined
    },
  }
}
