// All databases of one stand-in, and the buckets under them.
import type { Clock } from '../clock.ts'
import type { Bucket, Database } from './database.ts'
import { configure, emptyBucket, openDatabase } from './database.ts'
import { HttpError } from './http-error.ts'
import { stopExpiries, watchExpiries } from './import.ts'
import type { JsonObject } from './json.ts'
import { updatePrincipal } from './principals.ts'
import { settingsOf } from './settings.ts'

/** With a `bucket` it has a role on that bucket alone, else on the whole cluster. */
export type AdminLogin = { username: string; password: string; bucket?: string }
export type Gateway = ReturnType<typeof gateway>

/** Without logins the admin port asks for none. */
export const gateway = (clock: Clock, logins: readonly AdminLogin[] | undefined) => {
  const databases = new Map<string, Database>()
  const buckets = new Map<string, Bucket>()

  const settle = (db: Database) => {
    updatePrincipal(db, db.settings.guest, { kind: 'user', name: '', replace: true })
    watchExpiries(db)
    return db
  }
  /** The configuration has been checked. A bucket's data are there again if the database was removed and is made anew. */
  const create = (name: string, config: JsonObject) => {
    if (databases.has(name)) throw new HttpError(412, `Duplicate database name ${JSON.stringify(name)}`)
    const settings = settingsOf(config)
    refuseShared(settings.bucket, [...settings.syncFunctions.keys()], name)
    const bucket = buckets.get(settings.bucket) ?? emptyBucket()
    buckets.set(settings.bucket, bucket)
    databases.set(name, settle(openDatabase(name, settings, bucket, clock)))
  }
  const refuseShared = (bucket: string, keyspaces: string[], name: string) => {
    const other = [...databases.values()].find((db) => db.settings.bucket === bucket && keyspaces.some((keyspace) => db.collections.has(keyspace)))
    if (other) throw new HttpError(409, `Cannot update config for database ${name} - collections are in use by another database: ${other.name}`)
  }
  const close = (db: Database) => {
    stopExpiries(db)
    db.waiters.close()
  }
  const remove = (name: string) => {
    const db = databases.get(name)
    if (db) close(db)
    return databases.delete(name)
  }
  return {
    clock,
    logins,
    find: (name: string) => databases.get(name),
    names: () => [...databases.keys()].toSorted(),
    create,
    reconfigure: (db: Database, config: JsonObject) => {
      configure(db, settingsOf(config))
      settle(db)
    },
    remove,
    close: () => {
      for (const db of databases.values()) close(db)
    },
  }
}
