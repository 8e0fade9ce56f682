# What all steps share. Nothing below hands a secret to a program as an argument, or writes one to a file: bodies go from
# jq to what sends them by a pipe.
set -Eeuo pipefail
IFS=$'\n\t'
umask 077

readonly LIMIT="${XAT_WAIT_SECONDS:-3600}"
readonly PAUSE="${XAT_PAUSE_SECONDS:-10}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

log() {
  printf '%s\n' "$*" >&2
}

die() {
  log "error: $*"
  exit 1
}

# What is missing is told at once, before anything is done.
missing=0
need() {
  command -v "$1" >/dev/null 2>&1 && return 0
  log "error: this script needs $1, which is not installed"
  missing=1
}

secret() {
  [[ -z "${!1:-}" ]] || return 0
  log "error: the secret $1 is not set in the environment"
  missing=1
}

complete() {
  ((missing == 0)) || exit 1
}

# Whether the first of some words is among the others.
known() {
  local word="$1"
  shift
  while [[ $# -gt 0 ]]; do
    [[ "$1" != "$word" ]] || return 0
    shift
  done
  return 1
}

# Whether this run, or one before it, has done a step of this very plan.
done_before() {
  [[ -f "$journal" ]] && grep -Fxq -- "$MARK $1" "$journal"
}

finish() {
  printf '%s %s\n' "$MARK" "$1" >>"$journal"
}

# What must not be done twice: the deletion in a replacement, or a second run would delete what the first one made.
once() {
  local name="$1"
  shift
  if done_before "$name"; then
    return 0
  fi
  "$@"
  finish "$name"
}
