// The elements of index.html, found by their ids.

/** Throws where the page and its modules have drifted apart. */
export const element = <E extends HTMLElement>(id: string, kind: new () => E): E => {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new TypeError(`The page has no ${kind.name} with the id ${id}.`)
}

/** Changes the text only if it differs, so that a screen reader is not told twice. */
export const write = (target: HTMLElement, text: string) => {
  if (target.textContent !== text) target.textContent = text
}
