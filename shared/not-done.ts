// What an operator asked for and was not done.

/** The message is a sentence for the operator. It lands in Lambda's own log, so it holds nothing of a phone number. */
export class NotDone extends Error {
  override readonly name = 'NotDone'
}
