// A strict reader of XML 1.0 without document types: what is not well formed is an error that says where.

export type Element = { name: string; attributes: Record<string, string>; children: (Element | string)[] }

const names = String.raw`[\p{L}_:][\p{L}\p{N}\p{M}._:\-·]*`
const declaration = /^\uFEFF?<\?xml\s+version\s*=\s*(["'])1\.\d\1[^?]*\?>/
const aside = /<!--(?:(?!--)[^])*-->|<\?(?!xml[\s?])[^]*?\?>/iy
const openTag = new RegExp(String.raw`<(${names})((?:\s+${names}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`, 'uy')
const closeTag = new RegExp(String.raw`</(${names})\s*>`, 'uy')
const attribute = new RegExp(String.raw`(${names})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'gu')
const section = /<!\[CDATA\[([^]*?)\]\]>/y
const text = /[^<]+/y
// https://www.w3.org/TR/xml/#charsets
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u
const entities = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]])

/** The document's element. Throws a SyntaxError with the offset of what is wrong. */
export const parseXml = (source: string): Element => {
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  let at = declaration.exec(source)?.[0].length ?? (source.startsWith('\uFEFF') ? 1 : 0)
  const wrong = (what: string) => new SyntaxError(`${what} at offset ${at}.`)

  if (forbidden.test(source)) throw wrong('A character stands in the document that XML does not know')
  while (at < source.length) {
    const piece = pieceAt(source, at)
    if (!piece) throw wrong('The markup is broken')
    piece.read(piece.found, open, wrong)
    at += piece.found[0].length
  }
  if (open.length > 1) throw wrong(`<${open.at(-1)!.name}> is not closed`)
  const elements = elementsOf(root)
  if (elements.length !== 1 || root.children.some((child) => typeof child === 'string' && child.trim() !== '')) throw wrong('A document is one element, and this is not')
  return elements[0]!
}

/** All text in an element and in what it holds. */
export const textOf = (element: Element): string => element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')

export const elementsOf = (element: Element) => element.children.filter((child) => typeof child !== 'string')

type Wrong = (what: string) => SyntaxError
/** Puts what was found into the innermost open element. */
type Read = (found: RegExpExecArray, open: Element[], wrong: Wrong) => void

const append = (open: Element[], child: Element | string) => open.at(-1)!.children.push(child)

const pieces: [RegExp, Read][] = [
  [aside, () => {}],
  [section, (found, open) => append(open, found[1]!)],
  [openTag, ([, name, attributes, closed], open, wrong) => {
    const element: Element = { name: name!, attributes: attributesOf(attributes!, wrong), children: [] }
    append(open, element)
    if (!closed) open.push(element)
  }],
  [closeTag, ([, name], open, wrong) => {
    if (open.length === 1 || open.at(-1)!.name !== name) throw wrong(`</${name}> closes nothing`)
    open.pop()
  }],
  [text, ([raw], open, wrong) => {
    if (raw.includes(']]>')) throw wrong('Text holds ]]>')
    append(open, decoded(raw, wrong))
  }],
]

const pieceAt = (source: string, at: number) => {
  for (const [pattern, read] of pieces) {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) return { found, read }
  }
  return undefined
}

const attributesOf = (source: string, wrong: Wrong) => {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [, name = '', double, single = ''] of source.matchAll(attribute)) {
    if (name in attributes) throw wrong(`The attribute ${name} is there twice`)
    attributes[name] = decoded((double ?? single).replace(/[\t\n\r]/g, ' '), wrong)
  }
  return attributes
}

const decoded = (raw: string, wrong: Wrong) =>
  raw.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+))?(;?)/g, (_, decimal?: string, hex?: string, name?: string, end?: string) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
    const character = code === undefined ? entities.get(name ?? '') : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (!end || character === undefined || forbidden.test(character)) throw wrong('An ampersand begins no character that is known')
    return character
  })
