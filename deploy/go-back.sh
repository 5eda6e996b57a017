#!/usr/bin/env bash
# Deploys the tag before the given one: go-back.sh TAG STAGE REGION. The same commit gives the same zips, so this is what ran before.
set -euo pipefail

# A function, because the checkout replaces this file while it runs.
go_back() {
  local tag="$1" stage="$2" region="$3" before
  before="$(git describe --tags --match 'v*' --abbrev=0 "$tag^" 2>/dev/null)" || {
    echo "There is no release before $tag to go back to." >&2
    exit 1
  }
  echo "Going back from $tag to $before."
  git checkout --quiet "$before"
  npm ci
  npx serverless deploy --stage "$stage" --region "$region"
  exit
}
go_back "$@"
