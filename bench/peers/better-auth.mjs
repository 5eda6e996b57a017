// better-auth with its phone number plugin and no database, so that it stores in memory: makes a code, and has it called through.
import { betterAuth } from 'better-auth'
import { phoneNumber } from 'better-auth/plugins'
import { placeCall } from './calls-by-fetch.mjs'

const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of more than thirty-two characters',
  telemetry: { enabled: false },
  plugins: [phoneNumber({ sendOTP: ({ phoneNumber: to }) => placeCall(to) })],
})

export const handler = async (event) => {
  const { login_hint: to } = Object.fromEntries(new URLSearchParams(Buffer.from(event.body, 'base64').toString()))
  const response = await auth.handler(new Request('http://127.0.0.1/api/auth/phone-number/send-otp', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ phoneNumber: to }),
  }))
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}
