
# Azure: every resource is read, put and deleted by its ID.

# The live body of a resource; of what no GET reads, by the action that does. Exit code 4: it is not there.
az_live() {
  local errors method=get url="$1"
  if [[ -n "${3:-}" ]]; then
    method=post
    url="$1/$3"
  fi
  # The body goes through, what az has to say beside it is kept apart.
  if { errors="$(az rest --method "$method" --url "$url?api-version=$2" --output json 2>&1 >&3 3>&-)"; } 3>&1; then
    return 0
  fi
  if grep -Eqi 'not ?found' <<<"$errors"; then
    return 4
  fi
  log "$errors"
  return 1
}

# One value of a live body, by a jq path.
az_value() {
  local body found
  body="$(az_live "$1" "$2")" || die "$1 cannot be read"
  found="$(printf '%s' "$body" | jq -er "$3")" || die "$1 has no $3"
  printf '%s' "$found"
}

# Waits until the service has done what it was told.
az_settle() {
  local body state code
  local -i waited=0
  while true; do
    code=0
    body="$(az_live "$1" "$2")" || code=$?
    case "$code" in
      0) state="$(printf '%s' "$body" | jq -r '.properties.provisioningState? // .properties.state? // .registrationState? // "Succeeded"')" ;;
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
az_vanish() {
  local code
  local -i waited=0
  while true; do
    code=0
    az_live "$1" "$2" >/dev/null || code=$?
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
# writes is left out. What else there is to know stands in the third word, as JSON: lists of which the elements that the body
# does not name stay, leaves that stay as they are live, leaves that are taken away or go back to a default, and the action that
# reads the body where no GET does.
az_write() {
  local id="$1" api="$2" laid='{}' code=0 declared live body reads
  if [[ $# -gt 2 ]]; then
    laid="$3"
  fi
  declared="$(cat)"
  reads="$(jq -r '.read // ""' <<<"$laid")"
  live="$(az_live "$id" "$api" "$reads")" || code=$?
  case "$code" in
    0) ;;
    4) live='{}' ;;
    *) die "$id cannot be read" ;;
  esac
  body="$(printf '%s\n' "$laid" "$live" "$declared" | jq -n '
    def at($path): try getpath($path) catch null;
    # Azure does not see the case of a key.
    def key($key):
      if type == "object" and (has($key) | not) then
        first(keys_unsorted[] | select(ascii_downcase == ($key | ascii_downcase))) // $key
      else $key end;
    def spelt($path):
      . as $body | reduce $path[] as $key ([]; . + [. as $above | $body | at($above) | key($key)]);
    def named($old; $new):
      [$old[] | select(.name as $name | all($new[]; .name != $name))] + $new;
    def lay($open; $old; $new; $path):
      if ($old | type) == "object" and ($new | type) == "object" then
        reduce ($new | keys_unsorted[]) as $key ($old; key($key) as $there
          | .[$there] = lay($open; $old[$there]; $new[$key]; $path + [$key]))
      elif ($old | type) == "array" and ($new | type) == "array" and any($open[]; . == $path) then
        named($old; $new)
      else $new end;
    def put($path; $value):
      if $value != null then setpath($path; $value)
      elif at($path) == null then .
      else delpaths([$path]) end;
    input as $laid | input as $live | input as $declared
      | lay($laid.open // []; $live; $declared; [])
      | reduce (if $live == {} then empty else ($laid.keep // [])[] end) as $path (.;
          put($path; ($live | spelt($path)) as $there | $live | at($there)))
      | reduce (($laid.drops // [])[]) as $drop (.; spelt($drop.path) as $there | put($there; $drop.to))
      | del(.id, .name, .type, .etag, .systemData, .properties?.provisioningState?)
    ')"
  printf '%s' "$body" | az rest --method put --url "$id?api-version=$api" --body @- --output none
  # What an action reads is words of the user's own, in which nothing says how far the service is: it answers when it is done.
  [[ -n "$reads" ]] || az_settle "$id" "$api"
}

# Deletes a resource, if it is there.
az_remove() {
  local code=0
  az_live "$1" "$2" >/dev/null || code=$?
  case "$code" in
    0) ;;
    4) return 0 ;;
    *) die "$1 cannot be read" ;;
  esac
  az rest --method delete --url "$1?api-version=$2" --output none
  az_vanish "$1" "$2"
}

# Calls an action of a resource that is made by one, and waits for it. Calling it again changes nothing.
az_act() {
  az rest --method post --url "$2/$1?api-version=$3" --output none
  az_settle "$2" "$3"
}
