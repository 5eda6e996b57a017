// Logins message by message, from a client that a test can bend in one place.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { loginBook } from '../../local/couchbase/login.ts'

const user = { username: 'a,b=c', password: 'pencil' }
const book = loginBook([user])

// RFC 5802, section 3, from the client's side.
const scram = (bend: Partial<Record<'first' | 'binding' | 'nonce' | 'password', string>> = {}) => {
  const conversation = book()
  const first = bend.first ?? 'n,,n=a=2Cb=3Dc,r=some nonce 0x67'
  const challenge = conversation.start('SCRAM-SHA256', first)
  const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]*),s=([^,]*),i=(\d+)$/.exec(challenge.message ?? '') ?? []
  const salted = pbkdf2Sync(bend.password ?? user.password, Buffer.from(salt, 'base64'), Number(iterations) || 1, 32, 'sha256')
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const withoutProof = `c=${bend.binding ?? 'biws'},r=${bend.nonce ?? nonce}`
  const authMessage = `${first.slice(3)},${challenge.message ?? ''},${withoutProof}`
  const clientKey = hmac(salted, 'Client Key')
  const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage)
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64')
  const end = () => conversation.step(`${withoutProof},p=${proof}`)
  return { challenge, nonce, end, serverSignature: () => `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}` }
}

describe('SCRAM', () => {
  test('lets in who knows the password, and proves that the server does', () => {
    const { challenge, nonce, end, serverSignature } = scram()
    expect(challenge.status).toBe(0x21)
    expect(nonce.startsWith('some nonce 0x67')).toBe(true)
    expect(end()).toEqual({ status: 0, message: serverSignature() })
  })

  test('makes a new nonce each time, and the same salt for the same name, known or not', () => {
    const parts = (first: string) => (scram({ first }).challenge.message ?? '').split(',')
    for (const first of ['n,,n=a=2Cb=3Dc,r=1', 'n,,n=nobody,r=1']) {
      const [[nonce, salt], [otherNonce, otherSalt]] = [parts(first), parts(first)]
      expect(otherSalt).toBe(salt)
      expect(otherNonce).not.toBe(nonce)
    }
  })

  test.each([
    ['a wrong password', { password: 'pen' }],
    ['an unknown name', { first: 'n,,n=nobody,r=1' }],
    ['a name that is not escaped', { first: 'n,,n=a=b=c,r=1' }],
    ['the nonce of another login', { nonce: 'some nonce 0x67' }],
    ['another binding than announced', { binding: 'eSws' }],
  ])('refuses %s', (_, bend) => expect(scram(bend).end()).toEqual({ status: 0x20 }))

  test.each(['p=tls-unique,,n=a,r=1', 'n,,n=a', 'n,,r=1', 'x,,n=a,r=1', ''])('does not understand the first message %p', (first) =>
    expect(scram({ first }).challenge).toEqual({ status: 0x04 }))

  test('takes a second message once', () => {
    const { end } = scram()
    expect(end().status).toBe(0)
    expect(end()).toEqual({ status: 0x04 })
  })
})

describe('PLAIN', () => {
  test.each([
    ['\0a,b=c\0pencil', 0],
    ['a,b=c\0a,b=c\0pencil', 0],
    ['other\0a,b=c\0pencil', 0x20],
    ['\0a,b=c\0pen', 0x20],
    ['\0nobody\0', 0x20],
    ['a,b=c', 0x04],
    ['\0a,b=c\0pencil\0', 0x04],
  ])('%j: status %i', (message, status) => expect(book().start('PLAIN', message).status).toBe(status))
})
