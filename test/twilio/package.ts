// Twilio's own package, which is CommonJS without names that an ES module could import.
import { createRequire } from 'node:module'
import type { Twilio } from 'twilio'
import type { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import type VoiceResponseClass from 'twilio/lib/twiml/VoiceResponse.js'

const require = createRequire(import.meta.url)

export const webhooks = require('twilio/lib/webhooks/webhooks.js') as { getExpectedTwilioSignature: typeof getExpectedTwilioSignature; validateRequest: typeof validateRequest }
export const VoiceResponse = require('twilio/lib/twiml/VoiceResponse.js') as typeof VoiceResponseClass
export const TwilioClient = require('twilio') as { Twilio: typeof Twilio }['Twilio']
