// Events of POST /session as API Gateway makes them, from somebody with an account: with a bearer token, or with one bound to a key.
import { createHash, randomUUID } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { person } from './person.ts'
import type { Stage } from './stage.ts'

/** Signs in anew each time it is asked, because tokens end. */
export const sessionEvents = (here: Stage) => {
  const captured = async (ask: () => Promise<unknown>) => {
    const { promise, resolve } = Promise.withResolvers<APIGatewayProxyEventV2>()
    here.divert('POST /session', async (event) => {
      resolve(event)
      return { statusCode: 200, body: '{}' }
    })
    await ask()
    return promise
  }
  const bearer = async () => {
    const somebody = person(here, '+12025550104')
    const tokens = await somebody.signIn()
    return captured(() => somebody.session(tokens))
  }
  /** Each with a proof of its own, which is good for a minute. */
  const bound = async (count: number) => {
    const made = await prover(here.url)
    const somebody = person(here, '+12025550105')
    const called = await somebody.call()
    await somebody.press(called)
    const { tokens, nonce } = await somebody.redeemBound(called, await made('POST', '/token'))
    const accessToken = String(tokens['access_token'])
    const event = await captured(() => somebody.session(tokens))
    const proofs = await Promise.all(Array.from({ length: count }, () => made('POST', '/session', { accessToken, nonce })))
    return proofs.map((dpop) => ({ ...event, headers: { ...event.headers, authorization: `DPoP ${accessToken}`, dpop } }))
  }
  return { bearer, bound }
}

/** A key of a device, and proofs by it (RFC 9449). */
const prover = async (url: string) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  return (htm: string, path: string, { accessToken, nonce }: { accessToken?: string; nonce?: string | undefined } = {}) =>
    new SignJWT({ jti: randomUUID(), htm, htu: `${url}${path}`, ...(nonce === undefined ? {} : { nonce }), ...(accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') }) })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
}
