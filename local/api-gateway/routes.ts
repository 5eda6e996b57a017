// Which route takes a request, as API Gateway chooses it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
import type { Handler } from './lambda.ts'

export type Route = {
  /** `POST`, or `ANY` for every method that no other route of the path takes. */
  method: string
  /** `/call/keys`, `/users/{id}`, `/{proxy+}` with the greedy variable last, or `$default`. */
  path: string
  handler: Handler
  functionName: string
}

export type Match = { route: Route; routeKey: string; pathParameters: Record<string, string> }

/** Throws for a path that API Gateway would not take, and for two routes with one key. */
export const routeTable = (routes: Route[]) => {
  const compiled = routes.map(compile)
  const keys = compiled.map(({ routeKey }) => routeKey)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice) throw new Error(`Two routes have the key ${twice}.`)
  // Sorting is stable, so the first that fits is the most specific.
  compiled.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))

  /** A path as it was sent: API Gateway splits it first and decodes the pieces afterwards. */
  return (method: string, path: string): Match | undefined => {
    for (const { route, routeKey, pattern } of compiled) {
      const found = route.path === '$default' || ['ANY', method].includes(route.method.toUpperCase()) ? pattern.exec(path) : null
      if (!found) continue
      return { route, routeKey, pathParameters: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name.replace(/^_/, ''), decoded(value)])) }
    }
    return undefined
  }
}

/** As is, where it is not well encoded. */
export const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const variable = /^\{(\w+)(\+?)\}$/

const compile = (route: Route) => {
  if (route.path === '$default') return { route, routeKey: '$default', pattern: /^/, rank: '3' }
  const segments = route.path.split('/').slice(1)
  const greedy = segments.findIndex((segment) => variable.exec(segment)?.[2])
  const malformed = segments.some((segment) => /[{}]/.test(segment) && !variable.test(segment))
  if (!route.path.startsWith('/') || malformed || (greedy >= 0 && greedy < segments.length - 1)) throw new Error(`API Gateway takes no route with the path ${route.path}.`)
  const pattern = segments.map((segment) => {
    const [, name, plus] = variable.exec(segment) ?? []
    if (!name) return segment.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    return `(?<_${name}>${plus ? '.+' : '[^/]+'})`
  })
  return { route, routeKey: `${route.method.toUpperCase()} ${route.path}`, pattern: new RegExp(`^/${pattern.join('/')}$`, 's'), rank: rank(route, segments, greedy >= 0) }
}

// Full matches before greedy ones; words before variables, from the left; the method itself before ANY.
const rank = ({ method }: Route, segments: string[], greedy: boolean) =>
  [greedy ? '2' : '1', ...segments.map((segment) => (variable.exec(segment)?.[2] ? 'c' : variable.test(segment) ? 'b' : 'a')), method.toUpperCase() === 'ANY' ? '~' : '!'].join('')
