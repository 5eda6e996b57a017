// How far a sign-in is, as far as the service tells, and how its app follows it or leaves it.
import type { CallgateError } from './callgate-error.ts'

/**
 * `calling`: the call is asked for. `ringing`: show `matchCode`, which is to be keyed in until `expiresAt` (milliseconds since 1970); the phone rings or the person is
 * on it. `trouble`: nothing answers for now, and it goes on by itself. `approved`: the digits were right.
 */
export type Progress = { state: 'calling' } | { state: 'ringing'; number: string; matchCode: string; expiresAt: number } | { state: 'trouble'; error: CallgateError } | { state: 'approved' }

export type Waiting = { progress?: ((progress: Progress) => void) | undefined; signal?: AbortSignal | undefined }
