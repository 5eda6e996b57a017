// HTTP/1.1 (RFC 9112) as text: a request as it is written, and the reply to it out of the pieces in which it comes.

export type RequestMessage = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  target: URL
  headers: Readonly<Record<string, string>>
  body: string | undefined
  /** Whether another request may follow on the same connection. */
  keepAlive: boolean
}

/** `seconds`: how long the connection may wait for another request, as far as the other side says; 0 if it can carry none. */
export type ReplyMessage = { status: number; body: string; seconds: number }

/** What came is no reply that can be trusted to be whole, or that follows the standard. */
export class MalformedReply extends Error {
  override readonly name = 'MalformedReply'
}

/** The body is longer than it may be. */
export class ReplyTooLarge extends Error {
  override readonly name = 'ReplyTooLarge'
}

const visible = /^[\t\x20-\x7e]*$/
const token = /^[!#$%&'*+.^_`|~\w-]+$/

/** Throws a TypeError for a header that would not be one line of ASCII, with a name of its own: what comes after it would be read as another. */
export const requestText = ({ method, target, headers, body, keepAlive }: RequestMessage) => {
  const length = body === undefined && method !== 'POST' && method !== 'PUT' ? {} : { 'content-length': String(Buffer.byteLength(body ?? '')) }
  const lines = Object.entries({ host: target.host, ...headers, ...length, ...(keepAlive ? {} : { connection: 'close' }) })
  for (const [name, value] of lines) if (!token.test(name) || !visible.test(value)) throw new TypeError(`The header ${name} holds characters that no header may.`)
  return `${method} ${target.pathname}${target.search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`
}

const limits = { headBytesMax: 16_384, lineBytesMax: 1_024 } as const

type Head = { status: number; version: string; headers: Map<string, string> }
type Step = 'head' | 'body' | 'chunk' | 'chunk-end' | 'trailer' | 'rest' | 'whole'

/**
 * Reads one reply to a request that was not HEAD. `take` and `end` throw a MalformedReply or a ReplyTooLarge, and answer the reply once it is whole;
 * no more may be given to them then. Where two readings are possible (two lengths, a folded line, a bare line feed), it takes none.
 */
export const replyReader = (bodyBytesMax: number) => {
  let step: Step = 'head'
  let head: Head = { status: 0, version: '', headers: new Map() }
  let unread: Buffer = Buffer.alloc(0)
  let left = 0
  let bytes = 0
  const pieces: Buffer[] = []

  /** What comes before the mark, if that is there. */
  const upTo = (mark: string, bytesMax: number) => {
    const at = unread.indexOf(mark, 0, 'latin1')
    // Without the mark, the last bytes may be its beginning.
    if ((at < 0 ? unread.length - mark.length + 1 : at) > bytesMax) throw new MalformedReply(`A head or a line of more than ${bytesMax} bytes.`)
    if (at < 0) return undefined
    const text = unread.toString('latin1', 0, at)
    unread = unread.subarray(at + mark.length)
    return text
  }
  const expect = (more: number) => {
    left = more
    if (bytes + more > bodyBytesMax) throw new ReplyTooLarge(`An answer of more than ${bodyBytesMax} bytes.`)
  }
  /** As much of what is expected as is there. */
  const takeBody = () => {
    const piece = unread.subarray(0, left)
    unread = unread.subarray(piece.length)
    left -= piece.length
    bytes += piece.length
    pieces.push(piece)
  }

  /** The next step, or undefined where more must come first. */
  const steps: Record<Exclude<Step, 'whole'>, () => Step | undefined> = {
    head: () => {
      const text = upTo('\r\n\r\n', limits.headBytesMax)
      if (text === undefined) return undefined
      head = headOf(text)
      // An interim reply (RFC 9110 section 15.2) comes before the one that counts; 101 would end HTTP, and nobody asked for that.
      if (head.status === 101) throw new MalformedReply('An upgrade that nobody asked for.')
      if (head.status < 200) return 'head'
      const framing = framingOf(head)
      if (typeof framing !== 'number') return framing
      expect(framing)
      return 'body'
    },
    body: () => {
      takeBody()
      return left === 0 ? 'whole' : undefined
    },
    chunk: () => {
      if (left === 0) {
        const line = upTo('\r\n', limits.lineBytesMax)
        if (line === undefined) return undefined
        const size = chunkSizeOf(line)
        if (size === 0) return 'trailer'
        expect(size)
      }
      takeBody()
      return left === 0 ? 'chunk-end' : undefined
    },
    'chunk-end': () => {
      const after = upTo('\r\n', 0)
      return after === undefined ? undefined : 'chunk'
    },
    trailer: () => {
      const line = upTo('\r\n', limits.lineBytesMax)
      if (line === undefined) return undefined
      if (line === '') return 'whole'
      fieldOf(line)
      return 'trailer'
    },
    rest: () => {
      expect(unread.length)
      takeBody()
      return undefined
    },
  }

  const reply = (): ReplyMessage | undefined =>
    step === 'whole' ? { status: head.status, body: Buffer.concat(pieces).toString(), seconds: unread.length > 0 ? 0 : secondsOf(head) } : undefined

  return {
    take: (piece: Buffer): ReplyMessage | undefined => {
      unread = unread.length === 0 ? piece : Buffer.concat([unread, piece])
      while (step !== 'whole') {
        const next: Step | undefined = steps[step]()
        if (next === undefined) break
        step = next
      }
      return reply()
    },

    /** The connection has ended, which ends a reply that has no length of its own. */
    end: (): ReplyMessage | undefined => {
      if (step !== 'rest') throw new MalformedReply('The connection ended before the answer did.')
      step = 'whole'
      return { ...reply()!, seconds: 0 }
    },
  }
}

const headOf = (text: string): Head => {
  const [first = '', ...lines] = text.split('\r\n')
  const [, version = '', status = ''] = /^HTTP\/(1\.[01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/.exec(first) ?? []
  if (version === '') throw new MalformedReply('The first line is not that of an HTTP reply.')
  const headers: Head['headers'] = new Map()
  for (const line of lines) {
    const [name, value] = fieldOf(line)
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return { status: Number(status), version, headers }
}

// Beyond ASCII is whatever a server likes (RFC 9110 section 5.5), and one character a byte.
const text = /^[\t\x20-\x7e\x80-\xff]*$/

const fieldOf = (line: string): [name: string, value: string] => {
  const colon = line.indexOf(':')
  const [name, value] = [line.slice(0, Math.max(0, colon)), line.slice(colon + 1)]
  if (!token.test(name) || !text.test(value)) throw new MalformedReply('A line of the head is not a header.')
  return [name.toLowerCase(), withoutBlanks(value)]
}

/** Blanks are a space and a tab (RFC 9110 section 5.6.3); `trim` takes away more. */
const withoutBlanks = (value: string) => {
  let [start, end] = [0, value.length]
  while (start < end && isBlank(value[start])) start++
  while (start < end && isBlank(value[end - 1])) end--
  return value.slice(start, end)
}

const isBlank = (character: string | undefined) => character === ' ' || character === '\t'

/** How many bytes the body has, or by which step its end is found (RFC 9112 section 6.3). */
const framingOf = ({ status, version, headers }: Head): number | Step => {
  if (status === 204 || status === 304) return 0
  const [coding, length] = [headers.get('transfer-encoding'), headers.get('content-length')]
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked' || length !== undefined || version === '1.0') throw new MalformedReply('It is not clear where the answer ends.')
    return 'chunk'
  }
  if (length === undefined) return 'rest'
  if (!/^\d{1,15}$/.test(length)) throw new MalformedReply('The length is not one number.')
  return Number(length)
}

const chunkSizeOf = (line: string) => {
  const [, digits] = /^([\da-fA-F]{1,8})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line) ?? []
  if (digits === undefined) throw new MalformedReply('A chunk has no size.')
  return parseInt(digits, 16)
}

const secondsOf = ({ version, headers }: Head) => {
  // In small letters, because the first pattern with the flag i takes 0.1 ms of a cold start.
  const lower = (name: string) => headers.get(name)?.toLowerCase() ?? ''
  if (version === '1.0' || /(^|,)\s*close\s*(,|$)/.test(lower('connection'))) return 0
  const [, seconds] = /(?:^|[,;\s])timeout=(\d{1,6})/.exec(lower('keep-alive')) ?? []
  return seconds === undefined ? Infinity : Number(seconds)
}
