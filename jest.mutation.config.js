// The tests of the pure rules alone: what npm run mutation runs for each mutant.
import standard from './jest.config.js'

const { globalSetup: _builds, reporters: _closingLine, ...rest } = standard

export default {
  ...rest,
  testMatch: ['call', 'line', 'user-id', 'tokens', 'access-token', 'signature', 'key-set', 'http-message', 'refresh-token'].map((name) => `<rootDir>/test/shared/${name}.test.ts`),
}
