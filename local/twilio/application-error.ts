// What makes Twilio say that an application error has occurred, and end the call.

/** With Twilio's code. https://www.twilio.com/docs/api/errors */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError'
  readonly code: number

  constructor(code: number, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause })
    this.code = code
  }
}
