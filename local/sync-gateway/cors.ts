// What a page of another origin is told. Source: auth/cors.go.
import type { Cors } from './settings.ts'

/** The configured origin that the request's matches: itself, or `*`. */
export const originMatches = (configured: readonly string[], origin: string) =>
  configured.includes(origin) ? origin : configured.includes('*') ? '*' : undefined

/** Nothing without configuration or without Origin. An origin that is not allowed gets the other headers all the same. */
export const corsHeaders = (cors: Cors | undefined, origin: string): [string, string][] => {
  if (!cors || origin === '') return []
  const matched = originMatches(cors.origins, origin)
  return [
    ...(matched === undefined ? [] : [['access-control-allow-origin', matched] as [string, string]]),
    ['access-control-allow-credentials', 'true'],
    ['access-control-allow-headers', cors.headers.join(', ')],
  ]
}

export const preflightHeaders = (cors: Cors | undefined, origin: string, methods: readonly string[]): [string, string][] =>
  !cors || origin === '' ? [] : [['access-control-max-age', String(cors.maxAge)], ['access-control-allow-methods', methods.join(', ')]]
