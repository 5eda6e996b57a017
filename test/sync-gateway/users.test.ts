// Users: names, passwords, channels, and what changes when.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { member, said, saidInTurn, world } from './world.ts'

let gateway: Awaited<ReturnType<typeof world>>
beforeAll(async () => { gateway = await world() })
afterAll(() => gateway.close())

const secret = { password: 'secret' }

describe('a user name', () => {
  test.each([
    ['239 bytes', 'a'.repeat(239), 201],
    ['240 bytes', 'a'.repeat(240), 400],
    ['238 bytes of two each', 'é'.repeat(119), 201],
    ['240 bytes of two each', 'é'.repeat(120), 400],
    ['one letter', 'a', 201],
    ['a letter of another script', 'ж', 201],
    ['no letter', '-_-', 400],
    ['a colon', 'a:b', 400],
    ['a comma', 'a,b', 400],
    ['a backtick', 'a`b', 400],
    ['a space', 'a b', 201],
    ['an at sign', 'a@b', 201],
    ['a percent sign', 'a%b', 201],
    ['a plus', 'a+b', 201],
    ['a line feed', 'a\nb', 201],
  ])('of %s', async (_what, name, status) => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_user/', { name, ...secret })).status).toBe(status)
    expect((await admin('PUT', `/_user/${encodeURIComponent(name)}`, secret)).status).toBe(status === 201 ? 200 : 400)
  })

  test('has no slash; an escaped one in a path is taken as it is written', async () => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_user/', { name: 'a/b', ...secret })).status).toBe(400)
    await admin('PUT', '/_user/a%2Fb', secret)
    expect((await admin('GET', '/_user/')).body).toEqual(['a%2Fb'])
  })

  test('counts its capitals', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect((await admin('PUT', '/_user/Ann', secret)).status).toBe(201)
    expect((await admin('GET', '/_user/')).body).toEqual(['Ann', 'ann'])
  })

  test('in the body has to be that of the path', async () => {
    const { admin } = await gateway.database()
    expect(await saidInTurn(
      () => admin('PUT', '/_user/ann', { name: 'bob', ...secret }),
      () => admin('PUT', '/_user/ann', { name: 'ann', ...secret }),
      () => admin('POST', '/_user/', secret),
    )).toEqual(["400 Name mismatch (can't change name)", '201', '400 Missing name property'])
  })
})

describe('a password', () => {
  test.each([
    ['2 characters', 'ab', 400], ['3 characters', 'abc', 201], ['72 bytes', 'a'.repeat(72), 201], ['73 bytes', 'a'.repeat(73), 500], ['72 bytes of two each', 'é'.repeat(36), 201],
    ['74 bytes of two each', 'é'.repeat(37), 500], ['nothing', '', 400],
  ])('of %s', async (_what, password, status) => {
    const { admin } = await gateway.database()
    expect((await admin('POST', '/_user/', { name: 'ann', password })).status).toBe(status)
    expect((await admin('GET', '/_user/ann')).status).toBe(status === 201 ? 200 : 404)
  })

  test('is wanted for a new user, though nobody can use it, and not for a change', async () => {
    const { admin } = await gateway.database({ disable_password_auth: true })
    expect((await admin('PUT', '/_user/ann', {})).status).toBe(400)
    expect((await admin('PUT', '/_user/ann', secret)).status).toBe(201)
    expect((await admin('PUT', '/_user/ann', { disabled: true })).status).toBe(200)
  })

  test('is never read back', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', secret)
    expect((await admin('GET', '/_user/ann')).text).not.toContain('secret')
  })
})

describe('creating', () => {
  test('by POST never overwrites, whoever comes first', async () => {
    const { admin } = await gateway.database()
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin('POST', '/_user/', { name: 'ann', ...secret })))
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([201, ...Array<number>(19).fill(409)])
  })

  test.each([['unknown members', { nonsense: 1 }, 201], ['a bad email', { email: 'no email' }, 201], ['broken JSON', '{"password":', 400], ['an array', [], 400], ['a number for the password', { password: 5 }, 400]])(
    'with %s',
    async (_what, more, status) => {
      const { admin } = await gateway.database()
      const body = typeof more === 'string' || Array.isArray(more) ? more : { ...secret, ...more }
      expect((await admin('PUT', '/_user/ann', body)).status).toBe(status)
    },
  )

  test.each([
    ['an array', [], 'json: cannot unmarshal array into Go value of type auth.PrincipalConfig'],
    ['a text for channels', { admin_channels: 'a' }, 'json: cannot unmarshal string into Go struct field PrincipalConfig.admin_channels of type []string'],
    ['a number among channels', { admin_channels: ['a', 1] }, 'json: cannot unmarshal number into Go struct field PrincipalConfig.admin_channels of type string'],
  ])('with %s says what does not fit', async (_what, body, reason) => {
    const { admin } = await gateway.database()
    expect(said(await admin('PUT', '/_user/ann', body))).toBe(`400 Invalid JSON: "${reason}"`)
  })

  test('with a role that cannot be is refused', async () => {
    const { admin } = await gateway.database()
    expect(said(await admin('PUT', '/_user/ann', { ...secret, admin_roles: ['a', 'b:c'] }))).toBe('400 Invalid role name "b:c"')
  })

  test('takes all at once and shows it', async () => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', { ...secret, email: 'ann@example.com', disabled: true, admin_channels: ['b', 'a'], admin_roles: ['later'] })
    expect((await admin('GET', '/_user/ann')).body).toEqual({
      name: 'ann', email: 'ann@example.com', disabled: true, admin_channels: ['a', 'b'], all_channels: ['!', 'a', 'b'], admin_roles: ['later'], roles: ['later'],
    })
  })
})

