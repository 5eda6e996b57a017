// From a request to its answer: routing, redirects, unknown paths, errors.
import { admit } from './admission.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import type { Exchange, Reply } from './exchange.ts'
import { originOf } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { asHttpError, HttpError } from './http-error.ts'
import { empty, moved, refusal } from './reply.ts'
import { routes } from './route-table.ts'
import type { Match } from './router.ts'
import { find, methodsOf, routedPath, withoutDots } from './router.ts'

/** Never rejects. `exchange.path` is the path as it was sent. */
export const answer = async (exchange: Exchange, gateway: Gateway, search: string): Promise<Reply> => {
  const path = routedPath(exchange.path)
  if (path === undefined) return { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '400 Bad Request' }
  const match = find(routes, exchange.port, exchange.method, path)
  if (!match) return withoutRoute(exchange, gateway, path)
  const clean = withoutDots(path)
  if (clean !== path) return { status: 301, headers: { location: encodeURI(clean) + search }, body: '' }
  if (match.redirect !== undefined) return moved(encodeURI(match.redirect) + search, exchange.method)
  exchange.path = path
  exchange.vars = match.vars
  try {
    return await admit(exchange, match.route, gateway)
  } catch (cause) {
    return refusal(asHttpError(cause))
  }
}

const withoutRoute = (exchange: Exchange, gateway: Gateway, path: string): Reply => {
  const options = methodsOf(routes, exchange.port, path)
  if (options.length === 0) return refusal(new HttpError(404, 'unknown URL'))
  const methods = options.map(({ method }) => method)
  exchange.extra.push(['allow', methods.join(', ')])
  if (exchange.port === 'public') {
    const cors = corsOf(gateway, options.map(({ match }) => match))
    exchange.extra.push(...corsHeaders(cors, originOf(exchange)), ...preflightHeaders(cors, originOf(exchange), methods))
  }
  return exchange.method === 'OPTIONS' ? empty(204) : refusal(new HttpError(405, ''))
}

const corsOf = (gateway: Gateway, matches: Match[]) => {
  const keyspace = matches.map(({ vars }) => vars['db'] ?? vars['keyspace'] ?? vars['targetdb'] ?? '').find((name) => name !== '')
  return gateway.find((keyspace ?? '').split('.')[0] ?? '')?.settings.cors
}
