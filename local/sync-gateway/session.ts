// A login session as the database keeps it.

export type Session = {
  id: string
  userName: string
  /** Milliseconds since 1970; every use after a tenth of the ttl moves it. */
  expires: number
  ttlSeconds: number
  mark: string
  oneTime: boolean
}
