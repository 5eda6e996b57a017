// One IAM role for each function: its own log group, its own secrets, and nothing else.
import type { SecretName } from '../shared/secret-shapes.ts'

export const secretsOf = {
  'start-call': ['token-key', 'phone-pepper', 'line-key', 'sync-gateway', 'couchbase', 'twilio-api', 'test-numbers'],
  'receive-callback': ['line-key', 'sync-gateway', 'twilio-webhook'],
  'issue-jwt': ['signing-keys', 'token-key', 'line-key', 'sync-gateway', 'couchbase'],
  'create-session': ['public-keys', 'token-key', 'sync-gateway'],
  discovery: ['public-keys'],
  'manage-accounts': ['phone-pepper', 'line-key', 'sync-gateway'],
} as const satisfies Record<string, readonly SecretName[]>

export type FunctionName = keyof typeof secretsOf
export const functionNames = Object.keys(secretsOf) as FunctionName[]

/** The functions that reach private servers, and so run in the VPC where there is one. */
export const isPrivate = (name: FunctionName) => (secretsOf[name] as readonly SecretName[]).includes('sync-gateway')

/** `StartCall` of `start-call`, as resources are named. */
export const resourceName = (name: string) => name.split('-').map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')

/** By the names that serverless.yml gives as each function's `role`. */
export const roles = (service: string, stage: string) =>
  Object.fromEntries(functionNames.map((name) => [`${resourceName(name)}Role`, role(name, `${service}-${stage}-${name}`, `${service}/${stage}`)]))

const role = (name: FunctionName, functionName: string, prefix: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      { PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: [ownLog(functionName), ownSecrets(name, prefix)] } },
      ...(isPrivate(name) ? [inVpc({ PolicyName: 'no-interfaces', PolicyDocument: { Version: '2012-10-17', Statement: [noInterfaces(functionName)] } })] : []),
    ],
    // Lambda makes the network interfaces with the function's role. AWS keeps this policy, whose actions partly know no resources.
    ...(isPrivate(name) ? { ManagedPolicyArns: [inVpc(sub('arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaENIManagementAccess'))] } : {}),
  },
})

const sub = (text: string) => ({ 'Fn::Sub': text })
const inVpc = (value: object) => ({ 'Fn::If': ['HasVpc', value, { Ref: 'AWS::NoValue' }] })

const ownLog = (functionName: string) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${functionName}:log-stream:*`),
})

// Secrets Manager ends each ARN with six characters of its own.
const ownSecrets = (name: FunctionName, prefix: string) => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: secretsOf[name].map((secret) => sub(`arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${prefix}/${secret}-??????`)),
})

// The same permissions are not for the code that runs under the role.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
const noInterfaces = (functionName: string) => ({
  Effect: 'Deny',
  Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
  Resource: sub('arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:*'),
  Condition: { ArnEquals: { 'lambda:SourceFunctionArn': sub(`arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName}`) } },
})
