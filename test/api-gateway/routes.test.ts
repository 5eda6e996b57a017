// Which route takes a request.
import { describe, expect, test } from '@jest/globals'
import { routeTable } from '../../local/api-gateway/routes.ts'
import { route } from './front.ts'

const table = (...keys: string[]) => routeTable(keys.map((key) => route(key, async () => '')))
const keys = ['$default', 'ANY /{proxy+}', 'GET /pets/{proxy+}', 'GET /pets/dog/{id}', 'GET /pets/dog/1', 'ANY /pets/dog/2', 'POST /pets/dog/2', 'ANY /pets/{kind}/2', 'GET /.well-known/a.b']

describe('of many routes', () => {
  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/3', 'GET /pets/dog/{id}', { id: '3' }],
    ['POST', '/pets/dog/2', 'POST /pets/dog/2', {}],
    ['DELETE', '/pets/dog/2', 'ANY /pets/dog/2', {}],
    ['GET', '/pets/cat/2', 'ANY /pets/{kind}/2', { kind: 'cat' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['GET', '/pets/a%2Fb/%C3%BC', 'GET /pets/{proxy+}', { proxy: 'a/b/ü' }],
    ['GET', '/pets/dog/a%2Fb', 'GET /pets/dog/{id}', { id: 'a/b' }],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
    ['GET', '/.well-known/a.b', 'GET /.well-known/a.b', {}],
    ['GET', '/.well-known/aXb', 'ANY /{proxy+}', { proxy: '.well-known/aXb' }],
    ['GET', '/', '$default', {}],
  ])('%s %s is taken by %s', (method, path, routeKey, pathParameters) => expect(table(...keys)(method, path)).toMatchObject({ routeKey, pathParameters }))
})

test.each([
  ['GET', '/call'], ['POST', '/call/'], ['POST', '/Call'], ['POST', '/call/more'], ['POST', '//call'], ['HEAD', '/call'], ['OPTIONS', '/call'],
])('%s %s is not POST /call', (method, path) => expect(table('POST /call')(method, path)).toBeUndefined())

test.each([['GET call'], ['GET /{a+}/b'], ['GET /a{b}'], ['GET /{a']])('%s is no route', (key) => expect(() => table(key)).toThrow('takes no route'))

test('two routes with one key are refused', () => expect(() => table('get /a', 'GET /a')).toThrow('Two routes have the key GET /a.'))
