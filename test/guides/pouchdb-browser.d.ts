// What the guide uses of PouchDB 9, which brings no types of its own.
declare module 'pouchdb-browser' {
  export default class PouchDB {
    constructor(name: string, options?: { skip_setup?: boolean; fetch?: typeof fetch })
    sync(remote: PouchDB, options: { live: true; retry: true }): { cancel: () => void; on: (event: 'error', heard: () => void) => { cancel: () => void } }
  }
}
