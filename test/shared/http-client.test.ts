// One bounded request over real sockets: what was sent and what was not, which connections are used again, and that all of them end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { listen } from '../../local/server.ts'
import { httpClient, type HttpRequest } from '../../shared/http-client.ts'
import { UpstreamError } from '../../shared/upstream-error.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of open.splice(0)) await close() })

type Answer = (socket: Socket, request: { text: string; count: number; connection: number }) => void

/** A server that says whatever it is told to, to each request as it comes; `ended` counts connections that are over. */
const wire = async (answer: Answer, { secure = false } = {}) => {
  const seen: { text: string; connection: number }[] = []
  const ended = { count: 0 }
  let connections = 0
  const serve = (socket: Socket) => {
    const connection = ++connections
    let text = ''
    socket.on('data', (piece) => {
      text += piece.toString()
      const [, length = '0'] = /content-length: (\d+)/.exec(text) ?? []
      const end = text.indexOf('\r\n\r\n') + 4
      if (end < 4 || Buffer.byteLength(text.slice(end)) < Number(length)) return
      seen.push({ text, connection })
      answer(socket, { text, count: seen.length, connection })
      text = ''
    })
    socket.on('error', () => undefined)
  }
  const server = secure ? tls.createServer({ key: await pem('key'), cert: await pem('certificate') }, serve) : createServer(serve)
  // Also one that never came to speak.
  server.on('connection', (socket: Socket) => socket.once('close', () => { ended.count += 1 }))
  const { url, close, port } = await listen(server, 0, secure ? 'https' : 'http')
  open.push(close)
  return { url, seen, ended, close, port, connections: () => connections }
}
/** A server that reads nothing. */
const deaf = async (answer: (socket: Socket) => void) => {
  let connections = 0
  const { url, close } = await listen(createServer({ pauseOnConnect: true }, (socket) => {
    connections += 1
    socket.on('error', () => undefined)
    answer(socket)
  }), 0)
  open.push(close)
  return { url, connections: () => connections }
}
// More than two machines hold between them.
const endless = 'x'.repeat(20_000_000)
const pem = (name: string) => readFile(`${import.meta.dirname}/../../local/tls/${name}.pem`, 'utf8')

const client = (keepAlive = true) => httpClient('sync-gateway', { keepAlive })
const request = (url: string, change: Partial<HttpRequest> = {}): HttpRequest => ({ operation: 'try', method: 'GET', url, timeoutMilliseconds: 2_000, signal: new AbortController().signal, ...change })
const reply = (body: string, headers = '') => `HTTP/1.1 200 OK\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const failure = (promise: Promise<unknown>) => promise.then(() => 'none', (error: unknown) => (error instanceof UpstreamError ? error.failure : String(error)))
/** A byte at a time, while somebody listens. */
const dripping = async (socket: Socket, text: string) => {
  for (const byte of text) {
    if (socket.destroyed) return
    socket.write(byte)
    await delay(10)
  }
}
/** Waits until something is so, for ten seconds at most. */
const until = async (isSo: () => boolean) => {
  const end = performance.now() + 10_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It never came to be so: ${isSo.toString()}`)
    await delay(5)
  }
}

