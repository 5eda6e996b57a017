// How a client proves who it is: SCRAM (RFC 5802, RFC 7677) and PLAIN (RFC 4616).
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { status } from './status.ts'

export type Login = { username: string; password: string }

const digests: Partial<Record<string, string>> = { 'SCRAM-SHA512': 'sha512', 'SCRAM-SHA256': 'sha256', 'SCRAM-SHA1': 'sha1' }
const iterations = 4_096

export const mechanisms = [...Object.keys(digests), 'PLAIN'].join(' ')

type Answer = { status: number; message?: string }
type Exchange = { digest: string; salted: Buffer; known: boolean; channel: string; nonce: string; firstMessages: string }

/** The logins of one server. Each connection holds its own conversation with them. */
export const loginBook = (logins: readonly Login[]) => {
  const passwords = new Map(logins.map(({ username, password }) => [username, password]))
  const secret = randomBytes(32)
  const salted = new Map<string, Buffer>()

  const credentials = (digest: string, username: string) => {
    const password = passwords.get(username)
    // An unknown name gets a salt all the same, so that the answer does not tell who is known.
    const salt = createHmac('sha256', secret).update(`${digest} ${username}`).digest().subarray(0, 16)
    if (password === undefined) return { salt, salted: randomBytes(32), known: false }
    const kept = salted.get(`${digest} ${username}`) ?? pbkdf2Sync(password, salt, iterations, createHash(digest).digest().length, digest)
    salted.set(`${digest} ${username}`, kept)
    return { salt, salted: kept, known: true }
  }

  return () => {
    let exchange: Exchange | undefined

    const startScram = (digest: string, message: string): Answer => {
      const parts = /^((?:n|y),(?:a=[^,]*)?,)(n=([^,]*),r=([^,]+)(?:,.*)?)$/s.exec(message)
      if (!parts) return { status: status.invalid }
      const [, channel = '', bare = '', name = '', clientNonce = ''] = parts
      const { salt, ...secrets } = credentials(digest, name.replaceAll('=2C', ',').replaceAll('=3D', '='))
      const nonce = clientNonce + randomBytes(18).toString('base64')
      const answer = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`
      exchange = { digest, ...secrets, channel, nonce, firstMessages: `${bare},${answer}` }
      return { status: status.loginContinues, message: answer }
    }

    const plain = (message: string): Answer => {
      const [asWhom, username, password, ...more] = message.split('\0')
      if (username === undefined || password === undefined || more.length > 0) return { status: status.invalid }
      const right = passwords.get(username) === password && (asWhom === '' || asWhom === username)
      return { status: right ? status.success : status.loginRefused }
    }

    return {
      start: (mechanism: string, message: string): Answer => {
        exchange = undefined
        const digest = digests[mechanism]
        if (digest !== undefined) return startScram(digest, message)
        return mechanism === 'PLAIN' ? plain(message) : { status: status.loginRefused }
      },
      step: (message: string): Answer => {
        const current = exchange
        exchange = undefined
        return current ? finishScram(current, message) : { status: status.invalid }
      },
    }
  }
}

export type LoginBook = ReturnType<typeof loginBook>

const finishScram = ({ digest, salted, known, channel, nonce, firstMessages }: Exchange, message: string): Answer => {
  const parts = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([^,]*)$/s.exec(message)
  if (!parts) return { status: status.invalid }
  const [, withoutProof = '', binding, answeredNonce, proof = ''] = parts
  const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest()
  const hash = (bytes: Buffer) => createHash(digest).update(bytes).digest()
  const authMessage = `${firstMessages},${withoutProof}`
  const storedKey = hash(hmac(salted, 'Client Key'))
  const given = Buffer.from(proof, 'base64')
  const clientKey = hmac(storedKey, authMessage).map((byte, index) => byte ^ (given[index] ?? 0))
  const right = given.length === storedKey.length && timingSafeEqual(hash(Buffer.from(clientKey)), storedKey)
  if (!known || !right || answeredNonce !== nonce || binding !== Buffer.from(channel).toString('base64')) return { status: status.loginRefused }
  return { status: status.success, message: `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}` }
}
