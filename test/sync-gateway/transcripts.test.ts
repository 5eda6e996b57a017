// What a real Sync Gateway answered, step by step, is what the stand-in answers, and the real one where the environment names it.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { realServer, standIn } from './servers.ts'
import type { Server, Transcript } from './transcript.ts'
import { replay } from './transcript.ts'

const folder = new URL('transcripts/', import.meta.url)
const transcripts = readdirSync(folder)
  .toSorted()
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Transcript)

const sameAnswers = (server: () => Server) =>
  test.each(transcripts.map((transcript) => [transcript.name, transcript.title, transcript] as const))(
    '%s: %s',
    async (_name, _title, transcript) => {
      const outcomes = await replay(server(), transcript)
      expect(outcomes.map(({ step, answer }) => ({ step, ...answer }))).toEqual(outcomes.map(({ step, expected }) => ({ step, ...expected })))
    },
    60_000,
  )

describe('the stand-in', () => {
  let server: Awaited<ReturnType<typeof standIn>>
  beforeAll(async () => { server = await standIn() })
  afterAll(() => server.close())
  sameAnswers(() => server)
})

const real = realServer()
if (real) describe('the real server', () => sameAnswers(() => real))
