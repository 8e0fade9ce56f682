
# Google Cloud: each service has requests of its own, which a step says as JSON.

token=""
token_until=0
status=""
answer=""
live=""
live_name=""
live_is=""
looked=""
reading=""

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

# A request as jq wrote it: method and URL, a tab, and the body. What was not taken is sent again; whether a write was taken
# whose answer is lost, nobody knows, and the next run finds out.
send() {
  local head="${1%%$'\t'*}" body="${1#*$'\t'}" again
  local method="${head%% *}" url="${head#* }"
  local -i waited=0 renewed=0
  while true; do
    again=""
    if ! send_once "$method" "$url" "$body"; then
      [[ "$method" == GET ]] || die "$head: no answer; run this again"
      again="no answer"
    else
      case "$status" in
        401)
          ((renewed == 0)) || die "$head: 401 $(why)"
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
    ((waited < LIMIT)) || die "$head: $again after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
  done
}

# Why a request was refused.
why() {
  printf '%s' "$answer" | jq -r '.error.message // "no reason"' 2>/dev/null || printf 'no reason'
}

accepted() {
  [[ "$status" == 2?? ]] || die "${1%%$'\t'*}: $status $(why)"
}

# What jq makes of JSON values, a line each.
ask() {
  local what="$1"
  shift
  printf '%s\n' "$@" | jq -rn "$GOOGLE_JQ ask_$what"
}

# How a resource is called where something is said of it.
called() {
  printf '%s' "$1" | jq -r '.read | sub("^[A-Z]+ "; "")'
}

# Reads a resource: `live` is its body, `live_name` the name in it, `live_is` whether the service is at work on it (`busy`),
# keeps it deleted (`deleted`), or neither (`ready`). All are empty where it is not there.
look() {
  local page next found
  if [[ "$1" != "$looked" ]]; then
    reading="$(ask read "$1")"
    looked="$1"
  fi
  page="$reading"
  while true; do
    live="" live_name="" live_is=""
    send "$page"
    if [[ "$status" == 404 ]]; then
      return 0
    fi
    accepted "$page"
    found="$(ask found "$1" "$answer")" || die "$(called "$1"): the answer cannot be read"
    if [[ -n "$found" ]]; then
      live="${found%%$'\n'*}"
      live_is="${found##*$'\n'}"
      found="${found#*$'\n'}"
      live_name="${found%$'\n'*}"
    fi
    if [[ -n "$live" || "$answer" != *nextPageToken* ]]; then
      return 0
    fi
    next="$(ask next "$answer")"
    [[ -n "$next" ]] || return 0
    case "$reading" in
      *\?*) page="${reading%%$'\t'*}&pageToken=$next"$'\t' ;;
      *) page="${reading%%$'\t'*}?pageToken=$next"$'\t' ;;
    esac
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

# Waits for the long operation that the last answer tells of, if it tells of one.
finish_operation() {
  local state page
  local -i waited=0
  while [[ "$answer" == *peration* ]]; do
    state="$(ask operation "$1" "$answer")"
    case "$state" in
      done) return 0 ;;
      failed*) die "$(called "$1"): ${state#failed }" ;;
      *) ;;
    esac
    page="GET ${state#ask }"$'\t'
    ((waited < LIMIT)) || die "$page: not done after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
    send "$page"
    accepted "$page"
  done
}

# Waits until a resource is there, and its service no longer at work on it.
settle() {
  local -i waited=0
  while [[ "$live_is" != ready ]]; do
    ((waited < LIMIT)) || die "$(called "$1"): not ready after $waited seconds"
    if ((waited > 0)); then
      sleep "$PAUSE"
    fi
    waited+=$((PAUSE > 0 ? PAUSE : 1))
    look "$1"
  done
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
  began="$(noted "$step")"
  look "$spec"
  before="${live_name:-nothing}"
  if [[ "$live_is" == deleted ]]; then
    request="$(ask revival "$spec")"
    [[ -n "$request" ]] || die "$(called "$spec"): it is deleted, and its name is still taken"
    send "$request"
    accepted "$request"
    finish_operation "$spec"
    look "$spec"
  elif [[ -z "$live" ]]; then
    request="$(ask creation "$spec" "$declared")"
    [[ -n "$request" ]] || die "$(called "$spec"): it is not there, and no request makes it"
    if [[ "$request" == once* && -z "$began" ]]; then
      finish "$step.began nothing"
    fi
    request="${request#*$'\t'}"
    send "$request"
    # A request whose answer was lost has made it.
    [[ "$status" == 409 ]] || accepted "$request"
    if [[ "$status" == 2?? ]]; then
      late=true
      finish_operation "$spec"
    fi
    look "$spec"
    if [[ "$status" == 2?? && -n "$live" ]]; then
      :
    elif [[ "$late" == false ]]; then
      # Said to be there, and not to be found: the name is someone else's, or kept from before.
      sleep "$PAUSE"
      look "$spec"
      [[ -n "$live" ]] || die "${request%%$'\t'*}: its name is taken, and it is not there"
    fi
  fi
  settle "$spec"
  change "$spec" "$step" "$declared" "$late" "$before" "$began"
}

# Sends what differs.
change() {
  local spec="$1" step="$2" declared="$3" late="$4" before="$5" began="$6" requests request
  requests="$(ask changes "$spec" "$declared" "$live" "$late")"
  [[ -n "$requests" ]] || return 0
  while IFS= read -r request; do
    case "$request" in
      refuse*) die "$(called "$spec"): ${request#*$'\t'} is not as declared, and no request changes it" ;;
      once*)
        if [[ -n "$began" && "$began" != "$before" ]]; then
          continue
        fi
        [[ -n "$began" ]] || finish "$step.began $before"
        ;;
      *) ;;
    esac
    request="${request#*$'\t'}"
    send "$request"
    accepted "$request"
    finish_operation "$spec"
    look "$spec"
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
  if [[ -z "$live" || "$live_is" == deleted ]]; then
    return 0
  fi
  request="$(ask deletion "$spec" "$live")"
  send "$request"
  [[ "$status" == 404 ]] || accepted "$request"
  finish_operation "$spec"
  while true; do
    look "$spec"
    if [[ -z "$live" || "$live_is" == deleted ]]; then
      return 0
    fi
    ((waited < LIMIT)) || die "$(called "$spec"): still there after $waited seconds"
    sleep "$PAUSE"
    waited+=$((PAUSE > 0 ? PAUSE : 1))
  done
}
