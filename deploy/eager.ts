// Has V8 compile our functions as the bundle loads: most of them run in the first request, and Lambda gives a whole processor while a sandbox starts, but a
// third of one (at 512 MB) once the request is there. Compiled at their first call, as V8 does of itself, each would also be parsed twice: 2 ms of a cold start.
import { SourceMap, type SourceMapPayload } from 'node:module'
import { parse, type Node } from 'acorn'

/**
 * The same code with every function expression of ours in brackets, which V8 takes for one that is called at once. Those of packages stay as they are: a
 * request calls few of them. https://v8.dev/blog/preparser#pife
 */
export const eager = (code: string, sourceMap: SourceMapPayload): string => {
  const sourceOf = sources(code, sourceMap)
  const marks: { at: number; mark: '(' | ')' }[] = []
  visit(parse(code, { ecmaVersion: 2024 }), undefined, ({ start, end }) => {
    if (!sourceOf(start).includes('node_modules/')) marks.push({ at: start, mark: '(' }, { at: end, mark: ')' })
  })
  // Where one function ends another may begin, and never the other way round.
  marks.sort((left, right) => left.at - right.at || (left.mark < right.mark ? 1 : -1))
  let done = 0
  const pieces = marks.map(({ at, mark }) => {
    const piece = code.slice(done, at) + mark
    done = at
    return piece
  })
  return pieces.join('') + code.slice(done)
}

/** Answers from which file a place of the code comes; '' where that is not known. */
const sources = (code: string, sourceMap: SourceMapPayload) => {
  const map = new SourceMap(sourceMap)
  const starts = [0, ...Array.from(code.matchAll(/\n/g), ({ index }) => index + 1)]
  return (at: number) => {
    const line = starts.findLastIndex((start) => start <= at)
    // What the bundler itself adds has none.
    const { originalSource = '' } = map.findEntry(line, at - starts[line]!) as { originalSource?: string }
    return originalSource
  }
}

type Visited = Node & { method?: boolean; kind?: string }

/** Tells of every function expression but those that are part of a method, a getter or a setter. */
const visit = (node: Visited, parent: Visited | undefined, tell: (found: Node) => void) => {
  const isPart = parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && (parent.method === true || parent.kind !== 'init'))
  if (node.type === 'ArrowFunctionExpression' || (node.type === 'FunctionExpression' && !isPart)) tell(node)
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node, tell)
}

const isNode = (value: unknown): value is Visited => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
