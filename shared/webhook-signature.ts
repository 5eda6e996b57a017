// Tells the phone company's webhooks from forgeries. https://www.twilio.com/docs/usage/security#validating-requests
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'

/** A field that Twilio sends more than once is a list. */
export type WebhookForm = Record<string, string | string[]>

const visible = /^[\x21-\x7e]+$/

/**
 * Whether Twilio signed this form for this URL with one of the tokens. The URL is the configured public one with its query, never
 * built from the request; the package compares in constant time. Never throws: what cannot be checked is not signed.
 */
export const isSigned = (authTokens: string[], url: string, form: WebhookForm, signature: string | undefined) =>
  // The package forgives blanks around a URL, and we would read them as part of the last parameter. An empty token is a key that everybody knows.
  Boolean(signature) && visible.test(url) && URL.canParse(url) && authTokens.some((token) => token !== '' && validateRequest(token, signature ?? '', url, form))
