// What a person does with a telephone. Each act answers when all that it caused is done and only time or a person can go on.
import type { Exchange } from './exchange.ts'
import type { Line } from './line.ts'

/** Why it cannot be done now, as a sentence. */
export type Impossible = { impossible: string }

export const handset = (exchange: Exchange, number: string) => {
  const live = () => {
    const { line } = exchange.phone(number)
    return line?.isLive() ? line : undefined
  }
  const act = async (sentence: string, run: (line: Line) => boolean): Promise<Impossible | undefined> => {
    const line = live()
    if (!line || !run(line)) return { impossible: sentence }
    await line.settled()
    return undefined
  }

  return {
    answer: () => act('This telephone does not ring.', (line) => line.answer()),
    hangUp: () => act('There is no call on this telephone.', (line) => line.hangUp()),

    /** Picks up if it rings, then one key after the other; those that no Gather hears are lost. */
    press: async (keys: string): Promise<Impossible | undefined> => {
      const line = live()
      if (!line) return { impossible: 'There is no call on this telephone.' }
      line.answer()
      for (const key of keys) {
        // The document that will listen may still be on its way.
        await line.settled()
        line.press(key)
      }
      await line.settled()
      return undefined
    },

    /** How the next call finds this telephone. */
    prepare: (next: 'busy' | 'silent' | 'unreachable') => { exchange.phone(number).next = next },

    view: () => {
      const { line, next } = exchange.phone(number)
      const about = next === 'free' ? {} : { next }
      if (!line) return { number, state: 'idle', said: [], ...about }
      const { sid, status, from } = line.call()
      return { number, state: stateOf(line), ...line.heard(), listening: line.isListening(), from, call_sid: sid, status, ...about }
    },
  }
}

const stateOf = (line: Line) => {
  if (!line.isLive()) return 'ended'
  return line.call().status === 'in-progress' ? 'in-call' : 'ringing'
}
