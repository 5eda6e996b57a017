// A runtime of Lambda, as small as it can be, where AWS's own cannot be built: asks for an event, answers it, and asks again.
import { existsSync } from 'node:fs'
import http from 'node:http'

const { AWS_LAMBDA_RUNTIME_API: host, LAMBDA_TASK_ROOT: root } = process.env
const [module, exported] = process.argv[2].split('.')
const agent = new http.Agent({ keepAlive: true })

const ask = (method, path, body = '') =>
  new Promise((resolve, reject) => {
    const request = http.request(`http://${host}/2018-06-01/runtime/${path}`, { method, agent, headers: { 'content-length': Buffer.byteLength(body) } }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }))
    })
    request.on('error', reject)
    request.end(body)
  })

const file = ['mjs', 'cjs'].map((ending) => `${root}/${module}.${ending}`).find((path) => existsSync(path))
const { [exported]: handler } = await import(file)

for (;;) {
  const { headers, text } = await ask('GET', 'invocation/next')
  const id = headers['lambda-runtime-aws-request-id']
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  const result = await handler(JSON.parse(text), { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() })
  await ask('POST', `invocation/${id}/response`, JSON.stringify(result))
}
