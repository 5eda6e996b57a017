// A plugin of serverless: whatever packages functions bundles them first, and nothing that was meant as an example is deployed.
const example = /example\.com|^\+12025550100$/

/** The names of the settings that still hold what deploy/settings.yml brings along. */
const examplesIn = ({ provider, functions }) => {
  const origins = { ORIGINS: [provider.httpApi.cors.allowedOrigins].flat().join() }
  const environments = [origins, provider.environment, ...Object.values(functions).map(({ environment }) => environment)]
  const found = environments.flatMap((environment = {}) => Object.entries(environment).filter(([, value]) => typeof value === 'string' && example.test(value)))
  return [...new Set(found.map(([name]) => name))].sort()
}

class BuildPlugin {
  constructor(serverless) {
    const bundle = async () => {
      require('../require-node.cjs')
      const { build } = await import('../build.ts')
      await build()
    }
    const refuseExamples = () => {
      const names = examplesIn(serverless.service)
      if (names.length) throw new serverless.classes.Error(`Set ${names.join(', ')} for this stage in deploy/settings.yml first.`)
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': bundle,
      'before:package:function:package': bundle,
      'before:deploy:deploy': refuseExamples,
      'before:deploy:function:packageFunction': refuseExamples,
    }
  }
}

module.exports = BuildPlugin
