// The plugin of serverless: bundles before anything is packaged, and no deploy of what only serves as an example.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

const BuildPlugin = createRequire(import.meta.url)('../../deploy/build-plugin.cjs') as new (serverless: object) => { hooks: Record<string, () => unknown> }
const { default: shipped } = parse(readFileSync(`${import.meta.dirname}/../../deploy/settings.yml`, 'utf8')) as { default: Record<string, unknown> }

const hooks = (settings: Record<string, unknown>) => {
  const { ORIGINS, LOG_LEVEL, ...environment } = settings
  const service = { provider: { environment: { LOG_LEVEL }, httpApi: { cors: { allowedOrigins: ORIGINS } } }, functions: { one: { environment }, two: {} } }
  return new BuildPlugin({ service, classes: { Error } }).hooks
}
const refusing = ['before:deploy:deploy', 'before:deploy:function:packageFunction']

test('bundles before a package is made, of all functions or of one', () =>
  expect(Object.keys(hooks(shipped)).filter((hook) => hook.startsWith('before:package:'))).toEqual(['before:package:createDeploymentArtifacts', 'before:package:function:package']))

test.each(refusing)('%s names the settings that are still those of the example', (hook) =>
  expect(() => hooks(shipped)[hook]!()).toThrow('Set CALLER_ID, COUCHBASE_URL, ORIGINS, SYNC_GATEWAY_ADMIN_URL, SYNC_GATEWAY_PUBLIC_URL for this stage in deploy/settings.yml first.'))

test.each(refusing)('%s lets a deploy pass whose settings are its own', (hook) => {
  const own = {
    ORIGINS: ['https://app.acme.net'], CALLER_ID: '+14155550100', COUCHBASE_URL: 'couchbases://db.acme.net',
    SYNC_GATEWAY_ADMIN_URL: 'https://sg.acme.net:4985', SYNC_GATEWAY_PUBLIC_URL: 'https://sync.acme.net',
  }
  expect(() => hooks({ ...shipped, ...own })[hook]!()).not.toThrow()
})
