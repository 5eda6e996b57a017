// Everything at once, in an order that a seed decides: whatever the order, nobody is in who does not belong, and nothing is lost.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { runs, timeFor } from '../factor.ts'
import { acts, type ActName } from './acts.ts'
import { bindingKey, type BindingKey } from './device.ts'
import { judge } from './judge.ts'
import { chooser, orders, type Order } from './order.ts'
import { beginStory, type Beginning } from './story.ts'
import { actorsMax, town, type Town } from './town.ts'

let here: Town
let keys: BindingKey[]
beforeAll(async () => {
  here = await town()
  keys = [await bindingKey(here.clock.now), await bindingKey(here.clock.now)]
})
afterAll(() => here.close())

const play = async (beginning: Beginning, names: ActName[], order: Order) => {
  const story = await beginStory(here, beginning, keys)
  const { passed, schedule } = await here.gate.run(names.map((name, actor) => () => acts[name](story, here.slots[actor]!)), chooser(order))
  return { problems: [...(await judge(story, passed)), ...here.log.splice(0)], schedule }
}

const race = (beginnings: Beginning[], names: ActName[], everyDay: number) => async () => {
  const actors = fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: actorsMax })
  await fc.assert(fc.asyncProperty(fc.constantFrom(...beginnings), actors, orders, async (beginning, chosen, order) => {
    const { problems, schedule } = await play(beginning, chosen, order)
    if (problems.length) throw new Error([...problems, 'The schedule:', ...schedule].join('\n'))
  }), { ...runs(everyDay), endOnFailure: true })
}

describe('in any order,', () => {
  test('one number opens one account, and an approval is used once, or again by its own key', race(
    [{ account: 'none', call: 'approved' }],
    ['redeems', 'redeems with a key', 'redeems with another key', 'redeems and lives', 'redeems with a key and lives', 'signs in anew', 'star', 'hangs up', 'time passes'],
    300,
  ), timeFor(300))

  test('a device that is signed out or disabled ends with no session, no refresh and no access to the store', race(
    [{ account: 'unbound', call: 'approved' }, { account: 'bound', call: 'approved' }],
    ['redeems and lives', 'redeems with a key and lives', 'refreshes', 'refreshes and opens', 'opens', 'signs all out', 'signs itself out', 'revokes', 'is disabled', 'is enabled', 'is signed out', 'time passes'],
    300,
  ), timeFor(300))

  test('webhooks, doubled and late ones too, never undo what was decided', race(
    [{ account: 'none', call: 'pending' }, { account: 'unbound', call: 'pending' }, { account: 'none', call: 'ended' }],
    ['right digits', 'right digits at last', 'wrong digits', 'wrong digits again', 'star', 'zero', 'hangs up', 'no answer', 'redeems', 'redeems with a key', 'signs in anew', 'time passes'],
    300,
  ), timeFor(300))
})

test('the same actors in the same order make the same schedule', async () => {
  const names: ActName[] = ['redeems and lives', 'signs all out', 'opens', 'is disabled', 'refreshes']
  const order = { picks: Array.from({ length: 64 }, (_, index) => (index * 7) % 60) }
  const beginning: Beginning = { account: 'unbound', call: 'approved' }
  const blurred = (schedule: string[]) => schedule.map((line) => line.replace(/[\w%-]{22,}|\d{4,}/g, '…'))
  expect(blurred((await play(beginning, names, order)).schedule)).toEqual(blurred((await play(beginning, names, order)).schedule))
})
