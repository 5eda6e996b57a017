// Places a call at Twilio as one does without its client.
export const placeCall = async (to) => {
  const { TWILIO_API_URL, TWILIO_ACCOUNT_SID, TWILIO_API_KEY_SID, TWILIO_API_KEY_SECRET, CALLER_ID } = process.env
  const response = await fetch(`${TWILIO_API_URL}/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID}/Calls.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${TWILIO_API_KEY_SID}:${TWILIO_API_KEY_SECRET}`)}` },
    body: new URLSearchParams({ To: to, From: CALLER_ID, Twiml: '<Response><Say>Hello</Say></Response>' }),
  })
  if (!response.ok) throw new Error(`Twilio answered ${response.status}.`)
}
