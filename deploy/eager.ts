// Has V8 compile functions as the bundle loads: most of them run in the first request, and Lambda gives a whole processor while a sandbox starts, but a
// third of one (at 512 MB) once the request is there. Compiled at their first call, as V8 does of itself, each would also be parsed twice: 2 ms of a cold start.
import { parse, type Node } from 'acorn'

/** The same code with every function expression in brackets, which V8 takes for one that is called at once. https://v8.dev/blog/preparser#pife */
export const eager = (code: string): string => {
  const marks: { at: number; mark: '(' | ')' }[] = []
  visit(parse(code, { ecmaVersion: 2024 }), undefined, ({ start, end }) => marks.push({ at: start, mark: '(' }, { at: end, mark: ')' }))
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

type Visited = Node & { method?: boolean; kind?: string }

/** Tells of every function expression but those that are part of a method, a getter or a setter. */
const visit = (node: Visited, parent: Visited | undefined, tell: (found: Node) => void) => {
  const isPart = parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && (parent.method === true || parent.kind !== 'init'))
  if (node.type === 'ArrowFunctionExpression' || (node.type === 'FunctionExpression' && !isPart)) tell(node)
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node, tell)
}

const isNode = (value: unknown): value is Visited => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