describe('what is sent and answered', () => {
  test('is what a server of Node reads and writes, in whatever pieces its answer comes', async () => {
    let given: { status: number; pieces: Buffer[] } = { status: 200, pieces: [] }
    const got: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
    const server = createHttpServer((incoming, outgoing) => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('end', () => {
        got.push({ method: incoming.method!, url: incoming.url!, headers: incoming.headers, body: Buffer.concat(pieces).toString() })
        outgoing.writeHead(given.status)
        for (const piece of given.pieces) outgoing.write(piece)
        outgoing.end()
      })
    })
    const { url, close } = await listen(server, 0)
    open.push(close)
    const ask = client()
    const text = fc.string({ unit: 'binary', maxLength: 300 }).map((any) => Buffer.from(any).toString())
    await fc.assert(fc.asyncProperty(
      fc.constantFrom('GET', 'PUT', 'POST', 'DELETE' as const), fc.webPath(), text, fc.array(text, { maxLength: 5 }), fc.constantFrom(200, 201, 400, 404, 409, 500, 503),
      async (method, path, body, said, status) => {
        given = { status, pieces: said.map((piece) => Buffer.from(piece)) }
        const sends = method === 'PUT' || method === 'POST'
        const answer = await ask(request(`${url}/${path}`, { method, headers: { 'x-test': 'a b' }, ...(sends ? { body } : {}) }))
        expect(answer).toEqual({ status, body: said.join('') })
        expect(got.at(-1)).toMatchObject({ method, url: new URL(`${url}/${path}`).pathname, body: sends ? body : '', headers: { 'x-test': 'a b', host: new URL(url).host } })
      },
    ), { numRuns: 60 })
  })

  test('goes one after the other over one connection, and at once over as many as it takes', async () => {
    const { url, seen, connections } = await wire((socket, { count }) => setTimeout(() => socket.write(reply(String(count))), 20))
    const ask = client()
    for (const count of ['1', '2', '3']) expect(await ask(request(url))).toEqual({ status: 200, body: count })
    expect([connections(), seen.length]).toEqual([1, 3])
    await Promise.all(Array.from({ length: 5 }, () => ask(request(url))))
    expect(connections()).toBe(5)
    await Promise.all(Array.from({ length: 5 }, () => ask(request(url))))
    expect(connections()).toBe(5)
  })

  test('is told apart by where it goes', async () => {
    const [one, other] = [await wire((socket) => socket.write(reply('one'))), await wire((socket) => socket.write(reply('other')))]
    const ask = client()
    for (let round = 0; round < 2; round++) expect([(await ask(request(one.url))).body, (await ask(request(other.url))).body]).toEqual(['one', 'other'])
  })
})

