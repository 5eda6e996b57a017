// A document as the sync function is given it: numbers that JavaScript cannot hold. What becomes of null and of lists is in sync-calls.ts.
import { HttpError } from './http-error.ts'
import type { Json, JsonObject } from './json.ts'
import { isNumber, isObject, literal, objectOf } from './json.ts'

/** In the new document such a number is text. Source: ConvertJSONNumbers in channels/channelmapper.go. */
export const newDocument = (doc: JsonObject) => mapNumbers(doc, (text) => (isHeld(text) ? undefined : text))

/** The old one is read with every number as a double, and one beyond them is a 500, so that nobody can change such a document again. */
export const oldDocument = (doc: JsonObject) =>
  mapNumbers(doc, (text) => {
    if (!Number.isFinite(Number(text))) throw new HttpError(500, 'Exception in JS sync function')
  })

const isHeld = (text: string) => (/^-?\d+$/.test(text) ? Number.isSafeInteger(Number(text)) : Number.isFinite(Number(text)))

// Level by level, because a document may be thousands deep.
const mapNumbers = (doc: JsonObject, change: (text: string) => string | undefined): JsonObject => {
  const made = objectOf(Object.entries(doc))
  const waiting: (JsonObject | Json[])[] = [made]
  const changed = (value: Json): Json => {
    if (isNumber(value)) return change(literal(value)) ?? value
    const copy = Array.isArray(value) ? [...value] : isObject(value) ? objectOf(Object.entries(value)) : undefined
    if (copy) waiting.push(copy)
    return copy ?? value
  }
  for (const holder of waiting) {
    if (Array.isArray(holder)) for (const [index, item] of holder.entries()) holder[index] = changed(item)
    else for (const [name, item] of Object.entries(holder)) holder[name] = changed(item)
  }
  return made
}
