// A world for garbage: its functions called directly, what its store says of changes, and what a refusal must look like.
import { expect } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { get } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Runtime } from '../../shared/runtime.ts'
import { manualClock } from '../manual-clock.ts'
import { authToken, recordingCompany } from '../recording-company.ts'
import { sandbox, type Answer } from '../sandbox.ts'
import { world } from '../world.ts'

export const fuzzWorld = async () => {
  const company = await recordingCompany()
  const here = await world({ clock: manualClock(Date.now()), given: { TWILIO_API_URL: company.url, TWILIO_AUTH_TOKEN: authToken, LOG_LEVEL: 'error' } })
  const log: string[] = []
  const runtime: Runtime = { environment: () => here.environment, now: here.clock.now, random: (bytes) => randomBytes(bytes), write: (line) => { if (line.includes('"level":"error"')) log.push(line) } }
  // On a connection of its own: one kept from before a long run has been closed meanwhile.
  const sequence = () =>
    new Promise<number>((resolve, reject) => {
      get(`${here.places['sync-gateway-admin']}/notes/`, { agent: false }, (response) => {
        json(response).then((body) => resolve((body as { update_seq: number }).update_seq), reject)
      }).on('error', reject)
    })

  return {
    ...here,
    ...sandbox(runtime),
    company,
    /** Runs something that must neither change a document or a user, nor make a phone ring, nor be logged as a mistake. */
    changingNothing: async (run: () => Promise<unknown>) => {
      const before = [await sequence(), company.calls()]
      await run()
      expect([await sequence(), company.calls()]).toEqual(before)
      expect(log).toEqual([])
      expect(here.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
    },
    close: () => Promise.all([here.close(), company.close()]),
  }
}

export type FuzzWorld = Awaited<ReturnType<typeof fuzzWorld>>

const control = /\p{Cc}/u

/** Throws unless this is a 4xx with OAuth's two members, a sentence in the second, and perhaps a word that says why. Quicker than `expect`, for tens of thousands. */
export const mustBeRefusal = ({ status, json: { error, error_description: sentence, reason = 'none', ...more }, text }: Answer) => {
  const areWords = [error, reason].every((word) => typeof word === 'string' && /^[a-z_-]+$/.test(word))
  const isSentence = typeof sentence === 'string' && /^[A-Z].*\.$/.test(sentence) && !control.test(sentence)
  if (status < 400 || status > 499 || !areWords || !isSentence || Object.keys(more).length > 0) throw new Error(`Answered ${status} ${text}`)
}
