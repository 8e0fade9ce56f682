# What is sent to a service of Google Cloud, of three values: how the service takes the resource, what is declared, what is live.
def none: . == null or . == false or . == "" or . == 0 or . == [] or . == {};

# A name without the service that may stand in front of it.
def plain:
  if type == "string" then sub("^(https:)?//[^/]+/([^/]+/)*?projects/"; "projects/") else tostring end;

# Services leave out what is off or empty, and name projects by their numbers.
def same($a; $b):
  if ($a | none) then ($b | none)
  elif ($a | type) == "object" and ($b | type) == "object" then
    all($a | keys_unsorted[]; . as $key | same($a[$key]; $b[$key]))
  elif ($a | type) == "array" and ($b | type) == "array" then
    ($a | length) == ($b | length) and all(range($a | length); . as $at | same($a[$at]; $b[$at]))
  else
    ($a | plain) == ($b | plain)
    or (($b | plain | test("^projects/[0-9]+/"))
      and ($a | plain | sub("^projects/[^/]+/"; "")) == ($b | plain | sub("^projects/[^/]+/"; "")))
  end;

def lay($old; $new):
  if ($old | type) == "object" and ($new | type) == "object" then
    reduce ($new | keys_unsorted[]) as $key ($old; .[$key] = lay($old[$key]; $new[$key]))
  else $new end;

def at($path): try getpath($path) catch null;

