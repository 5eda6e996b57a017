// The log's lines as another process gets them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'

const module = new URL('../../shared/standard-output.ts', import.meta.url).href
const lines = Array.from({ length: 4_000 }, (_, index) => `${index} ${'é'.repeat(200)}`)

/** What a process writes to a pipe that nobody empties for a while: 1.6 MB, of which Linux holds a fraction. */
const written = async (before: string) => {
  const script = `
    import { writeLine } from ${JSON.stringify(module)}
    ${before}
    for (let index = 0; index < ${lines.length}; index++) writeLine(index + ' ' + 'é'.repeat(200))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await delay(300)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  const [code] = (await once(child, 'close')) as [number]
  return { code, text: Buffer.concat(pieces).toString() }
}

describe('each line is whole and in its place', () => {
  test.each([['waits for room', ''], ['does not wait, as process.stdout makes it', "process.stdout.write('')"]])('on a pipe that %s', async (_what, before) => {
    expect(await written(before)).toEqual({ code: 0, text: lines.map((line) => `${line}\n`).join('') })
  })
})
