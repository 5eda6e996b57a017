// Twilio's refusals: the code, the sentence and the status, and the JSON around them.

export type ApiError = { code: number; message: string; status: number }

// Sentences as the API sends them, where they are known from public reports; https://www.twilio.com/docs/api/errors for the rest.
export const apiErrors = {
  noCredentials: () => ({ code: 20003, message: 'Authentication Error - No credentials provided', status: 401 }),
  unknownUser: () => ({ code: 20003, message: 'Authentication Error - invalid username', status: 401 }),
  wrongSecret: () => ({ code: 20003, message: 'Authenticate', status: 401 }),
  notFound: (path: string) => ({ code: 20404, message: `The requested resource ${path} was not found`, status: 404 }),
  wrongMethod: () => ({ code: 20004, message: 'Method not allowed', status: 405 }),
  invalidParameter: (name: string) => ({ code: 20001, message: `Invalid parameter: ${name}`, status: 400 }),
  noTo: () => ({ code: 21201, message: "No 'To' number is specified", status: 400 }),
  noUrl: () => ({ code: 21205, message: 'Url parameter is required.', status: 400 }),
  invalidUrl: (url: string) => ({ code: 21205, message: `Url is not a valid URL: ${url}`, status: 400 }),
  invalidTimeout: () => ({ code: 21208, message: 'Timeout must be a whole number of seconds from 1 to 600', status: 400 }),
  invalidMethod: (name: string) => ({ code: 21209, message: `${name} must be GET or POST`, status: 400 }),
  foreignFrom: (from: string) => ({
    code: 21210,
    message: `The source phone number provided, ${from}, is not yet verified for your account. You may only make calls from phone numbers that you've verified or purchased from Twilio.`,
    status: 400,
  }),
  invalidTo: (to: string) => ({ code: 21211, message: `The phone number you are attempting to call, ${to}, is not valid.`, status: 400 }),
  invalidFrom: (from: string) => ({ code: 21212, message: `From is not a valid phone number: ${from}`, status: 400 }),
  noFrom: () => ({ code: 21213, message: "No 'From' number is specified", status: 400 }),
  unreachableTo: (to: string) => ({ code: 21214, message: `The phone number you are attempting to call, ${to}, cannot be reached.`, status: 400 }),
  forbiddenCountry: (to: string) => ({
    code: 21215,
    message: `Account not authorized to call ${to}. Perhaps you need to enable some international permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk`,
    status: 400,
  }),
  blockedTo: (to: string) => ({ code: 21216, message: `Account not allowed to call ${to}`, status: 400 }),
  unlikelyTo: (to: string) => ({ code: 21217, message: `Phone number does not appear to be valid: ${to}`, status: 400 }),
  notInProgress: () => ({ code: 21220, message: 'Call is not in-progress. Cannot redirect.', status: 400 }),
  invalidStatusCallback: (url: string) => ({ code: 21609, message: `StatusCallback is not a valid URL: ${url}`, status: 400 }),
  invalidStatusCallbackEvent: () => ({ code: 21626, message: "Invalid 'StatusCallbackEvent'", status: 400 }),
} satisfies Record<string, (value: string) => ApiError>

export const errorBody = ({ code, message, status }: ApiError) => ({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