describe('changing by PUT', () => {
  const user = { ...secret, email: 'ann@example.com', admin_channels: ['a'], admin_roles: ['r'] }

  test.each([
    ['nothing named', {}, {}],
    ['null', { admin_channels: null, admin_roles: null, email: null, disabled: null }, {}],
    ['an empty list', { admin_channels: [] }, { admin_channels: undefined, all_channels: ['!'] }],
    ['other channels', { admin_channels: ['b'] }, { admin_channels: ['b'], all_channels: ['!', 'b'] }],
    ['an empty email', { email: '' }, { email: '' }],
    ['a bad email', { email: 'bad' }, {}],
  ])('%s', async (_what, change, difference) => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', user)
    const before = (await admin('GET', '/_user/ann')).body as object
    expect((await admin('PUT', '/_user/ann', change)).status).toBe(200)
    expect((await admin('GET', '/_user/ann')).body).toEqual(JSON.parse(JSON.stringify({ ...before, ...difference })))
  })

  test.each([
    ['channels', { all_channels: ['x'] }, '400 all_channels is read-only'],
    ['roles', { roles: ['x'] }, '400 roles is read-only'],
  ])('of the effective %s is refused', async (_what, change, refusal) => {
    const { admin } = await gateway.database()
    await admin('PUT', '/_user/ann', user)
    expect(said(await admin('PUT', '/_user/ann', change))).toBe(refusal)
  })

  test.each([['nothing', {}, 0], ['the same channels', { admin_channels: ['a'] }, 0], ['other channels', { admin_channels: ['b'] }, 1], ['the same password', secret, 1], ['disabled', { disabled: true }, 1], ['disabled as it was', { disabled: false }, 0]])(
    'to %j takes %s sequences',
    async (_what, change, taken) => {
      const { admin, sequence } = await gateway.database()
      await admin('PUT', '/_user/ann', user)
      const before = Number(await sequence())
      await admin('PUT', '/_user/ann', change)
      expect(Number(await sequence()) - before).toBe(taken)
    },
  )
})

describe('a channel name', () => {
  test.each([['', 400], ['a,b', 400], ['a:b', 201], ['a b', 201], ['a/b', 201], ['a'.repeat(500), 201], ['*', 201], ['!', 201]])('%j: %i', async (channel, status) => {
    const { admin } = await gateway.database()
    expect((await admin('PUT', '/_user/ann', { ...secret, admin_channels: [channel] })).status).toBe(status)
  })
})

describe('the guest', () => {
  test('goes by two names, cannot be deleted, and is not listed', async () => {
    const { admin } = await gateway.database()
    expect((await admin('GET', '/_user/GUEST')).body).toMatchObject({ name: 'GUEST', disabled: true })
    expect(said(await admin('DELETE', '/_user/GUEST'))).toBe('405 The GUEST user cannot be deleted. Only disabled via an update.')
    expect((await admin('GET', '/_user/')).body).toEqual([])
  })

  test('gets in once it is no longer disabled, to its channels only', async () => {
    const { admin, open } = await gateway.database()
    await admin('PUT', '/in', { channels: ['a'] })
    await admin('PUT', '/out', { channels: ['b'] })
    expect(said(await open('GET', '/in'))).toBe('401 Login required')
    expect((await admin('PUT', '/_user/GUEST', { disabled: false, admin_channels: ['a'] })).status).toBe(200)
    expect(await saidInTurn(() => open('GET', '/in'), () => open('GET', '/out'))).toEqual(['200', '403 forbidden'])
  })
})

describe('deleting', () => {
  test('answers 404 the second time, takes no sequence, and ends what the user had', async () => {
    const { admin, user, sequence } = await gateway.database()
    const ann = await user('ann')
    const before = await sequence()
    expect(await saidInTurn(() => admin('DELETE', '/_user/ann'), () => admin('DELETE', '/_user/ann'), () => ann('GET', '/doc'))).toEqual([
      '200', '404 missing', '401 Session no longer valid for user',
    ])
    expect(await sequence()).toBe(before)
  })

  test('does not bring old sessions back with a new user of that name', async () => {
    const { admin, user } = await gateway.database()
    const ann = await user('ann')
    await admin('DELETE', '/_user/ann')
    await admin('PUT', '/_user/ann', secret)
    expect(said(await ann('GET', '/doc'))).toBe('401 Session no longer valid for user')
  })
})

test('the list with more than names wants no views', async () => {
  const views = await gateway.database({ use_views: true })
  expect((await views.admin('GET', '/_user/?name_only=false')).status).toBe(400)
  const { admin } = await gateway.database()
  await admin('PUT', '/_user/bob', secret)
  await admin('PUT', '/_user/ann', { ...secret, email: 'ann@example.com', disabled: true })
  expect((await admin('GET', '/_user/?name_only=false')).body).toEqual([{ name: 'ann', email: 'ann@example.com', disabled: true }, { name: 'bob', disabled: false }])
  expect(member((await admin('GET', '/_user/?name_only=false&limit=1')).body, 'length')).toBe(1)
})
