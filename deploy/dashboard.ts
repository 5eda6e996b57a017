// The dashboard: what people do, what stands in their way, and how the machinery bears it.
import type { MetricName } from '../shared/metric.ts'
import { functionNames } from './roles.ts'

type Line = (string | object)[]
type Widget = { title: string; metrics: Line[]; stat?: string; period?: number }

export const dashboard = (service: string, stage: string) => {
  const namespace = `${service}/${stage}`
  const own = (name: MetricName, ...more: Line): Line => [namespace, name, ...more]
  const api = (name: string, ...more: Line): Line => ['AWS/ApiGateway', name, 'ApiId', '${HttpApi}', ...more]
  const each = (name: string): Line[] => functionNames.map((fn) => ['AWS/Lambda', name, 'FunctionName', `${service}-${stage}-${fn}`])
  const widgets: Widget[] = [
    { title: 'Sign-ins: calls started, answered, approved', metrics: (['CallsStarted', 'CallsAnswered', 'CallsApproved'] as const).map((name) => own(name)) },
    { title: 'Denied and reported', metrics: [own('CallsDenied'), own('CallsReported')] },
    { title: 'Sign-ups and sessions', metrics: [own('SignUps'), own('Sessions')] },
    { title: 'Refused by a limit', metrics: ['address', 'number', 'country', 'total'].map((limit) => own('LimitRefusals', 'reason', limit)) },
    { title: 'Minutes on the phone, by the hour', period: 3_600, metrics: [[{ expression: 'seconds / 60', label: 'minutes' }], own('CallSeconds', { id: 'seconds', visible: false })] },
    { title: 'Upstream errors', metrics: ['sync-gateway', 'couchbase', 'twilio', 'secrets-manager'].map((system) => own('UpstreamErrors', 'system', system)) },
    { title: 'Upstream time, 95th percentile', stat: 'p95', metrics: (['SyncGatewayMilliseconds', 'CouchbaseMilliseconds', 'TwilioMilliseconds', 'SecretsManagerMilliseconds'] as const).map((name) => own(name)) },
    { title: 'Seconds that polls were held', metrics: [[{ expression: 'held / 1000', label: 'seconds' }], own('HeldMilliseconds', { id: 'held', visible: false })] },
    { title: 'Requests, 4xx, 5xx', metrics: [api('Count'), api('4xx'), api('5xx')] },
    { title: 'Time to answer', stat: 'p95', metrics: [api('Latency', { stat: 'p50' }), api('Latency', { stat: 'p95' })] },
    { title: 'Running at once', stat: 'Maximum', metrics: each('ConcurrentExecutions') },
    { title: 'Turned away by the fuse', metrics: each('Throttles') },
    { title: 'Time to run', stat: 'p95', metrics: each('Duration') },
  ]
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: `${service}-${stage}`, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: widgets.map(placed) }) } },
    },
  }
}

const [columns, width, height] = [3, 8, 6] as const

const placed = ({ title, metrics, stat = 'Sum', period = 300 }: Widget, at: number) => ({
  type: 'metric',
  x: (at % columns) * width, y: Math.floor(at / columns) * height, width, height,
  properties: { title, metrics, stat, period, region: '${AWS::Region}', view: 'timeSeries', yAxis: { left: { min: 0 } } },
})
