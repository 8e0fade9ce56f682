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

need() {
  command -v "$1" >/dev/null 2>&1 || die "this script needs $1, which is not installed"
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
