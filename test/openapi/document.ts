// openapi.yaml, and whether an answer is one that stands in it.
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

type Schema = Record<string, unknown>
type Referred<T> = T | { $ref: string }
type Described = { headers?: Record<string, Referred<{ required?: boolean; schema: Schema }>>; content?: Record<string, { schema: Schema }> }
type Operation = { responses: Record<string, Referred<Described>> }
export type OpenApi = { paths: Record<string, Record<string, Operation>> }

export type Given = { route: string; status: number; headers: Record<string, string>; text: string }

export const readOpenApi = async () => parse(await readFile(`${import.meta.dirname}/../../openapi.yaml`, 'utf8')) as OpenApi

export const routesOf = ({ paths }: OpenApi) => Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))

/** Answers what is wrong with an answer; an empty list if nothing is. */
export const judge = (document: OpenApi) => {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'openapi' })
  const resolved = <T extends object>(value: Referred<T>): T => {
    if (!('$ref' in value)) return value
    return value.$ref.slice(2).split('/').reduce<unknown>((at, name) => (at as Schema)[name], document) as T
  }
  const problemsOf = (schema: Schema, value: unknown, at: string) => {
    // References in the document start at its root, and so must the schema's own.
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as Schema
    return ajv.validate(absolute, value) ? [] : [`${at}: ${ajv.errorsText()}`]
  }

  return ({ route, status, headers, text }: Given): string[] => {
    const [method = '', path = ''] = route.split(' ')
    const response = document.paths[path]?.[method.toLowerCase()]?.responses[status]
    if (!response) return [`${route} ${status} is not described.`]
    const { headers: promised = {}, content } = resolved(response)
    const type = headers['content-type']?.split(';')[0]
    const body = type === undefined ? undefined : content?.[type]
    return [
      ...(type !== undefined && !body ? [`${route} ${status} has the type ${type}.`] : []),
      ...(type === undefined && content ? [`${route} ${status} has no body.`] : []),
      ...(type === undefined && text !== '' ? [`${route} ${status} has a body.`] : []),
      ...(body ? problemsOf(body.schema, type === 'application/json' ? JSON.parse(text) : text, `${route} ${status}`) : []),
      ...Object.entries(promised).flatMap(([name, header]) => {
        const { required = false, schema } = resolved(header)
        const value = headers[name.toLowerCase()]
        return value === undefined ? (required ? [`${route} ${status} lacks ${name}.`] : []) : problemsOf(schema, value, `${route} ${status} ${name}`)
      }),
    ]
  }
}
