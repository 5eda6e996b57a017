// What goes to AWS: the template and the zips, and the bundles out of those zips signing somebody in.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { app } from '../app.ts'
import { deployed, type Deployed } from './deployed.ts'
import { packaged, type Packaged, type Template } from './packaged.ts'
import { environmentOf, functionsOf, ofType, secretsOfRole, statementsOf, text, whenTrue } from './template.ts'
import { unzipped } from './zip.ts'

let first: Packaged
let second: Packaged
let template: Template
beforeAll(async () => {
  [first, second] = await Promise.all([packaged('prod'), packaged('prod', 'VPC_SUBNET_IDS=subnet-1,subnet-2', 'ISSUER=https://auth.example.net')])
  template = first.template
}, 90_000)
afterAll(() => Promise.all([first.remove(), second.remove()]))

const names = ['create-session', 'discovery', 'issue-jwt', 'manage-accounts', 'receive-callback', 'start-call']
const counting = ['issue-jwt', 'start-call']
const later: Record<string, string[]> = {
  'create-session': ['dpop.cjs'],
  'issue-jwt': ['couchbase.cjs', 'dpop.cjs'],
  'manage-accounts': ['numbering-plans.txt'],
  'receive-callback': ['phrases.txt'],
  'start-call': ['couchbase.cjs', 'numbering-plans.txt', 'phrases.txt'],
}
const isAddon = (path: string) => path.endsWith('.node')

