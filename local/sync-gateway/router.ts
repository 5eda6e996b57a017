// Finds the route of a path, with the habits of gorilla/mux: a final slash too many or too few is a redirect, a known path with another method a 405.
import type { Port } from './exchange.ts'
import type { Route } from './route.ts'

export type Match = { route: Route; vars: Record<string, string>; redirect: string | undefined }

/** Path and method must fit; the first route of the table wins. */
export const find = (routes: Route[], port: Port, method: string, path: string): Match | undefined => {
  for (const route of routes) {
    if (route.on !== 'both' && route.on !== port) continue
    if (!route.methods.includes(method)) continue
    const found = fit(route.path, path)
    if (found) return { route, ...found }
  }
  return undefined
}

/** The methods that the path would take, in the order that the real server lists them. */
export const methodsOf = (routes: Route[], port: Port, path: string) =>
  ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].flatMap((method) => {
    const match = find(routes, port, method, path)
    return match ? [{ method, match }] : []
  })

/** A document's or user's id with an escaped slash keeps the whole path as it was sent; otherwise it is unescaped. Undefined if it cannot be. */
export const routedPath = (rawPath: string) => {
  if (/\/[^_/][^/]*\/([^_]|_user\/).*%2[fF]/.test(rawPath)) return rawPath
  try {
    return decodeURIComponent(rawPath)
  } catch {
    return undefined
  }
}

/** The path as Go's path.Clean has it, with its final slash. */
export const withoutDots = (path: string) => {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return kept.length === 0 ? '/' : `/${kept.join('/')}${path.endsWith('/') ? '/' : ''}`
}

const ids = new Set(['{db}', '{keyspace}', '{targetdb}', '{newdb}', '{docid}'])

const fit = (pattern: string, path: string) => {
  const wanted = segments(pattern)
  const given = segments(path)
  if (wanted.parts.length !== given.parts.length) return undefined
  const vars: Record<string, string> = {}
  for (const [index, part] of wanted.parts.entries()) {
    const value = given.parts[index] ?? ''
    if (!part.startsWith('{')) {
      if (part !== value) return undefined
    } else if (value === '' || (ids.has(part) && value.startsWith('_'))) return undefined
    else vars[part.slice(1, -1)] = value
  }
  const redirect = wanted.closed === given.closed ? undefined : wanted.closed ? `${path}/` : path.slice(0, -1)
  return { vars, redirect }
}

const segments = (path: string) => {
  const closed = path.endsWith('/')
  return { parts: path.slice(1, closed && path.length > 1 ? -1 : undefined).split('/'), closed }
}
