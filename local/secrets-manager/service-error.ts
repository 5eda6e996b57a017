// An error as Secrets Manager answers it.

export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly type: string
  /** The service itself writes `Message`, and AWS's common front writes `message`. */
  readonly body: Readonly<Record<string, string>>

  constructor(type: string, message: string, member: 'Message' | 'message' = 'Message') {
    super(message)
    this.type = type
    this.body = { __type: type, [member]: message }
  }
}

export const notFound = () => new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret.`)
export const noValue = (what: string) => new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`)
export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message)
export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message)
export const alreadyExists = (message: string) => new ServiceError('ResourceExistsException', message)
export const markedForDeletion = () => invalidRequest(`You can't perform this operation on the secret because it was marked for deletion.`)
/** From the front, before the service sees anything. */
export const front = (type: string, message: string) => new ServiceError(type, message, 'message')
