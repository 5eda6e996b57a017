// What is counted and measured: CloudWatch reads it out of the log by the embedded metric format, without a request.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

/** A metric's unit, and the field of its record by which it is told apart, besides being summed over all. */
export type Measure = { unit: 'Count' | 'Seconds' | 'Milliseconds'; by?: 'system' | 'reason' }

export const measures = {
  CallsStarted: { unit: 'Count' },
  CallsAnswered: { unit: 'Count' },
  CallsApproved: { unit: 'Count' },
  CallsDenied: { unit: 'Count' },
  CallsReported: { unit: 'Count' },
  CallSeconds: { unit: 'Seconds' },
  SignUps: { unit: 'Count' },
  Sessions: { unit: 'Count' },
  LimitRefusals: { unit: 'Count', by: 'reason' },
  UpstreamErrors: { unit: 'Count', by: 'system' },
  SyncGatewayMilliseconds: { unit: 'Milliseconds' },
  CouchbaseMilliseconds: { unit: 'Milliseconds' },
  TwilioMilliseconds: { unit: 'Milliseconds' },
  SecretsManagerMilliseconds: { unit: 'Milliseconds' },
  HeldMilliseconds: { unit: 'Milliseconds' },
} as const satisfies Record<string, Measure>

export type MetricName = keyof typeof measures

/** One value, or the values of one invocation: at most 100, beyond which the format takes none. */
export type Metrics = { [Name in MetricName]?: number | readonly number[] }

const valuesMax = 100

/** The members that make a log record a metric; `now` in milliseconds since 1970. */
export const embedded = (namespace: string, metrics: Metrics, now: number) => {
  const names = Object.keys(metrics) as MetricName[]
  const directives = names.map((name) => {
    const { unit, by }: Measure = measures[name]
    return { Namespace: namespace, Dimensions: by ? [[], [by]] : [[]], Metrics: [{ Name: name, Unit: unit }] }
  })
  const values = names.map((name) => [name, typeof metrics[name] === 'object' ? metrics[name].slice(0, valuesMax) : metrics[name]])
  return { _aws: { Timestamp: now, CloudWatchMetrics: directives }, ...(Object.fromEntries(values) as Metrics) }
}
