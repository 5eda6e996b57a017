// Everything that the functions talk to, on this machine: stand-ins, or real servers where their URLs are given. The functions cannot tell.
import { randomBytes } from 'node:crypto'
import { realClock, type Clock } from './clock.ts'
import { couchbase } from './couchbase/couchbase.ts'
import { ensureDatabase } from './database.ts'
import { callgateSecrets } from './keys.ts'
import { secretsManager } from './secrets-manager/secrets-manager.ts'
import { syncGateway } from './sync-gateway/sync-gateway.ts'
import type { SayMilliseconds } from './twilio/earpiece.ts'
import { twilio } from './twilio/twilio.ts'

export type Given = Readonly<Record<string, string | undefined>>

type Ports = { syncGatewayPublic: number; syncGatewayAdmin: number; couchbase: number; twilio: number; secretsManager: number }

export type SurroundingsOptions = {
  /** Where the app finds the functions. */
  issuer: string
  /** What the operator set: settings of the functions, and URLs and logins of real servers. */
  given?: Given
  ports?: Partial<Ports>
  clock?: Clock
  /** How long the stand-in of the phone company takes to say a text; no time unless given. */
  sayMilliseconds?: SayMilliseconds
}

type Started = { close: () => Promise<void> }

// Known, so that a person can look into the stand-ins by hand.
const standInLogins = {
  SYNC_GATEWAY_USERNAME: 'callgate',
  SYNC_GATEWAY_PASSWORD: 'callgate-local',
  COUCHBASE_USERNAME: 'callgate',
  COUCHBASE_PASSWORD: 'callgate-local',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
  TWILIO_API_KEY_SID: 'SK00000000000000000000000000000001',
  TWILIO_API_KEY_SECRET: 'callgate-local',
  TWILIO_AUTH_TOKEN: 'callgate-local',
}

// Nobody pays for a call to a stand-in, so nothing is limited unless it is set.
const settingsOtherwise = {
  CLIENTS: 'app',
  SYNC_GATEWAY_KEYSPACE: 'notes',
  COUCHBASE_BUCKET: 'callgate',
  CALLER_ID: '+12025550100',
  APP_NAME: 'Callgate Notes',
  COUNTRIES: 'US,CA',
  LIMIT_NUMBER: 'off',
  LIMIT_ADDRESS: 'off',
  LIMIT_COUNTRY: 'off',
  LIMIT_TOTAL: 'off',
}
const settingsTaken = ['AUDIENCE', 'ROLES', 'CHANNELS', 'MATCH_DIGITS', 'WAIT_SECONDS_MAX', 'SPEAK_BINDING_MESSAGE', 'LOG_LEVEL']

