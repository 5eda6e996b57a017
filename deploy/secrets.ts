// npm run secrets: creates the secrets of a stage that are missing, fills one in, rotates a key, and checks that all of them work. Shows none.
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { problem, sentence } from './problem.ts'
import { secretsCommand, type SecretsOrder } from './secrets-command.ts'
import { stageSettings } from './settings.ts'

const usage = `npm run secrets -- --stage STAGE [--region REGION]   creates what is missing, and checks everything
  --rotate signing-keys   the next step of a rotation: run it again when it says so
  --rotate token-key      a new first key; the one before it stays good
  --set NAME < FILE       fills one in from standard input
  --kind EC|RSA|OKP       of a new signing key: ES256 (if not given), RS256 or EdDSA`

const readOrder = () => {
  const { values } = parseArgs({
    options: { stage: { type: 'string' }, region: { type: 'string' }, rotate: { type: 'string' }, set: { type: 'string' }, kind: { type: 'string', default: 'EC' } },
  })
  const { stage, rotate, set, kind, region } = values
  if (!stage || !/^[a-z][a-z0-9-]{0,30}$/.test(stage)) throw problem(`Name the stage.\n${usage}`)
  if (rotate !== undefined && rotate !== 'signing-keys' && rotate !== 'token-key') throw problem(`Only signing-keys and token-key are rotated here.\n${usage}`)
  if (kind !== 'EC' && kind !== 'RSA' && kind !== 'OKP') throw problem(`There is no such kind of key.\n${usage}`)
  return { stage, region, order: { ...(rotate ? { rotate } : {}), ...(set ? { set } : {}), kind } satisfies Omit<SecretsOrder, 'input'> }
}

const run = async () => {
  const { stage, region, order } = readOrder()
  const settings = await stageSettings(stage, process.env)
  const client = new SecretsManagerClient({ region: region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1' })
  const fine = await secretsCommand(
    { client, prefix: settings['SECRETS_PREFIX'] ?? `callgate/${stage}`, settings, now: () => Date.now(), write: (line) => console.log(line) },
    { ...order, input: () => text(process.stdin) },
  )
  client.destroy()
  return fine
}

const fine = await run().catch((error: unknown) => {
  console.error(sentence(error))
  return false
})
process.exitCode = fine ? 0 : 1
