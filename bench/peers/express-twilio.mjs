// express behind serverless-http with Twilio's own client and its voice response: has the phone ring.
import express from 'express'
import serverless from 'serverless-http'
import twilio from 'twilio'

const { TWILIO_API_URL, TWILIO_ACCOUNT_SID, TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET, CALLER_ID } = process.env

// The client knows no other address than Twilio's own.
const elsewhere = new twilio.RequestClient()
const request = elsewhere.request.bind(elsewhere)
elsewhere.request = (options) => request({ ...options, uri: options.uri.replace('https://api.twilio.com', TWILIO_API_URL) })
const client = twilio(TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET, { accountSid: TWILIO_ACCOUNT_SID, httpClient: elsewhere })

const app = express()
app.use(express.urlencoded({ extended: false }))
app.post('/call', async (incoming, reply) => {
  const response = new twilio.twiml.VoiceResponse()
  response.say('Hello')
  const { sid } = await client.calls.create({ to: incoming.body.login_hint, from: CALLER_ID, twiml: response.toString() })
  reply.json({ sid })
})

export const handler = serverless(app)
