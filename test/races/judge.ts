// What must be true when a race is over, in a sentence for each thing that is not.
import { hashed } from '../../shared/digest.ts'
import type { Story } from './story.ts'
import type { Passed } from './turnstile.ts'

type Body = Record<string, unknown>
type LineBody = { call?: { id: string; state: string; reason?: string; secretHash: string }; redeemed?: { secretHash: string } }

export const judge = async (story: Story, passed: Passed[]): Promise<string[]> => [
  ...story.answers.filter(({ status }) => status >= 500 || status === 0).map(({ status, text }) => `somebody was answered ${status} ${text}`),
  ...story.wrong,
  ...oneAccount(story, passed),
  ...usedOnce(story),
  ...decidedOnce(story, passed),
  ...(await outIsOut(story, passed)),
]

const written = (passed: Passed[], path: RegExp) =>
  passed.filter(({ method, path: at, status }) => method === 'PUT' && status === 201 && path.test(decodeURIComponent(at))).map(({ path: at, body }) => ({ at: decodeURIComponent(at), body: JSON.parse(body) as Body }))

const oneAccount = ({ signedIn, old }: Story, passed: Passed[]) => {
  const users = new Set(signedIn.map(({ tokens }) => tokens.user))
  const made = new Set(written(passed, /signin::u::/).filter(({ body }) => (body as { _rev: string })._rev.startsWith('1-')).map(({ at }) => at))
  const logins = passed.filter(({ method, path, status }) => method === 'POST' && path.endsWith('/_user/') && status === 201).length
  return [
    ...(users.size > 1 ? [`one number opened ${[...users].join(' and ')}`] : []),
    ...(made.size > (old ? 0 : 1) || logins > (old ? 0 : 1) ? [`${made.size} accounts and ${logins} users were made`] : []),
  ]
}

/** An approval is used once, or again by the same bound key, which then gets the same refresh token. */
const usedOnce = ({ redeemed }: Story) =>
  [...new Set(redeemed.map(({ authReqId }) => authReqId))].flatMap((id) => {
    const got = redeemed.filter(({ authReqId, answer }) => authReqId === id && answer.status === 200)
    if (got.length < 2) return []
    const [first] = got
    const alike = got.every(({ owner, answer }) => owner.thumbprint === first?.owner.thumbprint && answer.json['refresh_token'] === first?.answer.json['refresh_token'])
    return first?.owner.thumbprint !== undefined && alike ? [] : ['an approval was used twice']
  })

/** What a call was decided to be, it stays; an approval leaves its line only by being redeemed, or late. */
const decidedOnce = ({ call, callExpires, beginning, town }: Story, passed: Passed[]) => {
  const isLate = town.clock.now() / 1000 >= callExpires
  let before: LineBody['call'] = { id: new URLSearchParams(call.query).get('call') ?? '', state: beginning.call, reason: 'no-answer', secretHash: hashed(call.authReqId.split('.')[1] ?? '') }
  return written(passed, /signin::tel::/).flatMap(({ body }) => {
    const [was, { call: is, redeemed }] = [before, body as LineBody]
    before = is
    if (!was || is === was) return []
    if (is?.id === was.id) return is.state === was.state || mayBecome(was, is) ? [] : [`a call that was ${was.state} became ${is.state}`]
    if (was.state === 'denied' || was.state === 'ended') return []
    if (!is && redeemed?.secretHash === was.secretHash) return was.state === 'approved' ? [] : ['a call was redeemed that nobody had approved']
    return isLate ? [] : [`a call that was ${was.state} was overwritten`]
  })
}

/** What a person decides is final. The company's word that a call is over is not: a star is heard however late, and the right digits if it says that they hung up. */
const mayBecome = (was: NonNullable<LineBody['call']>, is: NonNullable<LineBody['call']>) =>
  was.state === 'pending' || (was.state === 'ended' && (is.reason === 'star' || (was.reason === 'hung_up' && is.state === 'approved')))

/** A device that is signed out, or whose account is disabled, has nothing that works; one that is not has a session for the asking. */
const outIsOut = async (story: Story, passed: Passed[]) => {
  const { town, signedIn, sessions, signedOut, disabled } = story
  const user = signedIn[0]?.tokens.user
  const account = user === undefined ? undefined : await town.read(`signin::${user}`)
  const devices = Object.keys((account?.['devices'] as object | undefined) ?? {})
  const ended = (account?.['ended'] as object | undefined) ?? {}
  const isIn = (device: string) => account?.['status'] === 'active' && devices.includes(device)
  const open = await asyncFilter(sessions, async ({ session }) => town.opens(session))
  const given = new Set(sessions.map(({ session }) => session))
  const lost = await asyncFilter(madeSessions(passed).filter((session) => !given.has(session)), async (session) => town.opens(session))
  const stale = await asyncFilter(signedIn.filter(({ tokens }) => !isIn(tokens.device)), async ({ owner, tokens }) =>
    (await owner.session(town.outside, tokens.access)).status === 200 || (await owner.refresh(town.outside, tokens.refresh)).status === 200)
  const locked = await asyncFilter(signedIn.filter(({ tokens }) => isIn(tokens.device)), async ({ owner, tokens }) => (await owner.session(town.outside, tokens.access)).status !== 200)
  return [
    ...open.filter(({ device }) => !isIn(device)).map(({ device }) => `the session of ${device} is open, and it is signed out or disabled`),
    ...lost.map(() => 'a session is open that nobody was given'),
    ...stale.map(({ tokens }) => `the tokens of ${tokens.device} work, and it is signed out or disabled`),
    ...locked.map(({ tokens }) => `${tokens.device} is signed in and gets no session`),
    ...devices.filter((device) => signedOut.has(device) || device in ended).map((device) => `${device} was signed out and is back`),
    ...(disabled === 'yes' && account?.['status'] !== 'disabled' ? ['the account was disabled and is not'] : []),
    ...(user !== undefined && account?.['status'] === 'disabled' && (await channelsOf(story, user)).length > 0 ? ['a disabled person has channels'] : []),
  ]
}

const channelsOf = async ({ town }: Story, user: string) => ((await town.read(`_user/${user.replace('::', '-')}`))?.['admin_channels'] as string[] | undefined) ?? []

const madeSessions = (passed: Passed[]) =>
  passed.filter(({ method, path, status }) => method === 'POST' && path.endsWith('/_session') && status === 200).map(({ answer }) => (JSON.parse(answer) as { session_id: string }).session_id)

const asyncFilter = async <T>(items: T[], keep: (item: T) => Promise<boolean>) => {
  const kept = await Promise.all(items.map(keep))
  return items.filter((_, index) => kept[index])
}
