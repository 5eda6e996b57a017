// The key of this browser: made once, kept in IndexedDB, never to be taken out. Its windows share it.
import type { ProofKey } from './proof.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Undefined where there is no WebCrypto or no IndexedDB: then tokens are bound to no key. Rejects where IndexedDB fails. */
export const browserKey = (name = 'callgate'): (() => Promise<ProofKey | undefined>) => {
  let found: Promise<ProofKey> | undefined
  return async () => {
    if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return undefined
    return (found ??= find(name).then(proofKey).catch((cause: unknown) => {
      found = undefined
      throw cause
    }))
  }
}

export const makePair = () => crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])

export const proofKey = async ({ privateKey, publicKey }: CryptoKeyPair): Promise<ProofKey> => {
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', publicKey)) as ProofKey['jwk']
  return {
    jwk: { kty, crv, x, y },
    sign: (bytes) => crypto.subtle.sign(algorithm, privateKey, bytes),
    digest: (bytes) => crypto.subtle.digest('SHA-256', bytes),
  }
}

const find = async (name: string): Promise<CryptoKeyPair> => {
  const opening = indexedDB.open(name)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(name))
  const database = await settled(opening)
  const store = (mode: IDBTransactionMode) => database.transaction(name, mode).objectStore(name)
  const read = () => settled(store('readonly').get('key') as IDBRequest<CryptoKeyPair | undefined>)
  const kept = await read()
  if (kept) return kept
  const made = await makePair()
  // Where another window was faster, its key is everybody's. Where nothing can be kept there is none, and whoever reads it fails.
  await settled(store('readwrite').add(made, 'key')).catch(() => undefined)
  return (await read())!
}

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
