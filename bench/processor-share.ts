// A part of a processor, as Lambda gives one to an invocation: by a control group of Linux, where this process may make one.
import { access, mkdir, rmdir, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

export type ProcessorShare = {
  /** Leaves a process no more than the share, from now on. */
  confine: (pid: number) => Promise<void>
  remove: () => Promise<void>
}

const periodMicroseconds = 20_000

// https://docs.kernel.org/scheduler/sched-bwc.html and https://docs.kernel.org/admin-guide/cgroup-v2.html
const kinds: { root: string; files: (quota: number) => Record<string, string> }[] = [
  { root: '/sys/fs/cgroup/cpu', files: (quota) => ({ 'cpu.cfs_period_us': String(periodMicroseconds), 'cpu.cfs_quota_us': String(quota) }) },
  { root: '/sys/fs/cgroup', files: (quota) => ({ 'cpu.max': `${quota} ${periodMicroseconds}` }) },
]

/** `share` of one processor. Undefined where no such group can be made: anywhere but on Linux, and for most users there. */
export const processorShare = async (share: number): Promise<ProcessorShare | undefined> => {
  for (const { root, files } of kinds) {
    const folder = `${root}/callgate-bench-${process.pid}`
    const made = await mkdir(folder).then(() => true, () => false)
    if (!made) continue
    try {
      // Which the kernel puts there, and nobody into a folder like any other.
      await access(`${folder}/cgroup.procs`)
      for (const [name, content] of Object.entries(files(Math.round(share * periodMicroseconds)))) await writeFile(`${folder}/${name}`, content)
      return { confine: (pid) => writeFile(`${folder}/cgroup.procs`, String(pid)), remove: () => removed(folder) }
    } catch {
      await removed(folder)
    }
  }
  return undefined
}

/** Only without processes, of which the last may be about to end. */
const removed = async (folder: string, tries = 50): Promise<void> => {
  try {
    await rmdir(folder)
  } catch (cause) {
    if (tries === 0) throw cause
    await setTimeout(20)
    await removed(folder, tries - 1)
  }
}
