// The whole of Callgate in a test: the functions as they are written, behind the API Gateway front, with every stand-in around them and one clock.
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createSession } from '../functions/create-session.ts'
import { discovery } from '../functions/discovery.ts'
import { issueJwt } from '../functions/issue-jwt.ts'
import { manageAccounts } from '../functions/manage-accounts.ts'
import { receiveCallback } from '../functions/receive-callback.ts'
import { startCall } from '../functions/start-call.ts'
import { apiGateway } from '../local/api-gateway/api-gateway.ts'
import type { Clock } from '../local/clock.ts'
import { pages } from '../local/pages.ts'
import { readRoutes } from '../local/routes.ts'
import { surroundings, type Given } from '../local/surroundings.ts'
import type { Handler } from '../shared/http.ts'
import type { Runtime } from '../shared/runtime.ts'
import { manualClock } from './manual-clock.ts'

/** `page`: with the page of the local run, at localhost, because to a browser 127.0.0.1 is another site. */
export type WorldOptions = { given?: Given; clock?: Clock; page?: boolean }

const functions: Record<string, (runtime: Runtime) => Handler> = {
  'start-call': startCall, 'receive-callback': receiveCallback, 'issue-jwt': issueJwt, 'create-session': createSession, discovery,
}

export const world = async ({ given = {}, clock = manualClock(Date.now()), page = false }: WorldOptions = {}) => {
  const log: string[] = []
  let environment: Record<string, string> = {}
  const runtime: Runtime = { environment: () => environment, now: clock.now, random: (bytes) => randomBytes(bytes), write: (line) => log.push(line) }

  // A sandbox is what a function remembers; a restart forgets it.
  let sandboxes: Record<string, Handler> = {}
  let operator = manageAccounts(runtime)
  const restart = (...names: string[]) => {
    const chosen = Object.entries(functions).filter(([name]) => names.length === 0 || names.includes(name))
    sandboxes = { ...sandboxes, ...Object.fromEntries(chosen.map(([name, make]) => [name, make(runtime)])) }
    operator = manageAccounts(runtime)
  }
  restart()
  const invoke = (name: string) => (event: APIGatewayProxyEventV2, context: Context) => sandboxes[name]!(event, context)

  const routes = (await readRoutes()).map((route) => ({ ...route, handler: invoke(route.functionName) }))
  let served: RequestListener | undefined
  const front = await apiGateway({ routes, ...(page ? { pages: (request, response) => served?.(request, response) } : {}) })
  const url = page ? front.url.replace('127.0.0.1', 'localhost') : front.url
  const around = await surroundings({ issuer: url, given, clock }).catch(async (error: unknown) => {
    await front.close()
    throw error
  })
  environment = around.environment
  if (page) served = await pages(around.places)

  return {
    url,
    environment,
    places: around.places,
    setSecret: around.setSecret,
    clock,
    log,
    restart,
    /** What Lambda has a new sandbox do before its first request. */
    prepare: (name: string) => sandboxes[name]!.prepare(),
    /** What `serverless invoke -f manage-accounts` does. */
    manage: (order: unknown) => operator(order, { awsRequestId: 'operator', getRemainingTimeInMillis: () => 29_000 } as Context),
    close: async () => {
      await front.close()
      await around.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof world>>
