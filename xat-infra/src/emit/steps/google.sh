
# Google Cloud: each service has requests of its own, which a step says as JSON.

token=""
token_until=0
status=""
answer=""
live=""

# A token is good for an hour.
sign_in() {
  if [[ -z "$token" ]] || ((SECONDS >= token_until)); then
    token="$(gcloud auth print-access-token)" || die "gcloud has no token; sign in: gcloud auth login"
    token_until=$((SECONDS + 1500))
  fi
}

# What curl reads as its configuration: a token is no argument.
credentials() {
  printf 'header = "Authorization: Bearer %s"\n' "$token"
  if [[ -n "${XAT_QUOTA_PROJECT:-}" ]]; then
    printf 'header = "x-goog-user-project: %s"\n' "$XAT_QUOTA_PROJECT"
  fi
}

# One request: method, URL and body. Leaves `status` and `answer`.
send_once() {
  local out
  local -a data=()
  sign_in
  case "$1" in
    POST | PUT | PATCH) data=(--header "Content-Type: application/json" --data-binary @-) ;;
    *) ;;
  esac
  out="$(printf '%s' "$3" | curl --silent --show-error --globoff --proto '=https' --connect-timeout 30 --max-time 600 \
    --config <(credentials) --request "$1" ${data[@]+"${data[@]}"} --write-out '\n%{http_code}' "$2")" || return 1
  status="${out##*$'\n'}"
  answer="${out%$'\n'*}"
}

# A request as jq wrote it. What was not taken is sent again; whether a write was taken whose answer is lost, nobody knows,
# and the next run finds out.
send() {
  local method url body again
  local -i waited=0 renewed=0
  method="$(printf '%s' "$1" | jq -r '.to | split(" ")[0]')"
  url="$(printf '%s' "$1" | jq -r '.to | split(" ")[1]')"
  body="$(printf '%s' "$1" | jq -c '.body // empty')"
  while true; do
    again=""
    if ! send_once "$method" "$url" "$body"; then
      [[ "$method" == GET ]] || die "$method $url: no answer; run this again"
      again="no answer"
    else
      case "$status" in
        401)
          ((renewed == 0)) || die "$method $url: 401 $(why)"
          renewed=1
          token=""
          continue
          ;;
        429) again="too many requests" ;;
        500 | 502 | 503 | 504) [[ "$method" != GET ]] || again="$status" ;;
        # An API that was turned on takes some minutes to be on everywhere.
        403) [[ "$answer" != *SERVICE_DISABLED* ]] || ((waited >= 600)) || again="the API is not on yet" ;;
        400 | 409) [[ "$answer" != *operationInProgress* && "$answer" != *resourceNotReady* ]] || again="at work" ;;
        *) ;;
      esac
    fi
    [[ -n "$again" ]] || return 0
    ((waited < LIMIT)) || die "$method $url: $again after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
  done
}

# Why a request was refused.
why() {
  printf '%s' "$answer" | jq -r '.error.message // "no reason"' 2>/dev/null || printf 'no reason'
}

accepted() {
  [[ "$status" == 2?? ]] || die "$(printf '%s' "$1" | jq -r .to): $status $(why)"
}

# What jq makes of JSON values, a line each.
ask() {
  local what="$1"
  shift
  printf '%s\n' "$@" | jq -cn "$GOOGLE_JQ ask_$what"
}

# How a resource is called where something is said of it.
called() {
  printf '%s' "$1" | jq -r '.read | sub("^[A-Z]+ "; "")'
}

# Reads a resource into `live`: its body, or nothing.
look() {
  local request page
  request="$(ask read "$1")"
  page="$request"
  while true; do
    send "$page"
    if [[ "$status" == 404 ]]; then
      live=""
      return 0
    fi
    accepted "$page"
    live="$(ask found "$1" "$answer")"
    [[ -z "$live" ]] || return 0
    page="$(ask page "$request" "$answer")"
    [[ -n "$page" ]] || return 0
  done
}

# One value of a live body, by a jq path. Exit code 4: it is not there.
fact() {
  local found
  look "$1"
  if [[ -z "$live" ]]; then
    log "$(called "$1"): it is not there"
    return 4
  fi
  found="$(printf '%s' "$live" | jq -er "$2")" || die "$(called "$1"): it has no $2"
  printf '%s' "$found"
}

# What a member names is gone, and the member with it; any other failure is one.
gone() {
  (($1 == 4)) || exit "$1"
}

# Waits for the long operation that the last answer tells of.
finish_operation() {
  local state
  local -i waited=0
  while true; do
    state="$(ask operation "$1" "${answer:-null}" | jq -r .)"
    case "$state" in
      done) return 0 ;;
      failed*) die "${state#failed }" ;;
      *) ;;
    esac
    ((waited < LIMIT)) || die "${state#ask } is not done after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
    send "{\"to\": \"GET ${state#ask }\"}"
    accepted "{\"to\": \"GET ${state#ask }\"}"
  done
}