describe('a connection is not used again', () => {
  const cases: [what: string, keepAlive: boolean, fresh: boolean, answer: Answer][] = [
    ['where none is kept', false, false, (socket) => socket.write(reply('x'))],
    ['that was taken for one request alone', true, true, (socket) => socket.write(reply('x'))],
    ['that the server will close', true, false, (socket) => socket.write(reply('x', 'connection: close\r\n'))],
    ['that the server closes at once', true, false, (socket) => socket.end(reply('x'))],
    ['on which something came behind the answer', true, false, (socket) => socket.write(`${reply('x')}HTTP/1.1 200 OK\r\n`)],
    ['on which something comes later', true, false, (socket) => socket.write(reply('x'), () => setTimeout(() => socket.write('y'), 5))],
    ['of a server that keeps it for no more than a second', true, false, (socket) => socket.write(reply('x', 'keep-alive: timeout=1\r\n'))],
    ['whose end was the end of the answer', true, false, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nx')],
  ]
  test.each(cases)('%s, and ends', async (_what, keepAlive, fresh, answer) => {
    const { url, connections, ended } = await wire(answer)
    const ask = client(keepAlive)
    for (const count of [1, 2]) {
      expect(await ask(request(url, { fresh }))).toEqual({ status: 200, body: 'x' })
      await until(() => ended.count === count)
    }
    expect(connections()).toBe(2)
  })

  test('whose time was over while nothing could run, as in a frozen sandbox', async () => {
    const { url, connections } = await wire((socket) => socket.write(reply('x', 'keep-alive: timeout=2\r\n')))
    const ask = client()
    await ask(request(url))
    // The end of its second and the next request are due in the same turn.
    const next = delay(1_005).then(() => ask(request(url)))
    const begun = performance.now()
    while (performance.now() - begun < 1_100);
    expect(await next).toEqual({ status: 200, body: 'x' })
    expect(connections()).toBe(2)
  })

  test('once the time is over for which its server keeps it', async () => {
    const { url, connections, ended } = await wire((socket) => socket.write(reply('x', 'keep-alive: timeout=2\r\n')))
    const ask = client()
    await ask(request(url))
    await ask(request(url))
    expect(connections()).toBe(1)
    await until(() => ended.count === 1)
    await ask(request(url))
    expect(connections()).toBe(2)
  })

  test('but is, after an answer that took longer than that', async () => {
    const { url, connections } = await wire((socket, { count }) => setTimeout(() => socket.write(reply('x', 'keep-alive: timeout=2\r\n')), count === 2 ? 1_300 : 0))
    const ask = client()
    for (let round = 0; round < 3; round++) await ask(request(url))
    expect(connections()).toBe(1)
  })

  test('on which not all of the request had gone when the answer came', async () => {
    const { url, connections } = await deaf((socket) => socket.write(reply('x')))
    const ask = client()
    for (let round = 0; round < 2; round++) expect(await ask(request(url, { method: 'PUT', body: endless }))).toEqual({ status: 200, body: 'x' })
    expect(connections()).toBe(2)
  })

  test('beyond 256 that wait', async () => {
    const { url, ended } = await wire((socket) => setTimeout(() => socket.write(reply('x')), 300))
    const ask = client()
    await Promise.all(Array.from({ length: 260 }, () => ask(request(url, { timeoutMilliseconds: 10_000 }))))
    await until(() => ended.count === 4)
  })

  test('where a new one is asked for', async () => {
    const { url, seen } = await wire((socket) => socket.write(reply('x')))
    const ask = client()
    for (const fresh of [false, true, false]) await ask(request(url, { fresh }))
    expect(seen.map(({ connection }) => connection)).toEqual([1, 2, 1])
  })

  test('says so to the server where it is for one request alone', async () => {
    const { url, seen } = await wire((socket) => socket.write(reply('x')))
    const ask = client()
    await ask(request(url))
    await ask(request(url, { fresh: true }))
    expect(seen.map(({ text }) => text.includes('\r\nconnection: close\r\n'))).toEqual([false, true])
  })
})

test('a connection that waits keeps no process alive', async () => {
  const { url } = await wire((socket) => socket.write(reply('x')))
  const script = `
    import { httpClient } from ${JSON.stringify(new URL('../../shared/http-client.ts', import.meta.url).href)}
    const { body } = await httpClient('sync-gateway', { keepAlive: true })({ operation: 'try', method: 'GET', url: ${JSON.stringify(url)}, timeoutMilliseconds: 5_000, signal: AbortSignal.timeout(60_000) })
    console.log(body)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  expect(await once(child, 'exit')).toEqual([0, null])
})

describe('nothing was sent', () => {
  test('where nobody listens', async () => {
    const { url, close } = await wire(() => undefined)
    await close()
    expect(await failure(client()(request(url)))).toBe('unreachable')
  })

  test('where a name has no address', async () => expect(await failure(client()(request('http://nowhere.invalid:1')))).toBe('unreachable'))

  test('when the invocation was over before', async () => {
    const { url, connections } = await wire((socket) => socket.write(reply('x')))
    const ask = client()
    await ask(request(url))
    expect(await failure(ask(request(url, { signal: AbortSignal.abort() })))).toBe('unreachable')
    expect(await ask(request(url))).toEqual({ status: 200, body: 'x' })
    expect(connections()).toBe(1)
  })

  test('where a server does not take the connection in time', async () => {
    const { port, close } = await listen(createServer({ pauseOnConnect: true }), 0)
    open.push(close)
    // It takes the bytes of a handshake, and never answers them.
    expect(await failure(client()(request(`https://localhost:${port}`, { timeoutMilliseconds: 50 })))).toBe('unreachable')
  })
})

