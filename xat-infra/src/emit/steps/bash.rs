//! The scripts: a prelude that all share, one function a step, and a `main` that runs them in order.

use std::fmt::Write as _;

use super::jq::Program;
use super::{Call, Removed, Request, Work, secrets};
use crate::plan::{Action, Plan};

const PRELUDE: &str = include_str!("prelude.sh");

/// `apply.sh`.
pub(super) fn apply(plan: &Plan, work: &[Work<'_>], mark: &str) -> String {
    let mut out = header(plan, "Applies the plan of the stack", mark, "apply.journal");
    for work in work {
        function(work, &mut out);
    }
    let steps: Vec<(String, String)> = work
        .iter()
        .map(|work| (name(work), format!("{} {}", work.step.action.word(), work.step.address)))
        .collect();
    list(&steps, &mut out);
    out.push_str("check() {\n  need az\n  need jq\n");
    for secret in secrets(work) {
        let _ = writeln!(
            out,
            "  [[ -n \"${{{secret}:-}}\" ]] || die \"the secret {secret} is not set in the environment\""
        );
    }
    out.push_str("}\n\n");
    out.push_str(MAIN);
    out.push_str("\nmain \"$@\"\n");
    out
}

/// `destroy.sh`.
pub(super) fn destroy(plan: &Plan, removal: &[Removed<'_>], mark: &str) -> String {
    let mut out =
        header(plan, "Deletes everything that is declared by the stack", mark, "destroy.journal");
    out.push_str(KEEPING);
    let mut steps = Vec::new();
    for (at, removed) in removal.iter().enumerate() {
        let node = removed.node;
        let name = format!("step_{:03}", at + 1);
        let _ = writeln!(out, "# {}", node.address);
        let _ = writeln!(out, "{name}() {{");
        if !removed.keeps.is_empty() {
            let keeps: String =
                removed.keeps.iter().map(|kept| format!(" {}", quoted(kept))).collect();
            let _ = writeln!(out, "  allowed {}{keeps} || return 0", quoted(&node.address));
        }
        match &node.ty.action {
            Some(action) => {
                let words = [action.unmake, &node.id, &node.api].map(quoted);
                let _ = writeln!(out, "  act {}", words.join(" "));
            }
            None => {
                let _ = writeln!(out, "  remove {} {}", quoted(&node.id), quoted(&node.api));
            }
        }
        out.push_str("}\n\n");
        steps.push((name, format!("delete {}", node.address)));
    }
    list(&steps, &mut out);
    out.push_str("check() {\n  need az\n  need jq\n}\n\n");
    out.push_str(&MAIN.replace(
        "      --list)\n",
        "      --data)\n        [[ $# -gt 1 ]] || die \"--data wants an address\"\n        data+=(\"$2\")\n        shift 2\n        ;;\n      --list)\n",
    ));
    out.push_str("\nmain \"$@\"\n");
    out
}

fn header(plan: &Plan, what: &str, mark: &str, journal: &str) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    let _ = writeln!(
        out,
        "# {what} {}. Written by xat-infra; change the stack, not this file.",
        plan.stack
    );
    out.push_str("# --list names the steps, --from STEP begins at one of them. Bash, az and jq are all that it needs.\n");
    out.push_str(PRELUDE);
    let _ = writeln!(
        out,
        "\nreadonly MARK={}\njournal=\"${{XAT_JOURNAL:-$here/{journal}}}\"\n",
        quoted(mark)
    );
    out
}

/// What holds data, and everything that it needs, goes only when it is named.
const KEEPING: &str = r#"# What holds data, or is protected, goes only when it is named with --data ADDRESS. So does what it needs: with a group
# everything in it would go.
data=()
allowed() {
  local step="$1" kept address named
  shift
  for kept in "$@"; do
    named=0
    for address in ${data[@]+"${data[@]}"}; do
      if [[ "$address" == "$kept" ]]; then
        named=1
      fi
    done
    if ((named == 0)); then
      # Not done: a later run may name it.
      skipped=1
      if [[ "$kept" == "$step" ]]; then
        log "kept: $step; --data $kept deletes it"
      else
        log "kept: $step, which $kept needs"
      fi
      return 1
    fi
  done
}

"#;

const MAIN: &str = r#"main() {
  local from="" at name started=1
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --from)
        [[ $# -gt 1 ]] || die "--from wants the name of a step"
        from="$2"
        shift 2
        ;;
      --list)
        for at in "${!steps[@]}"; do
          printf '%s\t%s\n' "${steps[at]}" "${titles[at]}"
        done
        return 0
        ;;
      *) die "unknown argument $1; there are --from STEP and --list" ;;
    esac
  done
  check
  if [[ -n "$from" ]]; then
    started=0
  fi
  for at in "${!steps[@]}"; do
    name="${steps[at]}"
    if [[ "$name" == "$from" ]]; then
      started=1
    fi
    if ((started == 0)); then
      continue
    fi
    if [[ -z "$from" ]] && done_before "$name"; then
      log "$name done before: ${titles[at]}"
      continue
    fi
    log "$name ${titles[at]}"
    skipped=0
    "$name"
    if ((skipped == 0)); then
      finish "$name"
    fi
  done
  ((started == 1)) || die "no step is called $from; --list names them"
}
"#;

fn list(steps: &[(String, String)], out: &mut String) {
    out.push_str("steps=(\n");
    for (name, _) in steps {
        let _ = writeln!(out, "  {name}");
    }
    out.push_str(")\ntitles=(\n");
    for (_, title) in steps {
        let _ = writeln!(out, "  {}", quoted(title));
    }
    out.push_str(")\n\n");
}

fn name(work: &Work<'_>) -> String {
    format!("step_{:03}", work.step.id)
}

fn function(work: &Work<'_>, out: &mut String) {
    let name = name(work);
    let _ = writeln!(out, "# {}: {}", work.step.address, work.step.action.word());
    let _ = writeln!(out, "{name}() {{");
    let replaces = matches!(work.step.action, Action::Replace);
    for request in &work.requests {
        match (request.call, &request.body) {
            (Call::Delete, _) if replaces => {
                let _ = writeln!(
                    out,
                    "  remove_once {} {} {}",
                    quoted(&format!("{name}.delete")),
                    quoted(&request.id),
                    quoted(&request.api)
                );
            }
            (Call::Delete, _) => {
                let _ = writeln!(out, "  remove {} {}", quoted(&request.id), quoted(&request.api));
            }
            (Call::Act(action), _) => {
                let words = [action, &request.id, &request.api].map(quoted);
                let _ = writeln!(out, "  act {}", words.join(" "));
            }
            (Call::Write, Some(body)) => write(request, body, out),
            (Call::Write, None) => {}
        }
    }
    out.push_str("}\n\n");
}

fn write(request: &Request, body: &Program, out: &mut String) {
    // A failing substitution in `local` or `export` would pass unseen: values are taken first.
    for (variable, (id, api, path)) in &body.outputs {
        let _ = writeln!(
            out,
            "  {variable}=\"$(value {} {} {})\"\n  export {variable}",
            quoted(id),
            quoted(api),
            quoted(path)
        );
    }
    let open: String = request.open.iter().map(|path| format!(" {}", quoted(path))).collect();
    let _ = writeln!(
        out,
        "  jq -n -f /dev/stdin <<'BODY' | write {} {}{open}\n{}\nBODY",
        quoted(&request.id),
        quoted(&request.api),
        body.text
    );
}

/// A word for the shell: in single quotes, which nothing inside can end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
