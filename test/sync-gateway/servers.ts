// The Sync Gateways that tests talk to: the stand-in with a clock that they move, and a real one if the environment names it.
import type { Clock } from '../../local/clock.ts'
import type { SyncGatewayOptions } from '../../local/sync-gateway/sync-gateway.ts'
import { syncGateway } from '../../local/sync-gateway/sync-gateway.ts'
import { manualClock } from '../manual-clock.ts'
import type { Answer } from './request.ts'
import type { Server } from './transcript.ts'

export const standIn = async (options: Omit<SyncGatewayOptions, 'clock'> = {}) => {
  const time = manualClock()
  let armed: (milliseconds: number) => void = () => {}
  const clock: Clock = {
    now: time.now,
    after: (milliseconds, run) => {
      armed(milliseconds)
      return time.after(milliseconds, run)
    },
  }
  const patiently = async (answer: Promise<Answer>) => {
    const waiting = new Promise<number>((resolve) => { armed = resolve })
    const first = await Promise.race([answer, waiting])
    if (typeof first === 'number') time.advance(first)
    return answer
  }
  const server = await syncGateway({ ...options, clock })
  return { ...server, advance: time.advance, now: time.now, patiently, pass: (milliseconds: number) => Promise.resolve(time.advance(milliseconds)) }
}

/** Undefined unless SYNC_GATEWAY_ADMIN_URL and SYNC_GATEWAY_PUBLIC_URL are set. */
export const realServer = (): Server | undefined => {
  const { SYNC_GATEWAY_ADMIN_URL: adminUrl, SYNC_GATEWAY_PUBLIC_URL: publicUrl } = process.env
  if (adminUrl === undefined || publicUrl === undefined) return undefined
  return {
    adminUrl,
    publicUrl,
    pass: (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds) }),
    patiently: (answer) => answer,
  }
}
