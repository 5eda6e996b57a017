// A stand-in for Couchbase Sync Gateway 4.2, Community Edition: both ports, in memory, forgotten when it closes.
import type { Clock } from '../clock.ts'
import { realClock } from '../clock.ts'
import { listen } from '../server.ts'
import type { AdminLogin } from './gateway.ts'
import { gateway } from './gateway.ts'
import { httpPort } from './http-port.ts'

export type SyncGatewayOptions = {
  /** 0 takes any free one. */
  publicPort?: number
  adminPort?: number
  clock?: Clock
  /** Without them the admin port takes requests with or without credentials. */
  adminLogins?: AdminLogin[]
}

/** There is no database at the start. Rejects with a sentence if a port is taken. */
export const syncGateway = async ({ publicPort = 0, adminPort = 0, clock = realClock, adminLogins }: SyncGatewayOptions = {}) => {
  const databases = gateway(clock, adminLogins)
  const publicServer = await listen(httpPort(databases, 'public'), publicPort)
  const adminServer = await listen(httpPort(databases, 'admin'), adminPort).catch(async (cause: unknown) => {
    await publicServer.close()
    throw cause
  })
  return {
    publicUrl: publicServer.url,
    adminUrl: adminServer.url,
    close: async () => {
      databases.close()
      await Promise.all([publicServer.close(), adminServer.close()])
    },
  }
}
