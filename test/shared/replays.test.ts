import { describe, expect, test } from '@jest/globals'
import { replays } from '../../shared/replays.ts'

const kept = (keptMax: number) => {
  let time = 0
  return { isReplay: replays({ now: () => time, keptMax }), at: (milliseconds: number) => { time = milliseconds } }
}

describe('what must come only once', () => {
  test('is a replay through its end, and then new', () => {
    const { isReplay, at } = kept(10)
    expect(isReplay('a', 1_000)).toBe(false)
    at(1_000)
    expect(isReplay('a', 2_000)).toBe(true)
    at(1_001)
    expect(isReplay('a', 2_000)).toBe(false)
    expect(isReplay('a', 2_000)).toBe(true)
  })

  test('is forgotten when 10,000 newer ones came, the oldest first', () => {
    const { isReplay } = kept(10_000)
    for (let count = 0; count < 10_000; count += 1) expect(isReplay(String(count), 1)).toBe(false)
    expect(isReplay('0', 1)).toBe(true)
    expect(isReplay('one more', 1)).toBe(false)
    expect(isReplay('1', 1)).toBe(true)
    expect(isReplay('0', 1)).toBe(false)
  })

  test('is as young as its last first time', () => {
    const { isReplay, at } = kept(2)
    isReplay('a', 0)
    isReplay('b', 9)
    at(1)
    expect(isReplay('a', 9)).toBe(false)
    isReplay('c', 9)
    expect(isReplay('a', 9)).toBe(true)
    expect(isReplay('b', 9)).toBe(false)
  })
})
