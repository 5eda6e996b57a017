// What CI does, read from the workflow; and the way back, walked in a repository of its own.
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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

  test('deploys prod on a tag alone, after the tests, and no two at once', () => {
    expect(deploy).toMatchObject({ if: "startsWith(github.ref, 'refs/tags/v')", needs: 'test', environment: 'prod', concurrency: { 'cancel-in-progress': false } })
    expect(commands(deploy)).toContain('npx serverless deploy --stage prod --region "$AWS_REGION"')
  })

  test('has no key of AWS: a token of this one run takes a role, and only where it deploys', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(testing.permissions).toBeUndefined()
    expect(deploy.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(deploy.steps.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'))?.with).toEqual({ 'role-to-assume': '${{ vars.AWS_ROLE_ARN }}', 'aws-region': '${{ vars.AWS_REGION }}' })
    expect(text).not.toMatch(/access.key/i)
    expect([...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name)).toEqual(['SMOKE_NUMBER', 'SMOKE_CODE'])
  })

  test('signs in once after the deploy, and goes back only if that fails', () => {
    const [at, smokeAt, backAt] = ['Deploy', 'Sign in once', 'Go back'].map((name) => deploy.steps.findIndex((step) => step.name === name))
    expect([smokeAt! - at!, backAt! - smokeAt!]).toEqual([1, 1])
    expect(deploy.steps[smokeAt!]).toMatchObject({ id: 'smoke', run: expect.stringContaining('npm run smoke -- --url "$issuer"') as unknown })
    expect(deploy.steps[backAt!]?.if).toBe("failure() && steps.smoke.outcome == 'failure'")
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

describe('going back', () => {
  const inRepository = async (run: (folder: string, git: (...given: string[]) => Promise<unknown>, back: (tag: string) => Promise<{ stdout: string; stderr: string; code?: number }>) => Promise<void>) => {
    const folder = await mkdtemp(`${tmpdir()}/callgate-back-`)
    // In place of npm and npx: they tell what they were asked for, and at which commit.
    await mkdir(`${folder}/bin`)
    for (const tool of ['npm', 'npx']) {
      await writeFile(`${folder}/bin/${tool}`, `#!/bin/sh\necho "${tool} $* at $(cat release)"\n`)
      await chmod(`${folder}/bin/${tool}`, 0o755)
    }
    const env = { PATH: `${folder}/bin:${process.env['PATH']}`, HOME: folder, GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@t', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@t' }
    const repository = `${folder}/repository`
    await mkdir(repository)
    const git = (...given: string[]) => promisify(execFile)('git', given, { cwd: repository, env })
    await git('init', '--quiet')
    await cp(`${root}/deploy/go-back.sh`, `${repository}/go-back.sh`)
    try {
      await run(repository, git, (tag) => promisify(execFile)('./go-back.sh', [tag, 'prod', 'eu-west-1'], { cwd: repository, env }).catch((error: unknown) => error as { stdout: string; stderr: string; code: number }))
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  const release = async (folder: string, git: (...given: string[]) => Promise<unknown>, tag: string) => {
    await writeFile(`${folder}/release`, tag)
    await git('add', '.')
    await git('commit', '--quiet', '-m', tag)
    await git('tag', tag)
  }

  test('deploys the release before', () => inRepository(async (folder, git, back) => {
    await release(folder, git, 'v1')
    await release(folder, git, 'not-a-release')
    await release(folder, git, 'v2')
    expect((await back('v2')).stdout.split('\n').slice(0, 3)).toEqual(['Going back from v2 to v1.', 'npm ci at v1', 'npx serverless deploy --stage prod --region eu-west-1 at v1'])
  }))

  test('says so where there is none', () => inRepository(async (folder, git, back) => {
    await release(folder, git, 'v1')
    expect(await back('v1')).toMatchObject({ code: 1, stdout: '', stderr: 'There is no release before v1 to go back to.\n' })
  }))
})
