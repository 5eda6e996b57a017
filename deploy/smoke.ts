// npm run smoke: signs in once at a deployment, with a test number that never rings, and says where it fails.
import { parseArgs } from 'node:util'
import { problem, sentence } from './problem.ts'
import { stageSettings } from './settings.ts'
import { signInOnce } from './smoke-sign-in.ts'

const usage = `npm run smoke -- --url https://ISSUER [--stage prod] [--client CLIENT]
The client is, if not given, the first one of the stage in deploy/settings.yml. The test number and its code, as in the secret test-numbers, are SMOKE_NUMBER and SMOKE_CODE in the environment.`

const run = async () => {
  const { values } = parseArgs({ options: { url: { type: 'string' }, stage: { type: 'string', default: 'prod' }, client: { type: 'string' } } })
  const { SMOKE_NUMBER: number, SMOKE_CODE: code } = process.env
  if (!values.url || !URL.canParse(values.url) || !number || !code) throw problem(`Name the deployment, a number and a code.\n${usage}`)
  const client = values.client ?? (await stageSettings(values.stage, process.env))['CLIENTS']?.split(',')[0]?.trim() ?? ''
  await signInOnce({ issuer: values.url.replace(/\/+$/, ''), client, number, code }, (line) => console.log(line))
}

await run().catch((error: unknown) => {
  console.error(sentence(error))
  process.exitCode = 1
})
