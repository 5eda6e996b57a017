// Built on the first use that needs it, and built again if that failed.

export const once = <T extends object>(open: () => T) => {
  let opened: T | undefined
  return () => (opened ??= open())
}
