// Reports the progress of one call to its status callback, in order.
import type { Activity } from './activity.ts'
import { callFields, progressFields } from './call-fields.ts'
import { eventOf, type MovedCall } from './call.ts'
import type { Webhook, WebhookResult } from './webhook.ts'

type ProgressOptions = { accountSid: string; send: (webhook: Webhook) => Promise<WebhookResult>; work: Activity }

/** To be told of every change of the call's status. */
export const progress = ({ accountSid, send, work }: ProgressOptions) => {
  let sequence = 0
  let reported = Promise.resolve()
  return (call: MovedCall) => {
    const event = eventOf(call.status)
    // Events are numbered whether or not anybody asked for them.
    const fields = [...callFields(accountSid, call), ...progressFields(call, sequence)]
    sequence += 1
    const { statusCallback } = call
    if (!statusCallback?.events.includes(event)) return
    work.begin()
    reported = reported.then(() => send({ ...statusCallback, fields })).then(work.end)
  }
}
