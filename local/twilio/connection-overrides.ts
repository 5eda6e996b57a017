// What the fragment of a webhook URL orders. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides

export type Failure = 'ct' | 'rt' | '4xx' | '5xx'
export type Overrides = { connectMilliseconds: number; readMilliseconds: number; totalMilliseconds: number; retriesMax: number; retried: (failure: Failure) => boolean }

/** The URL that is asked and signed, which has no fragment, and how. Values out of their range are pulled to its end. */
export const connectionOverrides = (address: string): { url: string; overrides: Overrides } => {
  const [url = '', fragment = ''] = address.split('#', 2)
  const orders = new URLSearchParams(fragment)
  const policy = new Set((orders.get('rp') ?? 'ct').split(','))
  return {
    url,
    overrides: {
      connectMilliseconds: within(orders.get('ct'), 100, 10_000, 5_000),
      readMilliseconds: within(orders.get('rt'), 100, 15_000, 15_000),
      totalMilliseconds: within(orders.get('tt'), 100, 15_000, 15_000),
      retriesMax: within(orders.get('rc'), 0, 5, 1),
      retried: (failure) => policy.has(failure) || policy.has('all'),
    },
  }
}

const within = (order: string | null, least: number, most: number, otherwise: number) =>
  order !== null && /^\d{1,9}$/.test(order) ? Math.min(most, Math.max(least, Number(order))) : otherwise