describe('the template', () => {
  test('has exactly the routes of the design, each to its function', () => {
    const target = ({ Properties: { Target } }: { Properties: Record<string, unknown> }) => JSON.stringify(Target).match(/HttpApiIntegration(\w+)/)?.[1]?.replaceAll('Dash', '-').toLowerCase()
    expect(Object.fromEntries(ofType(template, 'AWS::ApiGatewayV2::Route').map(([, route]) => [route.Properties['RouteKey'], target(route)]))).toEqual({
      'POST /call': 'start-call', 'POST /call/keys': 'receive-callback', 'POST /call/status': 'receive-callback', 'POST /token': 'issue-jwt', 'POST /revoke': 'issue-jwt',
      'POST /session': 'create-session', 'GET /session': 'create-session', 'DELETE /session': 'create-session',
      'GET /.well-known/openid-configuration': 'discovery', 'GET /.well-known/jwks.json': 'discovery',
    })
  })

  test('has six functions: those that count on the processor of their addon, the others on arm64', () => {
    expect(Object.keys(functionsOf(template)).sort()).toEqual(names)
    for (const [name, { Architectures, Runtime, MemorySize, Timeout, VpcConfig }] of Object.entries(functionsOf(template))) {
      expect([name, Architectures, Runtime, MemorySize, Timeout]).toEqual([name, [counting.includes(name) ? 'x86_64' : 'arm64'], 'nodejs24.x', 512, 29])
      expect([name, whenTrue(VpcConfig)]).toEqual([name, name === 'discovery' ? undefined : { SubnetIds: { Ref: 'VpcSubnetIds' }, SecurityGroupIds: { Ref: 'VpcSecurityGroupIds' } }])
    }
  })

  test('keeps each function to its own log, and gives it no other right but its secrets', () => {
    for (const name of names) {
      const allowed = statementsOf(template, name).filter(({ Effect }) => Effect === 'Allow')
      expect(allowed.map(({ Action }) => Action)).toEqual([['logs:CreateLogStream', 'logs:PutLogEvents'], 'secretsmanager:GetSecretValue'])
      expect(text(allowed[0]?.Resource)).toMatch(new RegExp(`:log-group:/aws/lambda/callgate-prod-${name}:log-stream:\\*$`))
    }
    expect(ofType(template, 'AWS::IAM::Role')).toHaveLength(names.length)
    expect(ofType(template, 'AWS::IAM::Policy').concat(ofType(template, 'AWS::IAM::ManagedPolicy'))).toEqual([])
  })

  test('knows no wildcard for a resource or an action', () => {
    const statements = names.flatMap((name) => statementsOf(template, name))
    expect(statements.length).toBeGreaterThan(names.length)
    for (const { Action, Resource } of statements) {
      for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/)
      // A log's streams, and in what is denied every interface, are all that one star may stand for.
      for (const resource of [Resource].flat()) expect(text(resource)).toMatch(/^arn:\$\{AWS::Partition\}:[a-z0-9]+:\$\{AWS::Region\}:\$\{AWS::AccountId\}:(?:\*$|[^*]*[^*:]$|log-group:[^*]+:log-stream:\*$)/)
    }
    expect(statements.filter(({ Effect, Resource }) => Effect === 'Allow' && text(Resource).endsWith(':*')).every(({ Action }) => String(Action).startsWith('logs:'))).toBe(true)
  })

  test('throttles every route, and those that cost money more', () => {
    const [[, stage] = []] = ofType(template, 'AWS::ApiGatewayV2::Stage')
    const { DefaultRouteSettings, RouteSettings } = stage!.Properties as { DefaultRouteSettings: Record<string, number>; RouteSettings: Record<string, Record<string, number>> }
    expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })
    expect(Object.fromEntries(Object.entries(RouteSettings).map(([route, limits]) => [route, limits['ThrottlingRateLimit']]))).toEqual({ 'POST /call': 5, 'POST /call/keys': 20, 'POST /call/status': 20, 'POST /token': 200, 'POST /revoke': 20 })
    const routes = Object.fromEntries(ofType(template, 'AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => [String(Properties['RouteKey']), id]))
    expect(stage!.DependsOn).toEqual(expect.arrayContaining(Object.keys(RouteSettings).map((route) => routes[route])))
  })

  test('has a fuse for each function', () =>
    expect(Object.fromEntries(Object.entries(functionsOf(template)).map(([name, { ReservedConcurrentExecutions }]) => [name, whenTrue(ReservedConcurrentExecutions)]))).toEqual({
      'start-call': 10, 'receive-callback': 20, 'issue-jwt': 100, 'create-session': 50, discovery: 10, 'manage-accounts': 2,
    }))

  test('forgets every log after thirty days, and writes no address of a caller into that of the API', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup')
    expect(Object.fromEntries(groups.map(([, { Properties }]) => [Properties['LogGroupName'], Properties['RetentionInDays']]))).toEqual(
      Object.fromEntries(['/aws/http-api/callgate-prod', ...names.map((name) => `/aws/lambda/callgate-prod-${name}`)].map((name) => [name, 30])))
    const [[, stage] = []] = ofType(template, 'AWS::ApiGatewayV2::Stage')
    const line = (stage!.Properties['AccessLogSettings'] as { Format: string }).Format
    const format = JSON.parse(line) as Record<string, string>
    // AWS puts its own quotes around some values: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
    expect(() => JSON.parse(line.replaceAll(/\$context\.[\w.]+/g, (variable) => (variable.endsWith('String') ? '"Not Found"' : 'Not Found'))) as unknown).not.toThrow()
    expect(Object.values(format).filter((variable) => /identity|authorizer|userAgent|path\b|queryString/i.test(variable))).toEqual([])
    expect(Object.values(format)).toEqual(expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']))
  })

  test('has no secret in an environment, and no output that nobody needs', () => {
    for (const name of names) expect(Object.keys(environmentOf(template, name)).filter((variable) => /PASSWORD|TOKEN|KEY$|PEPPER|PRIVATE|CREDENTIAL/.test(variable))).toEqual([])
    expect(Object.keys(template.Outputs).sort()).toEqual(['DomainTarget', 'HttpApiId', 'HttpApiUrl', 'Issuer', 'ServerlessDeploymentBucketName'])
  })

  test('lets the API alone invoke functions, and only those that it has routes to', () => {
    const granted = ofType(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties)
    const api = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':execute-api:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':', { Ref: 'HttpApi' }, '/*']] }
    expect(granted.map(({ FunctionName, ...rest }) => [text(FunctionName), rest])).toEqual(
      ['start-call', 'receive-callback', 'issue-jwt', 'create-session', 'discovery'].map((name) =>
        [`${functionsOf(template)[name]!.id}.Arn`, { Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com', SourceArn: api }]))
  })

  test('silences no check of its linter, and names the deploy by which one goes back to it', () => {
    expect(JSON.stringify(template)).not.toContain('ignore_checks')
    for (const name of names) expect((functionsOf(template)[name]!['Code'] as { S3Key: string }).S3Key).toMatch(new RegExp(`^serverless/callgate/prod/\\d+-[^/]+/${name}\\.zip$`))
  })

  test('has no kind of resource that the role of CI has no right to', async () => {
    const role = await readFile(`${import.meta.dirname}/../../deploy/github-role.yml`, 'utf8')
    const granted = new Set([...role.matchAll(/\b([a-z0-9]+):(?:\*(?=\])|[A-Z]\w+)/g)].map(([, service]) => service))
    const services = Object.values(template.Resources).map(({ Type }) => Type.split('::')[1]!.toLowerCase().replace('apigatewayv2', 'apigateway'))
    expect([...new Set(services)].filter((service) => !granted.has(service))).toEqual([])
    expect(services).toEqual(expect.arrayContaining(['apigateway', 'cloudwatch', 'route53', 'sns']))
  })

  test('tells one topic of ten alarms, and has a dashboard', () => {
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm')
    const found = alarms.map(([, { Properties }]) => String(Properties['AlarmName']).replace('callgate-prod-', ''))
    expect(found.sort()).toEqual(['couchbase-down', 'day-is-full', 'error-rate', 'fuse', 'reports', 'secrets-manager-down', 'sign-ups', 'spend', 'sync-gateway-down', 'twilio-down'])
    for (const [, { Properties }] of alarms) expect(Properties['AlarmActions']).toEqual([{ Ref: 'AlarmTopic' }])
    expect(ofType(template, 'AWS::CloudWatch::Dashboard')).toHaveLength(1)
  })

  test('has a domain, a VPC, an issuer and an address for alarms only where they are given', () => {
    expect(Object.values(template.Parameters).map(({ Default }) => Default)).toEqual(['', '', '', '', '', '', 'on', ''])
    expect(second.template.Parameters).toMatchObject({ VpcSubnetIds: { Default: 'subnet-1,subnet-2' }, Issuer: { Default: 'https://auth.example.net' } })
    const conditional = Object.entries(template.Resources).filter(([, { Condition }]) => Condition)
    expect(Object.fromEntries(conditional.map(([id, { Condition }]) => [id, Condition]))).toEqual({ Domain: 'HasDomain', DomainMapping: 'HasDomain', DomainRecord: 'HasZone', AlarmSubscription: 'HasAlarmEmail' })
  })
})

describe('the zips', () => {
  test('hold a bundle each, with what it loads later, and nothing else', async () => {
    for (const name of names) {
      const paths = unzipped(await first.zip(name)).map(({ path }) => path)
      const parts = ['function.cjs', 'index.mjs', ...(later[name] ?? [])].map((part) => `.build/${name}/${part}`)
      expect(paths.filter((path) => !isAddon(path)).sort()).toEqual(parts.sort())
      expect(paths.filter(isAddon)).toEqual(counting.includes(name) ? [expect.stringMatching(/\/couchbase-v[\w.-]+-linux-x64-[\w.-]+\.node$/)] : [])
    }
  })

  test('stay within 200 KB, or 8 MB with the addon', async () => {
    for (const name of names) expect((await first.zip(name)).length).toBeLessThan(counting.includes(name) ? 8_000_000 : 200_000)
  })

  test('are the same from another folder and with other settings', async () => {
    const hash = (zip: Buffer) => createHash('sha256').update(zip).digest('hex')
    for (const name of names) expect([name, hash(await second.zip(name))]).toEqual([name, hash(await first.zip(name))])
  })
})

// The addon in them is for Linux on x64.
const onLambda = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip
onLambda('the bundles out of the zips', () => {
  let here: Deployed
  beforeAll(async () => { here = await deployed(first) }, 30_000)
  afterAll(() => here.close())

  test('read as they start what every request of theirs needs, the two without such a need nothing', async () => {
    const needed = { 'start-call': 6, 'receive-callback': 3, 'issue-jwt': 4, 'create-session': 2, discovery: 0, 'manage-accounts': 0 }
    const counts = () => Object.fromEntries(names.map((name) => [name, here.asked(name).secrets.length]))
    for (let waits = 0; waits < 400 && !isDeepStrictEqual(counts(), needed); waits++) await setTimeout(25)
    expect(counts()).toEqual(needed)
  })

  test('sign somebody in from call to sign-out, each with the environment and the secrets of the template and no others', async () => {
    const person = app(here)
    const number = '+12025550123'
    const { tokens } = await person.signIn(number)
    expect([tokens.status, tokens.json['error_description']]).toEqual([200, undefined])
    const refreshed = await person.post('/token', { client_id: 'app', grant_type: 'refresh_token', refresh_token: String(tokens.json['refresh_token']) })
    const session = await person.session(refreshed.json['access_token'])
    const cookie = `${String(session.json['cookie_name'])}=${String(session.json['session_id'])}`
    expect((await fetch(`${String(session.json['sync_url'])}/u::0001`, { headers: { cookie } })).status).toBe(200)
    expect((await (await fetch(`${here.url}/.well-known/jwks.json`)).json() as { keys: unknown[] }).keys).toHaveLength(1)
    expect(await here.manage({ action: 'find', number })).toMatchObject({ account: { user: 'u::0001', status: 'active' } })
    // What not everybody asks for: a session by a bound token, and a number for tests.
    expect((await person.session('', { headers: { authorization: `DPoP ${String(refreshed.json['access_token'])}` } })).json['error_description']).toContain('send it as Bearer')
    expect((await person.call('+12025550124', { user_code: 'none of this number' })).json).toMatchObject({ error: 'invalid_user_code' })
    expect((await person.session(refreshed.json['access_token'], { method: 'DELETE' }, '?all=true')).status).toBe(204)
    expect((await person.session(refreshed.json['access_token'])).status).toBe(401)
  }, 30_000)

  test.each(names)('%s asks for every variable and every secret that it is given, and for no others', (name) => {
    const { variables, secrets } = here.asked(name)
    // Unset, it is Twilio's own address.
    expect(variables.filter((variable) => variable !== 'TWILIO_API_URL')).toEqual(Object.keys(environmentOf(template, name)).sort())
    expect(secrets).toEqual(secretsOfRole(template, name).sort())
  })

  test.each(names)('%s does with less than half of its memory', (name) =>
    expect(here.peakMegabytes(name)).toBeLessThan(Number(functionsOf(template)[name]!['MemorySize']) / 2))

  test('write lines that CloudWatch finds metrics in', () => {
    const records = here.log('start-call').map((line) => JSON.parse(line) as { event: string; _aws?: object })
    expect(records.find(({ event }) => event === 'call_started')).toMatchObject({ _aws: { CloudWatchMetrics: [{ Namespace: 'callgate/prod', Metrics: [{ Name: 'CallsStarted' }] }] } })
  })
})
