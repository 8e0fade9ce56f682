
# Azure: every resource is read, put and deleted by its ID.

# The live body of a resource. Exit code 4: it is not there.
az_live() {
  local errors
  # The body goes through, what az has to say beside it is kept apart.
  if { errors="$(az rest --method get --url "$1?api-version=$2" --output json 2>&1 >&3 3>&-)"; } 3>&1; then
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
# writes is left out; of lists whose paths follow the API version, the elements that the body does not name stay.
az_write() {
  local id="$1" api="$2" code=0 declared live body
  shift 2
  declared="$(cat)"
  live="$(az_live "$id" "$api")" || code=$?
  case "$code" in
    0) ;;
    4) live='{}' ;;
    *) die "$id cannot be read" ;;
  esac
  body="$(printf '%s\n' "$live" "$declared" | jq -n '
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
    input as $live | input as $declared
      | lay($live; $declared; [])
      | del(.id, .name, .type, .etag, .systemData, .properties?.provisioningState?)
    ' --args "$@")"
  printf '%s' "$body" | az rest --method put --url "$id?api-version=$api" --body @- --output none
  az_settle "$id" "$api"
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
