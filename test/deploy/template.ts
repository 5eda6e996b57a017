// What a template says, in the few words that a test needs.
import type { Resource, Template } from './packaged.ts'

export type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown }

export const ofType = ({ Resources }: Template, type: string): [string, Resource][] => Object.entries(Resources).filter(([, { Type }]) => Type === type)

/** An intrinsic function's text, or what it refers to. */
export const text = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value)
  const [[name, inner] = []] = Object.entries(value)
  return name === 'Fn::GetAtt' || name === 'Ref' || name === 'Fn::Sub' ? [inner].flat().join('.') : JSON.stringify(value)
}

/** What `Fn::If` gives where its condition is true. */
export const whenTrue = (value: unknown): unknown => {
  const [, then] = (typeof value === 'object' && value !== null && 'Fn::If' in value ? (value['Fn::If'] as unknown[]) : [undefined, value]) as [unknown, unknown]
  return then
}

export const functionsOf = (template: Template) =>
  Object.fromEntries(ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [String(Properties['FunctionName']).replace(/^callgate-\w+-/, ''), { id, ...Properties }])) as Record<string, { id: string } & Record<string, unknown>>

export const environmentOf = (template: Template, name: string) =>
  (functionsOf(template)[name]!['Environment'] as { Variables: Record<string, unknown> }).Variables

/** The statements of the role that a function runs under. */
export const statementsOf = (template: Template, name: string): Statement[] => {
  const role = template.Resources[text(functionsOf(template)[name]?.['Role']).replace('.Arn', '')]!
  const policies = (role.Properties['Policies'] as unknown[]).map((policy) => whenTrue(policy) as { PolicyDocument: { Statement: Statement[] } })
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
}

/** The names, without prefix, of the secrets that a function may read. */
export const secretsOfRole = (template: Template, name: string) =>
  statementsOf(template, name)
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [Resource].flat())
    .map((arn) => /:secret:callgate\/\w+\/([a-z-]+)-\?{6}$/.exec(text(arn))?.[1] ?? `unexpected: ${text(arn)}`)
