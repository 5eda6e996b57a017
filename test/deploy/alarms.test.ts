// Alarms and dashboard look at metrics that the functions really write, under the names by which they write them.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { alarms } from '../../deploy/alarms.ts'
import { dashboard } from '../../deploy/dashboard.ts'
import { functionNames } from '../../deploy/roles.ts'
import { functionNames as bundled } from '../../build.ts'
import { embedded, measures, type MetricName } from '../../shared/metric.ts'

type Properties = {
  AlarmName: string; AlarmDescription: string; Threshold: number; EvaluationPeriods: number; DatapointsToAlarm: number; Period?: number
  Namespace?: string; MetricName?: MetricName; Dimensions?: { Name: string; Value: string }[]; Metrics?: { Id: string; Expression?: string; ReturnData?: boolean }[]
}
const made = alarms('callgate', 'prod', { callsPerHour: 11, signUpsPerHour: 12, reportsPerHour: 13 }) as unknown as Record<string, { Type: string; Properties: Properties }>
const all = Object.values(made).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
const called = (name: string) => all.find(({ AlarmName }) => AlarmName === `callgate-prod-${name}`)!

/** Whether a record of this metric is put where somebody looks for it. */
const isWritten = (namespace: string, name: string, dimensions: string[]) => {
  if (!Object.hasOwn(measures, name)) return false
  const [directive] = embedded('callgate/prod', { [name]: 1 }, 0)._aws.CloudWatchMetrics
  return directive?.Namespace === namespace && directive.Dimensions.some((keys) => keys.join() === dimensions.join())
}

test('the roles are those of the functions that there are', async () => expect([...functionNames].sort()).toEqual((await bundled()).sort()))

describe('an alarm', () => {
  test('on a metric of ours finds it by its namespace, name and dimension', () => {
    const ours = all.filter(({ MetricName }) => MetricName)
    expect(ours).toHaveLength(8)
    for (const { AlarmName, Namespace, MetricName, Dimensions = [] } of ours) {
      expect([AlarmName, isWritten(Namespace ?? '', MetricName ?? '', Dimensions.map(({ Name }) => Name))]).toEqual([AlarmName, true])
    }
  })

  test('needs no more breaching periods than it looks at, and says in a sentence what is wrong', () => {
    for (const { EvaluationPeriods, DatapointsToAlarm, AlarmDescription } of all) {
      expect(DatapointsToAlarm).toBeLessThanOrEqual(EvaluationPeriods)
      expect(AlarmDescription).toMatch(/^[A-Z].*\.$/)
    }
  })

  test.each([['spend', 11], ['sign-ups', 12], ['reports', 13]])('for %s goes off at what the operator has set for an hour', (name, threshold) => {
    expect(called(name)).toMatchObject({ Threshold: threshold, Period: 3_600 })
  })

  test('for a system that is down looks at that system alone', () => {
    for (const system of ['sync-gateway', 'couchbase', 'twilio', 'secrets-manager']) expect(called(`${system}-down`).Dimensions).toEqual([{ Name: 'system', Value: system }])
  })

  test('by an expression gives back that expression alone, of metrics that it names', () => {
    for (const name of ['error-rate', 'fuse']) {
      const { Metrics = [] } = called(name)
      const [result, ...others] = Metrics.filter(({ ReturnData }) => ReturnData !== false)
      expect(others).toEqual([])
      for (const { Id } of Metrics.filter((metric) => metric !== result)) expect(result?.Expression).toMatch(new RegExp(`\\b${Id}\\b`))
    }
  })
})

describe('the dashboard', () => {
  type Widget = { x: number; y: number; width: number; height: number; properties: { title: string; metrics: unknown[][] } }
  const { widgets } = JSON.parse(dashboard('callgate', 'prod').Dashboard.Properties.DashboardBody['Fn::Sub']) as { widgets: Widget[] }
  const lines = widgets.flatMap(({ properties }) => properties.metrics).map((line) => line.filter((part) => typeof part === 'string')).filter(([namespace]) => namespace === 'callgate/prod')

  test('shows every metric of ours', () => expect(new Set(lines.map(([, name]) => name))).toEqual(new Set(Object.keys(measures))))

  test('finds each by its namespace and dimension', () => {
    for (const [namespace = '', name = '', dimension] of lines) {
      expect([name, isWritten(namespace, name, dimension === undefined ? [] : [dimension])]).toEqual([name, true])
    }
  })

  test('is shown in the README as it is laid out, with what to do at each alarm', async () => {
    const readme = await readFile(`${import.meta.dirname}/../../README.md`, 'utf8')
    const [, operate = ''] = readme.split('\n## Operate\n')
    expect([...operate.matchAll(/\*\*(.+?)\*\*: \S/g)].slice(0, widgets.length).map(([, title]) => title)).toEqual(widgets.map(({ properties }) => properties.title))
    const told = [...operate.matchAll(/^\| (`.+?`) \| [^|]+ \| [^|]+ \|$/gm)].flatMap(([, alarm = '']) => [...alarm.matchAll(/`([\w-]+)`/g)].map(([, name]) => `callgate-prod-${name}`))
    expect(told.sort()).toEqual(all.map(({ AlarmName }) => AlarmName).sort())
  })

  test('has a place for each widget', () => {
    const cells = widgets.map(({ x, y }) => `${x},${y}`)
    expect(new Set(cells).size).toBe(widgets.length)
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24)
  })
})
