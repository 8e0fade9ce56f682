# What all steps share. Nothing below reads a secret into an argument: bodies go from jq to az by a pipe.
set -Eeuo pipefail
IFS=$'\n\t'
umask 077

readonly LIMIT="${XAT_WAIT_SECONDS:-3600}"
readonly PAUSE="${XAT_PAUSE_SECONDS:-10}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf -- "$work"' EXIT

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

# The live body of a resource. Exit code 4: it is not there.
live() {
  if az rest --method get --url "$1?api-version=$2" --output json 2>"$work/errors"; then
    return 0
  fi
  if grep -Eqi 'not ?found' "$work/errors"; then
    return 4
  fi
  cat "$work/errors" >&2
  return 1
}

# One value of a live body, by a jq path.
value() {
  local body found
  body="$(live "$1" "$2")" || die "$1 cannot be read"
  found="$(jq -er "$3" <<<"$body")" || die "$1 has no $3"
  printf '%s' "$found"
}

# Waits until the service has done what it was told.
settle() {
  local body state code
  local -i waited=0
  while true; do
    code=0
    body="$(live "$1" "$2")" || code=$?
    case "$code" in
      0) state="$(jq -r '.properties.provisioningState? // .properties.state? // .registrationState? // "Succeeded"' <<<"$body")" ;;
      4) state="Missing" ;;
      *) die "$1 cannot be read" ;;
    esac
    case "$state" in
      Succeeded | Ready | Running | Enabled | Active | Available | Provisioned | Stopped) return 0 ;;
      Registered | Unregistered | NotRegistered) return 0 ;;
      Failed | Canceled) die "$1: the service says $state" ;;
      *) ;;
    esac
    ((waited < LIMIT)) || die "$1 is still $state after $waited seconds"
    sleep "$PAUSE"
    waited+=PAUSE
  done
}

# Waits until a deleted resource is gone.
vanish() {
  local code
  local -i waited=0
  while true; do
    code=0
    live "$1" "$2" >"$work/live" || code=$?
    case "$code" in
      4) return 0 ;;
      0) ;;
      *) die "$1 cannot be read" ;;
    esac
    ((waited < LIMIT)) || die "$1 is still there after $waited seconds"
    sleep "$PAUSE"
    waited+=PAUSE
  done
}

# Writes a resource: the live body, if there is one, with the body on standard input laid over it. What only the service
# writes is left out; of lists whose paths follow the API version, the elements that the body does not name stay.
write() {
  local id="$1" api="$2" code=0
  shift 2
  cat >"$work/declared"
  live "$id" "$api" >"$work/live" || code=$?
  case "$code" in
    0) ;;
    4) printf '{}' >"$work/live" ;;
    *) die "$id cannot be read" ;;
  esac
  jq -n --slurpfile live "$work/live" --slurpfile declared "$work/declared" '
    def named($old; $new):
      [$old[] | select(.name as $name | all($new[]; .name != $name))] + $new;
    def lay($old; $new; $path):
      if ($old | type) == "object" and ($new | type) == "object" then
        reduce ($new | keys_unsorted[]) as $key ($old;
          .[$key] = lay($old[$key]; $new[$key]; $path + [$key]))
      elif ($old | type) == "array" and ($new | type) == "array"
        and ($ARGS.positional | index($path | join("."))) != null then
        named($old; $new)
      else $new end;
    lay($live[0]; $declared[0]; [])
      | del(.id, .name, .type, .etag, .systemData, .properties?.provisioningState?)
    ' --args "$@" >"$work/body"
  az rest --method put --url "$id?api-version=$api" --body @- --output none <"$work/body"
  settle "$id" "$api"
}

# Deletes a resource, if it is there.
remove() {
  local code=0
  live "$1" "$2" >"$work/live" || code=$?
  case "$code" in
    0) ;;
    4) return 0 ;;
    *) die "$1 cannot be read" ;;
  esac
  az rest --method delete --url "$1?api-version=$2" --output none
  vanish "$1" "$2"
}

# Calls an action of a resource that is made by one, and waits for it. Calling it again changes nothing.
act() {
  az rest --method post --url "$2/$1?api-version=$3" --output none
  settle "$2" "$3"
}

# Whether this run, or one before it, has done a step of this very plan.
done_before() {
  [[ -f "$journal" ]] && grep -Fxq -- "$MARK $1" "$journal"
}

finish() {
  printf '%s %s\n' "$MARK" "$1" >>"$journal"
}

# A deletion that is part of a replacement: done once, or a second run would delete what the first one made.
remove_once() {
  if done_before "$1"; then
    return 0
  fi
  remove "$2" "$3"
  finish "$1"
}
