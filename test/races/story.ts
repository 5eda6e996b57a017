// One person in a race: a number, perhaps a device that is signed in already, and a call that rings or was just approved; and what comes of it all.
import { callSeconds } from '../../shared/call.ts'
import type { Answer } from '../sandbox.ts'
import { bindingKey, device, tokensOf, type Device, type Tokens } from './device.ts'
import type { Placed, Slot, Town } from './town.ts'

/** Whether there is an account, with a device bound to a key or not; and how far the call has come. */
export type Beginning = { account: 'none' | 'unbound' | 'bound'; call: 'pending' | 'approved' | 'ended' }
export type SignedIn = { owner: Device; tokens: Tokens }

export type Story = {
  town: Town
  number: string
  call: Placed
  /** Seconds since 1970. */
  callExpires: number
  beginning: Beginning
  /** Three apps: two with keys of their own. */
  apps: { bare: Device; first: Device; second: Device }
  old: SignedIn | undefined
  redeemed: { authReqId: string; owner: Device; answer: Answer }[]
  signedIn: SignedIn[]
  sessions: { device: string; session: string }[]
  /** Devices that somebody was told are signed out. */
  signedOut: Set<string>
  answers: Answer[]
  /** `yes` once an operator was told so, and nobody enables. */
  disabled: 'no' | 'yes' | 'perhaps'
  /** What nobody should have got, in words. */
  wrong: string[]
}

export const beginStory = async (town: Town, beginning: Beginning, keys: Awaited<ReturnType<typeof bindingKey>>[]): Promise<Story> => {
  const { outside } = town
  const number = town.freshNumber()
  const apps = { bare: device(undefined), first: device(keys[0]), second: device(keys[1]) }
  const story: Story = { town, number, call: { authReqId: '', matchCode: '', query: '' }, callExpires: 0, beginning, apps, old: undefined, redeemed: [], signedIn: [], sessions: [], signedOut: new Set(), answers: [], disabled: 'no', wrong: [] }
  if (beginning.account !== 'none') {
    const owner = beginning.account === 'bound' ? apps.first : apps.bare
    const before = await placed(story, outside)
    await press(story, outside, before, before.matchCode)
    story.old = remember(story, owner, await owner.redeem(outside, before.authReqId))
    await openSession(story, outside, story.old!)
  }
  story.call = await placed(story, outside)
  story.callExpires = town.clock.now() / 1000 + callSeconds
  if (beginning.call === 'ended') await reportStatus(story, outside, story.call, 'no-answer')
  if (beginning.call === 'approved') await press(story, outside, story.call, story.call.matchCode)
  return story
}

const placed = async ({ town, number }: Story, slot: Slot): Promise<Placed> => {
  const call = await town.call(slot, number)
  if (!call) throw new Error('The phone should have rung.')
  return call
}

const noted = async (story: Story, answered: Promise<Answer>) => {
  const answer = await answered
  story.answers.push(answer)
  return answer
}

/** Tokens are for those who are not disabled from when they ask until they are answered. */
const whileIn = async (story: Story, answered: Promise<Answer>) => {
  const { disabled } = story
  const answer = await noted(story, answered)
  if (disabled === 'yes' && story.disabled === 'yes' && answer.status === 200) story.wrong.push('a disabled person was given tokens')
  return answer
}

const remember = (story: Story, owner: Device, answer: Answer): SignedIn | undefined => {
  if (answer.status !== 200) return undefined
  const signedIn = { owner, tokens: tokensOf(answer) }
  story.signedIn.push(signedIn)
  return signedIn
}

export const press = (story: Story, slot: Slot, { query }: Placed, digits: string, attempt = 1) =>
  noted(story, story.town.webhook(slot, 'keys', `${query}&attempt=${attempt}`, { CallSid: 'CA1', Digits: digits }))

export const reportStatus = (story: Story, slot: Slot, { query }: Placed, status: string) =>
  noted(story, story.town.webhook(slot, 'status', query, { CallSid: 'CA1', CallStatus: status }))

export const redeem = async (story: Story, slot: Slot, owner: Device, { authReqId }: Placed) => {
  const answer = await whileIn(story, owner.redeem(slot, authReqId))
  story.redeemed.push({ authReqId, owner, answer })
  return remember(story, owner, answer)
}

export const refresh = async (story: Story, slot: Slot, { owner, tokens }: SignedIn) =>
  remember(story, owner, await whileIn(story, owner.refresh(slot, tokens.refresh)))

export const openSession = async (story: Story, slot: Slot, { owner, tokens }: SignedIn) => {
  const { status, json } = await noted(story, owner.session(slot, tokens.access))
  if (status === 200) story.sessions.push({ device: tokens.device, session: String(json['session_id']) })
}

export const signOut = async (story: Story, slot: Slot, { owner, tokens }: SignedIn, what: string) => {
  const { status } = await noted(story, owner.signOut(slot, tokens.access, what))
  if (status === 204) story.signedOut.add(tokens.device)
}

export const revoke = async (story: Story, slot: Slot, { owner, tokens }: SignedIn) => {
  await noted(story, owner.revoke(slot, tokens.refresh))
  story.signedOut.add(tokens.device)
}