/** The environment for the functions, and the places to name. Rejects with a sentence for a taken port or a server that says no. */
export const surroundings = async ({ issuer, given = {}, ports = {}, clock = realClock, sayMilliseconds = () => 0 }: SurroundingsOptions) => {
  const logins = filled(standInLogins, given)
  const settings = { ...filled(settingsOtherwise, given), ...taken(settingsTaken, given), ISSUER: given['ISSUER'] ?? issuer }
  const started: Started[] = []
  const close = async () => { await Promise.all(started.splice(0).map((server) => server.close())) }
  const start = async <S extends Started>(server: Promise<S>) => {
    const running = await server
    started.push(running)
    return running
  }

  try {
    const gateway = given['SYNC_GATEWAY_ADMIN_URL'] && given['SYNC_GATEWAY_PUBLIC_URL']
      ? { adminUrl: given['SYNC_GATEWAY_ADMIN_URL'], publicUrl: given['SYNC_GATEWAY_PUBLIC_URL'] }
      : await start(syncGateway({ publicPort: ports.syncGatewayPublic ?? 0, adminPort: ports.syncGatewayAdmin ?? 0, clock }))
    const couchbaseLogin = { username: logins.COUCHBASE_USERNAME, password: logins.COUCHBASE_PASSWORD }
    const couchbaseUrl = given['COUCHBASE_URL']
      ?? (await start(couchbase({ port: ports.couchbase ?? 0, clock, buckets: [settings.COUCHBASE_BUCKET], logins: [couchbaseLogin] }))).url
    const twilioUrl = given['TWILIO_API_URL']
      ?? (await start(twilio({
        port: ports.twilio ?? 0, clock, accountSid: logins.TWILIO_ACCOUNT_SID, apiKeySid: logins.TWILIO_API_KEY_SID,
        apiKeySecret: logins.TWILIO_API_KEY_SECRET, authToken: logins.TWILIO_AUTH_TOKEN, sayMilliseconds,
      }))).url
    const prefix = given['SECRETS_PREFIX'] ?? 'callgate/local'
    // Unless told, nobody else's: behind it may be logins of real servers.
    const aws = { accessKeyId: 'local', secretAccessKey: given['SECRETS_MANAGER_SECRET_ACCESS_KEY'] ?? randomBytes(16).toString('hex') }
    const vault = await start(secretsManager({ port: ports.secretsManager ?? 0, clock, secrets: prefixed(prefix, { ...callgateSecrets(), ...outsideSecrets(logins) }), ...aws }))
    // A page may call this machine localhost or 127.0.0.1; to a browser they are two sites.
    const publicUrl = gateway.publicUrl.replace('//127.0.0.1:', '//localhost:')
    await ensureDatabase({
      adminUrl: gateway.adminUrl,
      login: { username: logins.SYNC_GATEWAY_USERNAME, password: logins.SYNC_GATEWAY_PASSWORD },
      name: settings.SYNC_GATEWAY_KEYSPACE.split('.')[0] ?? '',
      bucket: given['SYNC_GATEWAY_BUCKET'] ?? 'notes',
      origins: given['ORIGINS']?.split(',').map((origin) => origin.trim()) ?? [issuer],
    })
    const environment: Record<string, string> = {
      ...settings,
      SYNC_GATEWAY_ADMIN_URL: gateway.adminUrl,
      SYNC_GATEWAY_PUBLIC_URL: publicUrl,
      COUCHBASE_URL: couchbaseUrl,
      TWILIO_API_URL: twilioUrl,
      SECRETS_PREFIX: prefix,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: vault.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
      AWS_SESSION_TOKEN: '',
    }
    const places = { 'sync-gateway': publicUrl, 'sync-gateway-admin': gateway.adminUrl, couchbase: couchbaseUrl, twilio: twilioUrl, 'secrets-manager': vault.url }
    return { environment, places, setSecret: (name: string, value: object) => vault.set(`${prefix}/${name}`, JSON.stringify(value)), close }
  } catch (error) {
    await close()
    throw error
  }
}

export type Surroundings = Awaited<ReturnType<typeof surroundings>>

const filled = <T extends Record<string, string>>(otherwise: T, given: Given) =>
  Object.fromEntries(Object.entries(otherwise).map(([name, value]) => [name, given[name] ?? value])) as Record<keyof T, string>

const taken = (names: string[], given: Given) =>
  Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))

const outsideSecrets = (logins: Record<keyof typeof standInLogins, string>) => ({
  'sync-gateway': { username: logins.SYNC_GATEWAY_USERNAME, password: logins.SYNC_GATEWAY_PASSWORD },
  couchbase: { username: logins.COUCHBASE_USERNAME, password: logins.COUCHBASE_PASSWORD },
  'twilio-api': { account_sid: logins.TWILIO_ACCOUNT_SID, api_key_sid: logins.TWILIO_API_KEY_SID, api_key_secret: logins.TWILIO_API_KEY_SECRET },
  'twilio-webhook': { auth_tokens: [logins.TWILIO_AUTH_TOKEN] },
  'test-numbers': {},
})

const prefixed = (prefix: string, secrets: Record<string, object>) =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`${prefix}/${name}`, JSON.stringify(value)]))
