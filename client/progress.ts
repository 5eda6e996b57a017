// How far a sign-in is, as far as the service tells, and how its app follows it or leaves it.
import type { CallgateError } from './callgate-error.ts'

/**
 * `calling`: the call is asked for. `ringing`: show `matchCode`, which is to be keyed in until `expiresAt` (milliseconds since 1970). `answered`: somebody, or a machine,
 * has picked up. `trouble`: nothing answers for now, and it goes on by itself. `approved`: the digits were right.
 */
export type Progress = { state: 'calling' } | { state: 'ringing' | 'answered'; number: string; matchCode: string; expiresAt: number } | { state: 'trouble'; error: CallgateError } | { state: 'approved' }

export type Waiting = { progress?: ((progress: Progress) => void) | undefined; signal?: AbortSignal | undefined }
