// Telephone numbers as people type and read them.

/** In E.164, such as +12025550123; undefined for what is not (yet) a whole number. */
export const dialled = (typed: string): string | undefined => {
  const number = typed.replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined
}

/** Grouped for the eye where the country is known to group so. */
export const grouped = (number: string) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3')
