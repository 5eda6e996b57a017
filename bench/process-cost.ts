// What a process that is not ours has used until now, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs'

export type ProcessCost = { cpuMilliseconds: number; peakMebibytes: number }

/** Time of all its living threads, on the processor; NaN where there is no such /proc. */
export const processCost = (pid: number): ProcessCost => {
  try {
    const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return { cpuMilliseconds: nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6, peakMebibytes: Number(kibibytes) / 1_024 }
  } catch {
    return { cpuMilliseconds: NaN, peakMebibytes: NaN }
  }
}
