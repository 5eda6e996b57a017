export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
  globalSetup: '<rootDir>/test/build-once.ts',
  reporters: ['default', '<rootDir>/test/closing-line.ts'],
  testSequencer: '<rootDir>/test/longest-first.ts',
  testTimeout: 20_000,
  // One more than the cores of a small machine: much of the time is waiting.
  maxWorkers: 3,
}
