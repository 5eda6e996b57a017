// The log of a function, opened by its first line: what it reads of the environment may be wrong, and is then told by the request.
import { logLevel, metricsNamespace } from './configuration.ts'
import { logger } from './log.ts'
import { once } from './once.ts'
import type { Runtime } from './runtime.ts'

export const openedLog = (runtime: Runtime) =>
  once(() => {
    const environment = runtime.environment()
    return logger({ least: logLevel(environment) ?? 'info', now: runtime.now, namespace: metricsNamespace(environment), write: runtime.write })
  })
