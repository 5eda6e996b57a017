// What the operator must mend before anything can work: a variable or a secret that is missing or malformed.

/** The message names what is wrong, never the value that it has. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
