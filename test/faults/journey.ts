// The journeys that are struck: what was before, the walk itself, and what must be true of it alone.
import type { App } from '../app.ts'
import type { Judge } from './judge.ts'
import { systemOf, type Target } from './seam.ts'
import { goOn, signIn, signOut, type Walk } from './walk.ts'

export type Journey = {
  /** The function that has just been started, and so reads its secrets and connects to Couchbase; the others have done that before. */
  cold?: string
  /** Healthy. */
  before?: (person: App, number: string) => Promise<Walk>
  walk: (person: App, number: string, before: Walk | undefined) => Promise<Walk>
  /** Whether a request of the walk is struck, in case another journey has the same. */
  strikes?: (target: Target) => boolean
  /** What is wrong when everything is healthy again, before the next sign-in. */
  after?: (person: App, walk: Walk, judge: Judge) => Promise<string[]>
}

export const startingUp = (cold: string): Journey => ({
  cold,
  walk: signIn,
  strikes: ({ name }) => ['secrets-manager', 'couchbase'].includes(systemOf(name)),
})

export const firstSignIn: Journey = { walk: signIn }

export const returningSignIn: Journey = { before: signIn, walk: signIn }

export const goingOnAndOut: Journey = {
  before: signIn,
  walk: (person, _number, before) => goOn(person, before!),
  after: async (person, walk, { admission }) => {
    if (!walk.tokens) return []
    const { status, json } = await signOut(person, walk)
    const isOut = status === 204 || json['error'] === 'invalid_token'
    const isAlive = walk.session !== undefined && (await admission(walk)) !== 401
    return [...(isOut ? [] : [`signing out again answered ${status}`]), ...(isAlive ? ['a session outlived its sign-out'] : [])]
  },
}