def filled($live; $mask; $word):
  gsub("\\{mask\\}"; $mask) | gsub("\\{word\\}"; $word) | gsub("\\{number\\}"; env.project_number // "")
  | gsub("\\{live\\.(?<path>[A-Za-z.]+)\\}"; (.path / ".") as $path | $live | getpath($path) | tostring);

def wrapped($key): if ($key // "") == "" then . else {($key): .} end;

def said($says; $live; $mask):
  reduce (($says // [])[]) as [$path, $text] (.; setpath($path; $text | filled($live; $mask; "")));

# What finds it: a request, and what is in its body.
def reads($spec): {to: ($spec.read | filled(null; ""; "")), body: (if $spec.asks then null | said($spec.asks; null; "") else null end)};

# The resource in an answer; null where it is not there, or is deleted and kept.
def found($spec; $answer):
  (if $spec.list then
    ([($answer | at([$spec.list.list]) // [])[] | select(at($spec.list.key) == $spec.list.is)][0])
  else $answer end) as $one
  | if ($one | at(["state"])) as $state | $state == "DESTROYED" or $state == "DELETE_REQUESTED" then null else $one end;

# What makes it.
def creation($spec; $declared):
  {to: ($spec.create | filled(null; ""; "")),
    body: ($declared | delpaths($spec.late // []) | wrapped($spec.within) | said($spec.says; null; ""))};

# What changes it: of all its paths, of those that the first body cannot say, or nothing.
def changes($spec; $declared; $live; $late):
  def owner($path):
    first(range($spec.updates | length) as $at
      | select(($spec.updates[$at].of // []) as $of
        | ($of | length) == 0 or any($of[]; . == $path[0:length])) | $at) // -1;
  (if $late then [($spec.late // [])[] | select(. as $path | $declared | at($path) != null)] else $spec.paths end) as $paths
  | (if $late then [] else $spec.drops // [] end) as $drops
  | [($paths[] | select(. as $path | same($declared | at($path); $live | at($path)) | not)),
      ($drops[] | select(. as $drop | same($drop.to; $live | at($drop.path)) | not) | .of),
      (if $late then empty else ($spec.always // [])[] end)]
  | unique
  | group_by(owner(.))[]
  | . as $group | owner($group[0]) as $owner
  | ($group | map(join(".")) | join(",")) as $mask
  | if $owner < 0 then {refused: $mask} else
    $spec.updates[$owner] as $update
    | ([($update.words // [])[] | select(.[0] == ($declared | at($group[0]) | tostring)) | .[1]][0] // "") as $word
    | ($update.to | filled($live; $mask; $word)) as $to
    | (($to | startswith("PATCH ")) and ($mask != "") and ([$update.to, ($update.says // [])[][1]] | any(contains("{mask}")) | not)) as $merged
    | {$to, once: ($update.once // false), body: (
        if $update.words then {} else
          (if $update.whole then lay($live; $declared) else
            reduce $group[] as $path ({}; setpath($path; ($declared | at($path)) as $new
              | if any(($spec.maps // [])[]; . == $path) then lay($live | at($path); $new) else $new end)) end)
          | reduce ($drops[] | select(. as $drop | any($group[]; . == $drop.of))) as $drop (.;
              if $drop.to != null or ($merged and ($update.whole | not)) then setpath($drop.path; $drop.to)
              else delpaths([$drop.path]) end)
          | reduce (($update.carries // [])[]) as $path (.;
              ($live | at($path)) as $leaf | if $leaf == null then . else setpath($path; $leaf) end)
          | wrapped($update.within) | said($update.says; $live; $mask)
        end)}
    end;

# Whether the service is still at work on it.
def is_busy:
  at(["reconciling"]) == true
  or ([at(["state"]), at(["status"])] | any(IN("PENDING_CREATE", "CREATING", "PROVISIONING", "UPDATING", "RECONCILING", "RESERVING", "DELETING", "PENDING_DELETE", "STOPPING")));

# What an answer says of a long operation: that it is done, where to ask again, or why it failed.
def operation($spec):
  def why: [.error | .message?, (.errors? // [])[].message?] | map(select(. != null)) | join("; ");
  if type != "object" then "done"
  elif has("operationType") or ((.kind // "") | endswith("#operation")) then
    if .status != "DONE" then "ask " + (.selfLink // "")
    elif .error then "failed " + why else "done" end
  elif (.name | type) == "string" and (.name | test("(^|/)operations/")) then
    if (.done // false) | not then "ask " + $spec.api + "/" + .name
    elif .error then "failed " + why else "done" end
  else "done" end;

def title: at(["condition", "title"]) // "";

# The member of a policy that has this name: role, member and the title of its condition.
def named($policy; $name):
  first(($policy.bindings // [])[] as $binding | ($binding.members // [])[] as $member
    | [$binding.role, $member] + [$binding | title | select(. != "")]
    | select((join("/") | ascii_downcase) == ($name | ascii_downcase))
    | {role: $binding.role, member: $member, condition: $binding.condition});

# A policy with one more member, or one less; nothing where it is so already.
def policy($policy; $said; $add):
  (if $said.name then named($policy; $said.name) else $said end) as $element
  | def about: .role == $element.role and title == ($element | title);
  def is: ascii_downcase == ($element.member | ascii_downcase);
  ($policy.bindings // []) as $bindings
  | any($bindings[] | select(about); any((.members // [])[]; is)) as $there
  | if $there == $add then empty
    else
      (if $add | not then
        $bindings | map(if about then .members |= map(select(is | not)) else . end)
      elif any($bindings[]; about) then
        ([$bindings | to_entries[] | select(.value | about) | .key][0]) as $at
        | $bindings | .[$at].members += [$element.member]
      else
        $bindings + [{role: $element.role, members: [$element.member]}
          + (if $element.condition then {condition: $element.condition} else {} end)]
      end) as $bindings
      | $policy + {bindings: [$bindings[] | select((.members // []) != [])]}
      | if any(.bindings[]; .condition) then .version = 3 else . end
    end;

# What a script asks for: values come as lines, and answers go as lines. A request is one with a tab before its body.
def line: .to + "\t" + (if .body == null then "" else .body | tojson end);
def ask_read: input as $spec | reads($spec) | line;
def ask_found:
  input as $spec | input as $answer | found($spec; $answer) | select(. != null)
  | tojson, (.name? // "" | tostring),
    (if at(["state"]) == "DELETED" then "deleted" elif is_busy then "busy" else "ready" end);
def ask_next: input.nextPageToken? // "" | @uri;
def ask_revival: input as $spec | select($spec.revive) | {to: $spec.revive, body: {}} | line;
def ask_creation:
  input as $spec | select($spec.create) | input as $declared
  | (if $spec.once then "once" else "send" end) + "\t" + (creation($spec; $declared) | line);
def ask_changes:
  input as $spec | input as $declared | input as $live | input as $late
  | changes($spec; $declared; $live; $late)
  | if .refused then "refuse\t" + .refused
    else (if .once then "once" else "send" end) + "\t" + line end;
def ask_policy:
  input as $spec | input as $live | input as $element | input as $add
  | policy($live; $element; $add) | {to: $spec.write, body: wrapped($spec.within)} | line;
def ask_deletion:
  input as $spec | input as $live
  | {to: ($spec.delete | filled($live; ""; "")),
    body: (if $spec.delete_says then null | said($spec.delete_says; $live; "") else null end)} | line;
def ask_operation: input as $spec | input | operation($spec);
