// The bell of the telephone.
import { dualTone } from './tone.ts'

const strokeSeconds = 0.09
const strokes = 8
const everyMilliseconds = 2_400

export const bell = (isLoud: () => boolean) => {
  let timer: number | undefined
  let stroke = 0

  const strike = () => {
    if (!isLoud() || stroke >= strokes) return
    stroke += 1
    if (stroke % 2 === 1) dualTone(880, 1320, strokeSeconds)
    else dualTone(988, 1480, strokeSeconds)
    setTimeout(strike, strokeSeconds * 1000)
  }
  const ring = () => {
    stroke = 0
    strike()
  }

  return {
    /** Rings, or stops ringing. */
    set: (ringing: boolean) => {
      if (ringing === (timer !== undefined)) return
      clearInterval(timer)
      timer = ringing ? setInterval(ring, everyMilliseconds) : undefined
      if (ringing) ring()
      else stroke = strokes
    },
  }
}