describe('what happened is not known', () => {
  const cases: [what: string, answer: Answer][] = [
    ['when the server hangs up', (socket) => socket.destroy()],
    ['when it resets the connection', (socket) => socket.resetAndDestroy()],
    ['when it ends the connection', (socket) => socket.end()],
    ['when it ends within the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['when it ends within a body of known length', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n1')],
    ['when it ends within a chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n1')],
    ['when it ends before the last chunk', (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n1\r\n')],
    ['when it resets a connection whose end would be that of the answer', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nx', () => setTimeout(() => socket.resetAndDestroy(), 5))],
    ['when it speaks something else', (socket) => socket.write('220 smtp.test ESMTP\r\n\r\n')],
    ['when it never answers', () => undefined],
    ['when it answers a byte at a time', (socket) => void dripping(socket, reply('x'.repeat(100)))],
  ]
  test.each(cases)('%s, and the connection ends', async (_what, answer) => {
    const { url, seen, ended } = await wire(answer)
    expect(await failure(client()(request(url, { timeoutMilliseconds: 200 })))).toBe('lost_reply')
    expect(seen).toHaveLength(1)
    await until(() => ended.count === 1)
  })

  test('when the server ends the connection without having read all', async () => {
    const { url } = await deaf((socket) => socket.end())
    const begun = performance.now()
    expect(await failure(client()(request(url, { method: 'PUT', body: endless })))).toBe('lost_reply')
    expect(performance.now() - begun).toBeLessThan(1_500)
  })

  test('when the invocation is over', async () => {
    const { url, ended } = await wire(() => undefined)
    const begun = performance.now()
    expect(await failure(client()(request(url, { signal: AbortSignal.timeout(100) })))).toBe('lost_reply')
    expect(performance.now() - begun).toBeLessThan(1_500)
    await until(() => ended.count === 1)
  })

  test('where a kept connection was closed meanwhile, unless that has been seen', async () => {
    const { url, connections } = await wire((socket, { count }) => (count === 1 ? socket.write(reply('x')) : socket.destroy()))
    const ask = client()
    await ask(request(url))
    expect(await failure(ask(request(url)))).toBe('lost_reply')
    expect(connections()).toBe(1)
  })
})

test('an answer of more than 1 MiB is unexpected, however it comes, and its connection ends', async () => {
  const heads = ['content-length: 1048577\r\n\r\n', 'transfer-encoding: chunked\r\n\r\n100001\r\n', '\r\n']
  for (const head of heads) {
    const { url, ended } = await wire((socket) => socket.write(`HTTP/1.1 200 OK\r\n${head}${'x'.repeat(1_048_577)}`))
    expect(await failure(client()(request(url)))).toBe('unexpected')
    await until(() => ended.count === 1)
  }
})

test('a header that would be two is never sent', async () => {
  const { url, connections } = await wire((socket) => socket.write(reply('x')))
  await expect(client()(request(url, { headers: { authorization: 'Basic x\r\nx-admin: 1' } }))).rejects.toThrow(TypeError)
  expect(connections()).toBe(0)
})

describe('over TLS', () => {
  const known = tls.getCACertificates('default')
  const trusting = async <T>(run: () => Promise<T>) => {
    tls.setDefaultCACertificates([...known, await pem('certificate')])
    try {
      return await run()
    } finally {
      tls.setDefaultCACertificates(known)
    }
  }

  test('a server is asked by its name, one request after the other', () => trusting(async () => {
    const { port, seen, connections } = await wire((socket) => socket.write(reply((socket as tls.TLSSocket & { servername: string }).servername)), { secure: true })
    const ask = client()
    for (let round = 0; round < 3; round++) expect(await ask(request(`https://localhost:${port}/a`))).toEqual({ status: 200, body: 'localhost' })
    expect([connections(), seen.length]).toEqual([1, 3])
    expect(seen[0]!.text).toContain(`\r\nhost: localhost:${port}\r\n`)
  }))

  test('a later connection takes up the session of an earlier one', () => trusting(async () => {
    const reused: boolean[] = []
    const { port, ended } = await wire((socket) => {
      reused.push((socket as tls.TLSSocket).isSessionReused())
      socket.write(reply('x'))
    }, { secure: true })
    const ask = client(false)
    for (const count of [1, 2, 3]) {
      await ask(request(`https://localhost:${port}`))
      await until(() => ended.count === count)
    }
    expect(reused).toEqual([false, true, true])
  }))

  test('nothing is sent to one whose certificate nobody vouches for', async () => {
    const { port, seen, ended } = await wire((socket) => socket.write(reply('x')), { secure: true })
    expect(await failure(client()(request(`https://localhost:${port}`)))).toBe('unreachable')
    await until(() => ended.count === 1)
    expect(seen).toEqual([])
  })

  test('nor to one of another name', () => trusting(async () => {
    const { port, seen, ended } = await wire((socket) => socket.write(reply('x')), { secure: true })
    expect(await failure(client()(request(`https://127.0.0.1:${port}`)))).toBe('unreachable')
    await until(() => ended.count === 1)
    expect(seen).toEqual([])
  }))
})
