#!/usr/bin/env bash
# Prints the deploy that a stack runs, by its timestamp, for `serverless rollback`; nothing where none runs yet: running-deploy.sh STACK
set -euo pipefail

if ! key="$(aws cloudformation get-template --stack-name "$1" --query TemplateBody.Resources.DiscoveryLambdaFunction.Properties.Code.S3Key --output text 2>&1)"; then
  [[ $key == *'does not exist'* ]] && exit 0
  echo "$key" >&2
  exit 1
fi
# serverless/SERVICE/STAGE/TIMESTAMP-DATE/FILE; the stack has no function as long as no deploy went through.
if [[ $key =~ /([0-9]+)-[^/]*/[^/]*$ ]]; then echo "${BASH_REMATCH[1]}"; fi
