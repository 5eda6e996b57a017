// What CI does, read from the workflow; and how it knows what to go back to.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

const root = `${import.meta.dirname}/../..`
type Step = { uses?: string; run?: string; name?: string; id?: string; if?: string; with?: Record<string, unknown>; env?: Record<string, string> }
type Job = { if?: string; needs?: string; environment?: string; permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: Step[] }
const text = await readFile(`${root}/.github/workflows/ci.yml`, 'utf8')
const workflow = parse(text) as { on: { push: { branches: string[]; tags: string[] } }; permissions: Record<string, string>; jobs: { test: Job; deploy: Job } }
const { test: testing, deploy } = workflow.jobs
const commands = ({ steps }: Job) => steps.flatMap(({ run }) => run ?? [])
const scripts = (JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { scripts: Record<string, string> }).scripts

describe('the workflow', () => {
  test('tests every push as a fresh clone is tested, and packages it', () => {
    expect(workflow.on.push).toEqual({ branches: ['**'], tags: ['v*'] })
    expect(commands(testing).slice(0, 3)).toEqual(['npm ci', 'npm test', 'npx serverless package --stage prod'])
  })

  test('holds both templates and itself against their linters, in versions that are named', async () => {
    const [installing] = /pipx install cfn-lint==[\d.]+/.exec(await readFile(`${root}/README.md`, 'utf8')) ?? []
    expect(commands(testing).slice(3)).toEqual([`${installing} && npm run lint:template && cfn-lint deploy/github-role.yml`, expect.stringMatching(/^go run \S+\/actionlint@v[\d.]+$/)])
  })

  test('deploys prod on a tag alone, after the tests, and no two at once', () => {
    expect(deploy).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/v')", needs: 'test', environment: 'prod', concurrency: { 'cancel-in-progress': false } })
    expect(commands(deploy)).toContain('npx serverless deploy --force --stage prod --region "$AWS_REGION"')
  })

  test('has no key of AWS: a token of this one run takes a role, and only where it deploys', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(testing.permissions).toBeUndefined()
    expect(deploy.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(deploy.steps.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'))?.with).toEqual({ 'role-to-assume': '${{ vars.AWS_ROLE_ARN }}', 'aws-region': '${{ vars.AWS_REGION }}' })
    expect(text).not.toMatch(/access.key/i)
    expect([...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name)).toEqual(['SMOKE_NUMBER', 'SMOKE_CODE'])
  })

  test('notes what runs, deploys, signs in once, and only if that fails goes back to what ran', () => {
    expect(deploy.steps.slice(-4).map(({ name }) => name)).toEqual(['Note what runs now', 'Deploy', 'Sign in once', 'Go back'])
    const [note, , smoke, back] = deploy.steps.slice(-4)
    expect(note).toMatchObject({ id: 'before', run: 'deploy="$(./deploy/running-deploy.sh callgate-prod)"\necho "deploy=$deploy" >> "$GITHUB_OUTPUT"\n' })
    expect(smoke).toMatchObject({ id: 'smoke', run: expect.stringContaining('npm run smoke -- --url "$issuer"') as unknown })
    expect(back).toMatchObject({ if: "failure() && steps.smoke.outcome == 'failure'", env: { BEFORE: '${{ steps.before.outputs.deploy }}' } })
    expect(back?.run).toMatch(/^npx serverless rollback --stage prod --region "\$AWS_REGION" --timestamp "\$\{BEFORE:\?.*\}"$/)
  })

  test('runs only scripts that there are, ends by itself, and puts nothing of an event into a shell', () => {
    for (const job of [testing, deploy]) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30)
      for (const command of commands(job)) {
        for (const [, name] of command.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name)
        expect(command).not.toContain('${{')
      }
    }
  })
})

describe('what runs now', () => {
  /** With `aws` replaced by a program that says this, and ends so. */
  const running = async (says: string, code = 0) => {
    const folder = await mkdtemp(`${tmpdir()}/callgate-aws-`)
    await writeFile(`${folder}/aws`, `#!/bin/sh\necho "$*" > "${folder}/asked"\necho '${says}' >&${code === 0 ? 1 : 2}\nexit ${code}\n`, { mode: 0o755 })
    const env = { PATH: `${folder}:${process.env['PATH']}` }
    const answer = await promisify(execFile)(`${root}/deploy/running-deploy.sh`, ['callgate-prod'], { env }).catch((error: unknown) => error as { stdout: string; stderr: string; code: number })
    const asked = await readFile(`${folder}/asked`, 'utf8')
    await rm(folder, { recursive: true })
    return { ...answer, asked }
  }

  test('is the deploy whose zips the stack names', async () => {
    const { stdout, asked } = await running('serverless/callgate/prod/1795573656746-2026-11-25T02:27:36.746Z/discovery.zip')
    expect(stdout).toBe('1795573656746\n')
    expect(asked).toContain('cloudformation get-template --stack-name callgate-prod --query TemplateBody.Resources.DiscoveryLambdaFunction.Properties.Code.S3Key')
  })

  test.each([
    ['there is no stack yet', 'An error occurred (ValidationError): Stack with id callgate-prod does not exist', 254],
    ['the stack has no function yet', 'None', 0],
  ])('is nothing where %s', async (_where, says, code) => expect(await running(says, code)).toMatchObject({ stdout: '', stderr: '' }))

  test('is not known where AWS refuses to tell, and then nothing is deployed', async () =>
    expect(await running('An error occurred (AccessDenied)', 254)).toMatchObject({ code: 1, stdout: '', stderr: 'An error occurred (AccessDenied)\n' }))
})
