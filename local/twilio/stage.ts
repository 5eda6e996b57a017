// What a TwiML player needs of the call that it plays in.
import type { Fields } from './signature.ts'
import type { Method, WebhookReply } from './webhook.ts'

/** Everything that waits rejects when the call ends or is sent elsewhere. */
export type Stage = {
  /** Speaks for as long as speech takes; keys are lost, unless `listen`: then a key ends it and is the answer. */
  speak: (text: string, language: string, listen?: 'listen') => Promise<string | undefined>
  /** Keys pressed meanwhile are lost. */
  pause: (milliseconds: number) => Promise<undefined>
  /** The key, or undefined when the time is over. */
  waitForKey: (milliseconds: number) => Promise<string | undefined>
  /** Asks for the next document. Throws an ApplicationError if there is none. */
  ask: (method: Method, url: string, fields: Fields) => Promise<WebhookReply>
  /** Keeps Twilio's code of something that went wrong. */
  note: (code: number) => void
}
