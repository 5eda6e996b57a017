// Something that an operator must see to, in a sentence that holds no secret.

export const problem = (text: string, cause?: unknown) => new Error(text, { cause })

/** Of an error about a signature only its name: its message repeats the request, session token included. */
export const sentence = (error: unknown) => {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'CredentialsProviderError') return `${error.message}: see to your AWS credentials.`
  return /signature|token/i.test(error.name) || error.message === '' ? `${error.name}: see to your AWS credentials.` : error.message
}
