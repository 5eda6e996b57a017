// The walls of the house: what may import what. test/house.test.ts keeps them, and plants a violation to see that they can fall.
const only = (name, module, files) => ({
  name, severity: 'error', from: { path: '^(functions|shared)/', pathNot: files }, to: { path: `^node_modules/${module}` },
})
module.exports = {
  forbidden: [
    { name: 'functions-import-shared-only', severity: 'error', from: { path: '^functions/' }, to: { path: '^(functions|local|deploy|bench|test|sync-gateway)/' } },
    { name: 'shared-imports-nothing-of-ours-but-shared', severity: 'error', from: { path: '^shared/' }, to: { path: '^(functions|local|deploy|bench|test|sync-gateway)/' } },
    { name: 'local-imports-no-deploy', severity: 'error', from: { path: '^local/' }, to: { path: '^(deploy|bench)/' } },
    { name: 'client-imports-nothing', severity: 'error', from: { path: '^client/' }, to: { pathNot: '^client/' } },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'rules-do-no-io', severity: 'error',
      from: { path: '^shared/(call|user-id|phone-number|refusal|form)\\.ts$' },
      to: { path: '^(node:|http$|https$|net$|fs$|crypto$|timers|shared/(configuration|secrets|log|http|sync-gateway|counter|twilio))' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    // `aws-lambda` is a name for types alone, which @types/aws-lambda holds.
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^aws-lambda$' } },
    only('one-file-for-middy', '@middy/', '^shared/http\\.ts$'),
    only('one-file-for-jose', 'jose/', '^shared/proof-signature\\.ts$'),
    only('one-file-for-couchbase', 'couchbase/', '^shared/counter\\.ts$'),
    only('one-file-for-twilio', 'twilio/', '^shared/webhook-signature\\.ts$'),
    only('one-file-for-phone-numbers', 'libphonenumber-js/', '^shared/numbering-plans\\.ts$'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(local/page|bench/peers|\\.build)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.cjs', '.json'] },
  },
}
