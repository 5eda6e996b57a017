// Text for the drawer: tokens and proofs are long, and nobody reads their middle.

const charactersMax = 4_000

/** What looks like base64url keeps its first and last characters. */
export const shortened = (text: string) => text.replace(/[\w-]{8}[\w.-]{60,}[\w-]{4}/g, (long) => `${long.slice(0, 8)}…${long.slice(-4)}`).slice(0, charactersMax)
