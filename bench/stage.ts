// The functions and the stand-ins around them, in this process: what a sandbox under measurement talks to, and where its events come from.
import { randomBytes } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createSession } from '../functions/create-session.ts'
import { discovery } from '../functions/discovery.ts'
import { issueJwt } from '../functions/issue-jwt.ts'
import { receiveCallback } from '../functions/receive-callback.ts'
import { startCall } from '../functions/start-call.ts'
import { apiGateway } from '../local/api-gateway/api-gateway.ts'
import type { Handler } from '../local/api-gateway/lambda.ts'
import { readRoutes } from '../local/routes.ts'
import { surroundings, type Given } from '../local/surroundings.ts'
import type { Runtime } from '../shared/runtime.ts'
import { tlsFront } from './tls-front.ts'

/** Takes an event in place of the function that it is for. */
export type Taker = (event: APIGatewayProxyEventV2) => ReturnType<Handler>

const functions: Record<string, (runtime: Runtime) => Handler> = {
  'start-call': startCall, 'receive-callback': receiveCallback, 'issue-jwt': issueJwt, 'create-session': createSession, discovery,
}

export type StageOptions = {
  given?: Given
  /** Puts other addresses into the environment of the functions. */
  reroute?: (environment: Record<string, string>) => Promise<Record<string, string>>
  /** Takes the log of the functions. */
  write?: (line: string) => void
  /** Answers in place of the functions of this process. */
  elsewhere?: (functionName: string) => Taker
}

export const stage = async ({ given = {}, reroute = (environment) => Promise.resolve(environment), write = () => undefined, elsewhere }: StageOptions = {}) => {
  let environment: Record<string, string> = {}
  const runtime: Runtime = { environment: () => environment, now: () => Date.now(), random: (bytes) => randomBytes(bytes), write }
  const warm = Object.fromEntries(Object.entries(functions).map(([name, make]) => [name, make(runtime)]))
  const takers = new Map<string, Taker>()
  const takerOf = (routeKey: string) => {
    const taker = takers.get(routeKey)
    takers.delete(routeKey)
    return taker
  }
  const handle = (name: string): Handler => (event, context) => (takerOf(event.routeKey) ?? elsewhere?.(name))?.(event) ?? warm[name]!(event, context)
  const routes = (await readRoutes()).map((route) => ({ ...route, handler: handle(route.functionName) }))
  const front = await apiGateway({ routes })
  const around = await surroundings({ issuer: front.url, given })
  environment = await reroute(around.environment)
  const secured = await tlsFront(around.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '')

  return {
    url: front.url,
    environment,
    /** By which secrets come over TLS, as in AWS. */
    secured: { AWS_ENDPOINT_URL_SECRETS_MANAGER: secured.url, NODE_EXTRA_CA_CERTS: secured.authority },
    places: around.places,
    setSecret: around.setSecret,
    keys: async () => (await fetch(`${front.url}/.well-known/jwks.json`)).text(),
    /** Gives the next event of a route, such as `POST /call`, to somebody else. */
    divert: (routeKey: string, taker: Taker) => {
      takers.set(routeKey, taker)
    },
    close: async () => {
      await front.close()
      await secured.close()
      await around.close()
    },
  }
}

export type Stage = Awaited<ReturnType<typeof stage>>

/** What the floor is given in place of secrets: `keys` as jwks.json has them. */
export const floorEnvironment = (keys: string) => ({ FLOOR_KEYS: keys, FLOOR_LOGIN: 'callgate:callgate-local' })
