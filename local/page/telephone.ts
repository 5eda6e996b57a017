// The telephone on the page: it has the number that is typed in the app, and is looked at as often as something happens.
import { keypad } from './keypad.ts'
import { line, type Impossible, type Line, type View } from './line.ts'
import { receiver } from './receiver.ts'
import { dialled } from './telephone-number.ts'

const typingMilliseconds = 300
const paceMilliseconds = { busy: 400, idle: 1_500 } as const
// From the app's request to the first ring.
const expectedMilliseconds = 10_000

/** `url` is the stand-in's. */
export const telephone = (url: string) => {
  let current: Line | undefined
  let timer = 0
  let typing = 0
  let turn = 0
  let busyUntil = 0
  let sending = Promise.resolve()

  const phone = receiver({ act: (act) => void ask((one) => one.act(act)) })
  keypad({
    pressed: (key) => {
      phone.keyed(key)
      // One after the other, because the stand-in hears each when it comes.
      sending = sending.then(() => ask((one) => one.press(key)))
    },
  })

  const ask = async (question: (one: Line) => Promise<View | Impossible>) => {
    if (!current) return
    const asked = current
    turn += 1
    const mine = turn
    const answer = await question(asked)
    // An answer that was overtaken by a later question is old.
    if (asked !== current || mine !== turn) return
    phone.show(answer)
    if ('state' in answer && (answer.state === 'ringing' || answer.state === 'in-call')) busyUntil = Date.now() + paceMilliseconds.idle
  }

  const look = async () => {
    await ask((one) => one.look())
    schedule()
  }
  const schedule = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), Date.now() < busyUntil ? paceMilliseconds.busy : paceMilliseconds.idle)
  }

  const be = (number: string | undefined) => {
    if (current?.number === number) return
    current = number === undefined ? undefined : line(url, number)
    phone.belongTo(number)
    void look()
  }

  phone.belongTo(undefined)
  schedule()
  return {
    follow: (typed: string) => {
      clearTimeout(typing)
      typing = setTimeout(() => be(dialled(typed)), typingMilliseconds)
    },
    expect: (typed: string) => {
      clearTimeout(typing)
      busyUntil = Date.now() + expectedMilliseconds
      be(dialled(typed))
      void look()
    },
  }
}
