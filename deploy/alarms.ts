// The alarms, and the topic that they tell: each one needs a person, and the README says what to do.
import { measures, type Measure, type MetricName } from '../shared/metric.ts'
import type { System } from '../shared/upstream-error.ts'
import { functionNames, resourceName } from './roles.ts'

export type AlarmLimits = { callsPerHour: number; signUpsPerHour: number; reportsPerHour: number }

type Alarm = { name: string; says: string; threshold: number; periodSeconds: number; outOf?: [breaching: number, periods: number]; metrics: object }

const hour = 3_600
const systems: System[] = ['sync-gateway', 'couchbase', 'twilio', 'secrets-manager']

export const alarms = (service: string, stage: string, limits: AlarmLimits) => {
  const namespace = `${service}/${stage}`
  const own = (name: MetricName, dimension?: string) => counted(namespace, name, dimension)
  const list: Alarm[] = [
    { name: 'error-rate', says: 'More than one answer in twenty is a 5xx.', threshold: 5, periodSeconds: 300, outOf: [2, 3], metrics: { Metrics: errorRate } },
    ...systems.map((system) => ({
      name: `${system}-down`, says: `Requests fail because ${system} does not answer, or refuses the login.`, threshold: 5, periodSeconds: 60, outOf: [3, 5] as [number, number],
      metrics: own('UpstreamErrors', system),
    })),
    { name: 'spend', says: 'More calls are being paid for than usual.', threshold: limits.callsPerHour, periodSeconds: hour, metrics: own('CallsStarted') },
    { name: 'day-is-full', says: 'The limit for all calls is reached: nobody can sign in by phone now.', threshold: 1, periodSeconds: 300, metrics: own('LimitRefusals', 'total') },
    { name: 'reports', says: 'People press the star: somebody has phones called that are not theirs.', threshold: limits.reportsPerHour, periodSeconds: hour, metrics: own('CallsReported') },
    { name: 'sign-ups', says: 'Accounts are being made faster than usual.', threshold: limits.signUpsPerHour, periodSeconds: hour, metrics: own('SignUps') },
    {
      name: 'fuse', says: 'Requests are turned away because a function runs as often at once as it may.', threshold: 1, periodSeconds: 60, outOf: [3, 5],
      metrics: { Metrics: throttles(`${service}-${stage}`) },
    },
  ]
  return {
    AlarmTopic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `${service} ${stage}` } },
    AlarmSubscription: {
      Type: 'AWS::SNS::Subscription', Condition: 'HasAlarmEmail',
      Properties: { TopicArn: { Ref: 'AlarmTopic' }, Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } },
    },
    ...Object.fromEntries(list.map((alarm) => [`${resourceName(alarm.name)}Alarm`, resource(`${service}-${stage}-${alarm.name}`, alarm)])),
  }
}

const resource = (name: string, { says, threshold, periodSeconds, outOf: [breaching, periods] = [1, 1], metrics }: Alarm) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: name,
    AlarmDescription: says,
    ...('MetricName' in metrics ? { Period: periodSeconds } : {}),
    ...metrics,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: periods,
    DatapointsToAlarm: breaching,
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'AlarmTopic' }],
    OKActions: [{ Ref: 'AlarmTopic' }],
  },
})

const counted = (namespace: string, name: MetricName, dimension?: string) => {
  const { by }: Measure = measures[name]
  return { Namespace: namespace, MetricName: name, Statistic: 'Sum', ...(by && dimension ? { Dimensions: [{ Name: by, Value: dimension }] } : {}) }
}

const ofApi = (id: string, name: string) => ({
  Id: id, ReturnData: false,
  MetricStat: { Metric: { Namespace: 'AWS/ApiGateway', MetricName: name, Dimensions: [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }] }, Period: 300, Stat: 'Sum' },
})

// One failure at night is no rate.
const errorRate = [ofApi('requests', 'Count'), ofApi('failed', '5xx'), { Id: 'percent', Expression: 'IF(requests >= 20, 100 * failed / requests, 0)', Label: '5xx in percent' }]

const throttles = (prefix: string) => [
  ...functionNames.map((name, at) => ({
    Id: `f${at}`, ReturnData: false,
    MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Dimensions: [{ Name: 'FunctionName', Value: `${prefix}-${name}` }] }, Period: 60, Stat: 'Sum' },
  })),
  { Id: 'all', Expression: functionNames.map((_, at) => `FILL(f${at}, 0)`).join(' + '), Label: 'Throttles' },
]
