// Who may ask: the app, by its client_id and nothing else, as a public client does (RFC 6749 section 2.1).
import type { Form } from './form.ts'
import { Refusal } from './refusal.ts'

/** The client_id of the form. Throws `invalid_client` if it is missing or unknown. */
export const knownClient = (form: Form, clients: string[]) => {
  const client = form.optional('client_id')
  if (client !== undefined && clients.includes(client)) return client
  throw new Refusal('invalid_client', client === undefined ? 'The parameter client_id is missing.' : 'This client_id is not known here.')
}
