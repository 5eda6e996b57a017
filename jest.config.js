export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
  globalSetup: '<rootDir>/test/build-once.ts',
  reporters: ['default', '<rootDir>/test/closing-line.ts'],
  testTimeout: 20_000,
  maxWorkers: 2,
}
