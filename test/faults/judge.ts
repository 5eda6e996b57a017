// What must be true of one person after a request failed, and after the next sign-in found everything healthy: a sentence for each thing that is not.
import type { Answer } from '../app.ts'
import type { World } from '../world.ts'
import type { Walk } from './walk.ts'

type Body = Record<string, unknown>

/** Answers that are neither what was asked for nor a clear order to come again; what never rang, or could not be reported, may be waited for. */
export const unclear = ({ answers }: Walk, { mayWait }: { mayWait: boolean }) =>
  answers
    .filter(({ answer }) => !isFine(answer) && !isComeAgain(answer) && !(mayWait && isPending(answer)))
    .map(({ step, answer }) => `${step} answered ${answer.status} ${answer.text}`)

const isFine = ({ status }: Answer) => status === 200 || status === 204
const isPending = ({ status, json }: Answer) => status === 400 && json['error'] === 'authorization_pending' && isSentence(json['error_description'])
const isComeAgain = ({ status, json, headers }: Answer) =>
  status === 503 && json['error'] === 'temporarily_unavailable' && isSentence(json['error_description']) && Number(headers.get('retry-after')) > 0
const isSentence = (text: unknown) => typeof text === 'string' && /^[A-Z].*\.$/.test(text)

export const judge = ({ places }: Pick<World, 'places'>) => {
  const get = async (path: string): Promise<Body> => (await (await fetch(`${places['sync-gateway-admin']}/notes/${path}`)).json()) as Body

  /** What Sync Gateway's public port says to a session. */
  const admission = async ({ session }: Walk) => {
    const { cookie_name, session_id, profile } = session?.json ?? {}
    return (await fetch(`${places['sync-gateway']}/notes/${String(profile)}`, { headers: { cookie: `${String(cookie_name)}=${String(session_id)}` } })).status
  }

  return {
    admission,

    /** What a person has who signed in just now. */
    unsound: async (walk: Walk) => {
      const { user: name, profile: id } = walk.session?.json ?? {}
      const [account, user, profile] = await Promise.all([get(`signin::${String(id)}`), get(`_user/${String(name)}`), get(String(id))])
      const line = await get(`signin::tel::${String(account['line'])}`)
      const opened = (line['account'] ?? {}) as { id?: string; state?: string }
      const facts: Record<string, [unknown, unknown]> = {
        'the account is': [account['status'], 'active'],
        'the line opens': [opened.id, id],
        'the making of its account is': [opened.state, 'ready'],
        'the call of the line is': [line['call'], undefined],
        'the profile is': [profile['type'], 'profile'],
        'the user has': [[user['admin_channels'], user['admin_roles'] ?? [], user['disabled'] ?? false], [[id], [], false]],
        'the session is answered': [await admission(walk), 200],
      }
      return Object.entries(facts).flatMap(([what, [is, should]]) => (JSON.stringify(is) === JSON.stringify(should) ? [] : [`${what} ${JSON.stringify(is)}`]))
    },
  }
}

export type Judge = ReturnType<typeof judge>
