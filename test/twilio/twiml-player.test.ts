// The verbs of TwiML as a telephone performs them.
import { describe, expect, test } from '@jest/globals'
import { desk, type AppAnswer, type PhoneView } from './desk.ts'

const response = (verbs: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`
const of = (type: string, body: string): AppAnswer => (reply) => reply.writeHead(200, { 'content-type': type }).end(body)

const answered = async (verbs: string | ((url: string) => string), options = {}) => {
  const at = await desk(options)
  await at.place({ Twiml: response(typeof verbs === 'string' ? verbs : verbs(at.app.url)) })
  return { ...at, first: await at.act('answer'), digits: () => at.app.on('/keys').map(({ form }) => form['Digits']) }
}
const gather = (attributes: string, inside = '') => (url: string) => `<Gather action="${url}/keys" ${attributes}>${inside}</Gather><Say>Nothing</Say>`
const applicationError = { state: 'ended', status: 'completed', said: [expect.stringContaining('an application error has occurred')] }

describe('Say, Pause and Hangup', () => {
  test.each([
    ['<Say>One</Say><Say> Two\n words </Say>', { state: 'ended', said: ['One', 'Two words'] }],
    ['<Say loop="3">Ho</Say>', { said: ['Ho', 'Ho', 'Ho'] }],
    ['<Say language="de-DE">Hallo</Say>', { said: ['Hallo'], language: 'de-DE' }],
    ['<Say>A <emphasis>B</emphasis> &amp; C</Say>', { said: ['A B & C'] }],
    ['<Say>One</Say><Hangup/><Say>Two</Say>', { state: 'ended', said: ['One'] }],
    ['<Say>One</Say><Reject/><Say>Two</Say>', { state: 'ended', said: ['One'] }],
    ['<Play>https://a.test/x.mp3</Play><Say>One</Say>', { said: ['One'] }],
    ['', { state: 'ended', status: 'completed', said: [] }],
    ['<say>One</say><Say>Two</Say>', { said: ['Two'], error: 12200 }],
  ])('%s', async (verbs, view) => expect((await answered(verbs)).first).toMatchObject(view))

  test('a pause lasts its length, a second by default, and keys are lost in it', async () => {
    const { first, act, pass } = await answered('<Say>One</Say><Pause/><Say>Two</Say><Pause length="3"/><Say>Three</Say>')
    expect(first).toMatchObject({ state: 'in-call', said: ['One'], listening: false })
    expect(await pass(0.999)).toMatchObject({ said: ['One'] })
    expect(await pass(0.001)).toMatchObject({ said: ['One', 'Two'] })
    expect(await act('keys', { digits: '123' })).toMatchObject({ said: ['One', 'Two'] })
    expect(await pass(2.999)).toMatchObject({ state: 'in-call', said: ['One', 'Two'] })
    expect(await pass(0.001)).toMatchObject({ state: 'ended', said: ['One', 'Two', 'Three'] })
  })

  test('speech takes the time that it is given', async () => {
    const { first, pass } = await answered('<Say>One</Say><Say>Two</Say>', { sayMilliseconds: () => 2_000 })
    expect(first).toMatchObject({ said: ['One'], state: 'in-call' })
    expect(await pass(2)).toMatchObject({ said: ['One', 'Two'], state: 'in-call' })
    expect(await pass(2)).toMatchObject({ state: 'ended' })
  })

  test('speech without an end comes to one', async () => {
    expect((await answered('<Say loop="0">Ho</Say>')).first.said).toHaveLength(100)
  })
})

describe('Gather', () => {
  test.each([
    ['as many keys as it wants', 'numDigits="3"', '123456', ['123']],
    ['a star like other keys', 'numDigits="3" finishOnKey=""', '1*2', ['1*2']],
    ['hash as the end, by default', '', '12#', ['12']],
    ['a finishing key that is cut off', 'numDigits="3" finishOnKey="*"', '1*', ['1']],
    ['hash as a key if another key finishes', 'numDigits="2" finishOnKey="*"', '#1', ['#1']],
    ['a finishing key of two characters as if there were none', 'finishOnKey="12"', '12#', ['12']],
  ])('takes %s', async (_, attributes, keys, posted) => {
    const { act, digits } = await answered(gather(attributes))
    await act('keys', { digits: keys })
    expect(digits()).toEqual(posted)
  })

  test('posts what there is when the time is over, which begins anew with each key', async () => {
    const { act, pass, digits } = await answered(gather('numDigits="3" finishOnKey="" timeout="4"'))
    await pass(3.999)
    expect(await act('keys', { digits: '*' })).toMatchObject({ state: 'in-call', listening: true })
    await pass(3.999)
    expect(digits()).toEqual([])
    await pass(0.001)
    expect(digits()).toEqual(['*'])
  })

  test('falls through after 5 s without a key', async () => {
    const { pass, digits } = await answered(gather('numDigits="3"'))
    expect(await pass(4.999)).toMatchObject({ state: 'in-call' })
    expect(await pass(0.001)).toMatchObject({ state: 'ended', said: ['Nothing'] })
    expect(digits()).toEqual([])
  })

  test.each([['true', ['']], ['false', []]])('with actionOnEmptyResult="%s" posts %j after silence', async (value, posted) => {
    const { pass, digits } = await answered(gather(`actionOnEmptyResult="${value}"`))
    await pass(5)
    expect(digits()).toEqual(posted)
  })

  test('says with which key it was finished', async () => {
    const { act, app } = await answered(gather('finishOnKey="*" actionOnEmptyResult="true"'))
    await act('keys', { digits: '*' })
    expect(app.on('/keys')[0]!.form).toMatchObject({ Digits: '', FinishedOnKey: '*' })
  })

  test('speaks and pauses inside, and waits only then', async () => {
    const { first, pass, digits } = await answered(gather('timeout="2"', '<Say>One</Say><Pause length="3"/><Say>Two</Say>'))
    expect(first).toMatchObject({ said: ['One'], listening: true })
    expect(await pass(3)).toMatchObject({ said: ['One', 'Two'] })
    expect(await pass(2)).toMatchObject({ said: ['One', 'Two', 'Nothing'], state: 'ended' })
    expect(digits()).toEqual([])
  })

  test('is silent after the first key', async () => {
    const { act, pass } = await answered(gather('numDigits="2" timeout="9"', '<Say>One</Say><Pause length="3"/><Say>Two</Say>'))
    await act('keys', { digits: '1' })
    expect(await pass(8)).toMatchObject({ said: ['One'], state: 'in-call' })
  })

  test('hears keys while it speaks', async () => {
    const { act, digits } = await answered(gather('numDigits="2"', '<Say>One</Say><Say>Two</Say>'), { sayMilliseconds: () => 5_000 })
    expect(await act('keys', { digits: '12' })).toMatchObject({ said: ['One'], state: 'ended' })
    expect(digits()).toEqual(['12'])
  })

  test('for speech alone hears no key', async () => {
    const { act, pass, digits } = await answered(gather('input="speech" numDigits="1"', '<Say>Speak</Say>'))
    await act('keys', { digits: '1' })
    expect(await pass(5)).toMatchObject({ said: ['Speak', 'Nothing'] })
    expect(digits()).toEqual([])
  })

  test('posts nothing when the person hangs up in the middle', async () => {
    const { act, digits, app } = await answered(gather('numDigits="3"'))
    await act('keys', { digits: '12' })
    expect(await act('hangup')).toMatchObject({ state: 'ended' })
    expect(digits()).toEqual([])
    expect(app.on('/status')).toHaveLength(1)
  })

  test('keys pressed at once reach one question after the other', async () => {
    const { act, app, digits } = await answered(gather('numDigits="3"'))
    app.answer('/keys', response(`<Gather numDigits="2" action="${app.url}/keys"/>`), response('<Say>Done</Say>'))
    expect(await act('keys', { digits: '12345' })).toMatchObject({ state: 'ended', said: ['Done'] })
    expect(digits()).toEqual(['123', '45'])
  })

  test('without an action asks the document’s own URL', async () => {
    const { app, place, act } = await desk()
    app.answer('/voice', response('<Gather numDigits="1"/>'), response('<Say>Done</Say>'))
    await place({ Url: `${app.url}/voice?a=1`, Method: 'GET' })
    expect(await act('keys', { digits: '5' })).toMatchObject({ said: ['Done'] })
    expect(app.on('/voice').map(({ method, form }) => [method, form['Digits']])).toEqual([['GET', undefined], ['POST', '5']])
  })
})

describe('Redirect', () => {
  test('goes on elsewhere, relative to where it is', async () => {
    const { app, place, act } = await desk()
    app.answer('/voice/one', response('<Say>One</Say><Redirect method="GET">two?a=1&amp;b=2</Redirect><Say>Never</Say>'))
    app.answer('/voice/two', response('<Say>Two</Say>'))
    await place({ Url: `${app.url}/voice/one` })
    expect(await act('answer')).toMatchObject({ said: ['One', 'Two'], state: 'ended' })
    expect(app.asked.map(({ method, url }) => `${method} ${url.split('&AccountSid')[0]}`)).toEqual(['POST /voice/one', 'GET /voice/two?a=1&b=2', 'POST /status'])
  })

  test('to itself for ever comes to an end', async () => {
    const { app, place, act } = await desk()
    app.answer('/voice', response('<Redirect/>'))
    await place({ Url: `${app.url}/voice` })
    expect(await act('answer')).toMatchObject(applicationError)
  })
})

describe('an application error', () => {
  test.each([
    ['that is no XML', of('text/xml', '<Response>'), 12100],
    ['that is empty', of('text/xml', ''), 12100],
    ['of another element', of('text/xml', '<Html/>'), 12100],
    ['of the type application/json', of('application/json', '{}'), 12300],
    ['of no type', (reply) => reply.writeHead(200).end('<Response/>'), 12300],
    ['with the status 204', (reply) => reply.writeHead(204).end(), 12300],
    ['with the status 404', (reply) => reply.writeHead(404, { 'content-type': 'text/xml' }).end('<Response/>'), 11200],
    ['with the status 500', (reply) => reply.writeHead(500, { 'content-type': 'text/xml' }).end('<Response/>'), 11200],
    ['that breaks off', (reply) => { reply.writeHead(200, { 'content-type': 'text/xml', 'content-length': '100' }).write('<Response/>'); reply.destroy() }, 11205],
    ['with a verb that is not performed here', of('text/xml', response('<Dial>+12025550199</Dial>')), 12200],
    ['that goes on nowhere', of('text/xml', response('<Redirect>http://</Redirect>')), 11100],
  ] satisfies [string, AppAnswer, number][])('follows an answer %s', async (_, answer, error) => {
    const { app, act } = await answered(gather('numDigits="1"'))
    app.answer('/keys', answer)
    expect(await act('keys', { digits: '1' })).toMatchObject({ ...applicationError, error })
    expect(app.on('/status').map(({ form }) => form['CallStatus'])).toEqual(['completed'])
  })

  test.each(['<Response><Say>One</Say>', 'Hello'])('follows TwiML in the order such as %j', async (Twiml) => {
    const { place, act } = await desk()
    await place({ Twiml })
    expect(await act('answer')).toMatchObject({ ...applicationError, error: 12100 })
  })

  test('follows a Gather in the order that has no action', async () => {
    const { act } = await answered('<Gather numDigits="1"/>')
    expect(await act('keys', { digits: '1' })).toMatchObject({ ...applicationError, error: 11100 })
  })

  test.each([
    ['text/xml; charset=utf-8', response('<Say>One</Say>'), ['One']],
    ['Application/XML', response('<Say>One</Say>'), ['One']],
    ['text/html', response('<Say>One</Say>'), ['One']],
    ['text/plain', 'One', ['One']],
    ['audio/mpeg', 'ID3', []],
  ])('does not follow an answer of the type %s', async (type, body, said) => {
    const { app, act } = await answered(gather('numDigits="1"'))
    app.answer('/keys', of(type, body))
    const view: PhoneView = await act('keys', { digits: '1' })
    expect(view).toMatchObject({ state: 'ended', said })
    expect(view.error).toBeUndefined()
  })
})
