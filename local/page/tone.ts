// Two pure tones at once, from the browser's own sound.

const loudness = 0.08
const fadeSeconds = 0.02
let opened: AudioContext | undefined

/** Silent until the person has touched the page, because before that a browser would only complain. */
export const dualTone = (lowHertz: number, highHertz: number, seconds: number) => {
  if (!navigator.userActivation.hasBeenActive) return
  const context = (opened ??= new AudioContext())
  void context.resume()
  const begin = context.currentTime
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.linearRampToValueAtTime(loudness, begin + fadeSeconds)
  gain.gain.setValueAtTime(loudness, begin + Math.max(fadeSeconds, seconds - fadeSeconds))
  gain.gain.linearRampToValueAtTime(0, begin + seconds)
  gain.connect(context.destination)
  for (const frequency of [lowHertz, highHertz]) {
    const oscillator = new OscillatorNode(context, { frequency })
    oscillator.connect(gain)
    oscillator.start(begin)
    oscillator.stop(begin + seconds)
  }
}