# Waits until a resource is there, and its service no longer at work on it.
settle() {
  local -i waited=0
  while true; do
    look "$1"
    if [[ -n "$live" ]] && ! printf '%s' "$live" | jq -e "$GOOGLE_JQ busy" >/dev/null; then
      return 0
    fi
    ((waited < LIMIT)) || die "$(called "$1"): not ready after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
  done
}

kept_deleted() {
  [[ "$(printf '%s' "$live" | jq -r '.state? // ""')" == DELETED ]]
}

# What there was when a step that must not be done twice began; nothing where it has not begun.
noted() {
  [[ -f "$journal" ]] || return 0
  awk -v line="$MARK $1.began " 'index($0, line) == 1 { print substr($0, length(line) + 1); exit }' "$journal"
}

# Makes a resource what it is declared to be: how its service takes it, and the step. The body is on standard input.
make() {
  local spec="$1" step="$2" declared request late=false before began
  declared="$(cat)"
  look "$spec"
  if [[ -n "$live" ]] && kept_deleted; then
    request="$(ask revival "$spec")"
    [[ -n "$request" ]] || die "$(called "$spec"): it is deleted, and its name is still taken"
    send "$request"
    accepted "$request"
    finish_operation "$spec"
    settle "$spec"
  fi
  before="$(printf '%s' "$live" | jq -r '.name // empty')"
  began="$(noted "$step")"
  if [[ -z "$live" ]]; then
    request="$(ask creation "$spec" "$declared")"
    [[ -n "$request" ]] || die "$(called "$spec"): it is not there, and no request makes it"
    if [[ "$(printf '%s' "$spec" | jq -r '.once // false')" == true && -z "$began" ]]; then
      finish "$step.began nothing"
    fi
    send "$request"
    # A request whose answer was lost has made it.
    [[ "$status" == 409 ]] || accepted "$request"
    if [[ "$status" == 2?? ]]; then
      late=true
      finish_operation "$spec"
    fi
  fi
  settle "$spec"
  change "$spec" "$step" "$declared" "$late" "$before" "$began"
}

# Sends what differs.
change() {
  local spec="$1" step="$2" declared="$3" late="$4" before="$5" began="$6" requests request refused
  requests="$(ask changes "$spec" "$declared" "$live" "$late")"
  while IFS= read -r request; do
    [[ -n "$request" ]] || continue
    refused="$(printf '%s' "$request" | jq -r '.refused // empty')"
    [[ -z "$refused" ]] || die "$(called "$spec"): $refused is not as declared, and no request changes it"
    if [[ "$(printf '%s' "$request" | jq -r .once)" == true ]]; then
      if [[ -n "$began" && "$began" != "$before" ]]; then
        continue
      fi
      [[ -n "$began" ]] || finish "$step.began $before"
    fi
    send "$request"
    accepted "$request"
    finish_operation "$spec"
    settle "$spec"
  done < <(printf '%s\n' "$requests")
}

# Adds a member to a policy, or takes one from it (`add`, `remove`): how the policy is read and written, and the member on
# standard input. A policy that someone else wrote in between is read again.
member() {
  local spec="$1" add=true element request
  local -i tries=0
  element="$(cat)"
  if [[ "$2" == remove ]]; then
    add=false
  fi
  while true; do
    look "$spec"
    if [[ -z "$live" ]]; then
      [[ "$add" == false ]] || die "$(called "$spec"): what the policy belongs to is not there"
      return 0
    fi
    request="$(ask policy "$spec" "$live" "$element" "$add")"
    [[ -n "$request" ]] || return 0
    send "$request"
    case "$status" in
      2??) return 0 ;;
      409 | 412) ;;
      # An account is not known everywhere as soon as it is made.
      400) [[ "$answer" == *"does not exist"* ]] || accepted "$request" ;;
      *) accepted "$request" ;;
    esac
    tries+=1
    ((tries < 30)) || accepted "$request"
    sleep "$PAUSE"
  done
}

# Deletes a resource, if it is there.
unmake() {
  local spec="$1" request
  local -i waited=0
  look "$spec"
  if [[ -z "$live" ]] || kept_deleted; then
    return 0
  fi
  request="$(ask deletion "$spec" "$live")"
  send "$request"
  [[ "$status" == 404 ]] || accepted "$request"
  finish_operation "$spec"
  while true; do
    look "$spec"
    if [[ -z "$live" ]] || kept_deleted; then
      return 0
    fi
    ((waited < LIMIT)) || die "$(called "$spec"): still there after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
  done
}
