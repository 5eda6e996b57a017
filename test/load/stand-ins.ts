// The stand-ins in a thread and a memory of their own, so that what they remember of every call and session is not taken for the functions'.
import { workerData, type MessagePort } from 'node:worker_threads'
import { surroundings } from '../../local/surroundings.ts'

const { port } = workerData as { port: MessagePort }
const { environment } = await surroundings({ issuer: 'http://127.0.0.1' })
port.postMessage(environment, [])
