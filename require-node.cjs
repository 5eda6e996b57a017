// Says in one sentence what is missing, in syntax that any Node can read.
var major = Number(process.version.slice(1).split('.')[0])
if (major < 24) {
  console.error('Callgate needs Node.js 24 or later and this is ' + process.version + ': install it from https://nodejs.org, or run npm ci on Linux x64, which brings it along.')
  process.exit(1)
}
