//! The scripts: a prelude that all share, one function a step, and a `main` that runs them in order.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::calls::{Call, Request};
use super::jq::Program;
use super::{Removed, Work};
use crate::plan::{Action, Plan};

const PRELUDE: &str = include_str!("prelude.sh");
const AZURE: &str = include_str!("azure.sh");
const GOOGLE: &str = include_str!("google.sh");
const GOOGLE_JQ: &str = include_str!("google.jq");

/// The clouds that a script speaks to.
#[derive(Clone, Copy, Default)]
struct Clouds {
    azure: bool,
    google: bool,
}

impl Clouds {
    fn of<'r>(requests: impl Iterator<Item = &'r Request>) -> Self {
        let mut out = Self::default();
        for request in requests {
            let read = |command: &str| {
                let outputs = request.body.iter().flat_map(|body| body.outputs.values());
                outputs.into_iter().any(|output| output.starts_with(command))
            };
            let google = request.call.requests().is_some();
            out.google |= google || read("fact ");
            out.azure |= !google || read("az_value ");
        }
        out
    }

    /// The programs that the script needs beside bash.
    fn tools(self) -> Vec<&'static str> {
        let mut out = vec!["jq"];
        out.extend(self.azure.then_some("az"));
        out.extend(self.google.then_some(["curl", "gcloud"]).into_iter().flatten());
        out.sort_unstable();
        out
    }
}

/// `apply.sh`.
pub(super) fn apply(
    plan: &Plan,
    work: &[Work<'_>],
    secrets: &BTreeSet<String>,
    mark: &str,
) -> String {
    let clouds = Clouds::of(work.iter().flat_map(|work| &work.requests));
    let mut out = header(plan, clouds, "Applies the plan of the stack", mark, "apply.journal");
    for work in work {
        function(work, &mut out);
    }
    let steps: Vec<(String, String)> = work
        .iter()
        .map(|work| (name(work), format!("{} {}", work.step.action.word(), work.step.address)))
        .collect();
    list(&steps, &mut out);
    needs(clouds, &mut out);
    for secret in secrets {
        let _ = writeln!(out, "  secret {secret}");
    }
    out.push_str("  complete\n}\n\n");
    let about = format!("Applies the plan of the stack {}.", plan.stack);
    out.push_str(&main(&about, "", "", ""));
    out.push_str("\nmain \"$@\"\n");
    out
}

/// `destroy.sh`.
pub(super) fn destroy(plan: &Plan, removal: &[Removed<'_>], mark: &str) -> String {
    let clouds = Clouds::of(removal.iter().map(|removed| &removed.request));
    let what = "Deletes everything that is declared by the stack";
    let mut out = header(plan, clouds, what, mark, "destroy.journal");
    out.push_str(KEEPING);
    let mut steps = Vec::new();
    for (at, removed) in removal.iter().enumerate() {
        let node = removed.node;
        let name = format!("step_{:03}", at + 1);
        let _ = writeln!(out, "# {}", node.address);
        let _ = writeln!(out, "{name}() {{");
        if !removed.keeps.is_empty() {
            let keeps: String =
                removed.keeps.iter().map(|kept| format!(" {}", word(kept))).collect();
            let _ = writeln!(out, "  allowed {}{keeps} || return 0", word(&node.address));
        }
        call(&removed.request, &name, true, &mut out);
        out.push_str("}\n\n");
        steps.push((name, format!("delete {}", node.address)));
    }
    list(&steps, &mut out);
    needs(clouds, &mut out);
    out.push_str("  complete\n}\n\n");
    let about = format!("Deletes everything that is declared by the stack {}.", plan.stack);
    out.push_str(&main(&about, DATA_HELP, DATA_OPTION, DATA_CHECK));
    out.push_str("\nmain \"$@\"\n");
    out
}

/// Opens the function that looks for what the script needs.
fn needs(clouds: Clouds, out: &mut String) {
    out.push_str("check() {\n");
    for tool in clouds.tools() {
        let _ = writeln!(out, "  need {tool}");
    }
}

fn header(plan: &Plan, clouds: Clouds, what: &str, mark: &str, journal: &str) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    let _ = writeln!(
        out,
        "# {what} {}. Written by xat-infra; change the stack, not this file.",
        plan.stack
    );
    let _ = writeln!(
        out,
        "# --help says how it is used. It needs bash, and: {}.",
        clouds.tools().join(", ")
    );
    out.push_str(PRELUDE);
    if clouds.azure {
        out.push_str(AZURE);
    }
    if clouds.google {
        out.push_str(GOOGLE);
        let _ =
            writeln!(out, "\nGOOGLE_JQ=\"$(\n  cat <<'JQ'\n{GOOGLE_JQ}JQ\n)\"\nreadonly GOOGLE_JQ");
    }
    let _ = writeln!(
        out,
        "\nreadonly MARK={}\njournal=\"${{XAT_JOURNAL:-$here/{journal}}}\"\n",
        word(mark)
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

const DATA_HELP: &str = r"
  --data ADDRESS  deletes this too, which holds data or is protected; can be given several times";

const DATA_OPTION: &str = r#"
      --data)
        [[ $# -gt 1 ]] || die "--data wants an address"
        data+=("$2")
        shift 2
        ;;"#;

const DATA_CHECK: &str = r#"
  for at in ${data[@]+"${data[@]}"}; do
    known "delete $at" ${titles[@]+"${titles[@]}"} || die "nothing here deletes $at; --list names what is deleted"
  done"#;

/// The function that reads the arguments and runs the steps. Nothing is done before all that was asked for is understood.
fn main(about: &str, help: &str, option: &str, check: &str) -> String {
    let main = MAIN.replace("{about}", about).replace("{help}", help);
    main.replace("{option}", option).replace("{check}", check)
}

const MAIN: &str = r#"usage() {
  cat <<'USAGE'
{about}

  --list          names the steps in their order
  --from STEP     begins at a step, whatever was done before
  --help          says this{help}

Secrets come from the environment (XAT_SECRET_..). XAT_JOURNAL names the file of what is done; without it, it stands beside this
script. XAT_WAIT_SECONDS is how long a service may take for one step, and XAT_PAUSE_SECONDS how long is between two looks.
USAGE
}

main() {
  local from="" at name started=1
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --from)
        [[ $# -gt 1 ]] || die "--from wants the name of a step"
        from="$2"
        shift 2
        ;;{option}
      --list)
        for at in "${!steps[@]}"; do
          printf '%s\t%s\n' "${steps[at]}" "${titles[at]}"
        done
        return 0
        ;;
      --help | -h)
        usage
        return 0
        ;;
      *) die "unknown argument $1; --help says what there is" ;;
    esac
  done
  if [[ -n "$from" ]]; then
    started=0
    known "$from" ${steps[@]+"${steps[@]}"} || die "no step is called $from; --list names them"
  fi{check}
  check
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
}
"#;

fn list(steps: &[(String, String)], out: &mut String) {
    out.push_str("steps=(\n");
    for (name, _) in steps {
        let _ = writeln!(out, "  {name}");
    }
    out.push_str(")\ntitles=(\n");
    for (_, title) in steps {
        let _ = writeln!(out, "  {}", word(title));
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
    for request in &work.requests {
        match (work.step.action, request.call.deletes()) {
            // A second run would delete what the first one made.
            (Action::Replace, true) => {
                let done = format!("{name}.delete");
                let _ = writeln!(out, "  once {} {name}_delete", word(&done));
            }
            _ => call(request, &name, false, out),
        }
    }
    out.push_str("}\n\n");
    let deleted = work.requests.iter().filter(|request| request.call.deletes());
    for request in deleted.filter(|_| work.step.action == Action::Replace) {
        let _ = writeln!(out, "{name}_delete() {{");
        call(request, &name, false, out);
        out.push_str("}\n\n");
    }
}

/// The lines of one call.
fn call(request: &Request, step: &str, removing: bool, out: &mut String) {
    if let Some(project) = &request.number {
        let _ = writeln!(
            out,
            "  project_number=\"$(fact {} .projectNumber)\"\n  export project_number",
            word(project)
        );
    }
    let (id, api) = (word(&request.id), word(&request.api));
    match &request.call {
        Call::Delete => line(out, &format!("az_remove {id} {api}")),
        Call::Act(action) => line(out, &format!("az_act {} {id} {api}", word(action))),
        Call::Unmake(spec) => line(out, &format!("unmake {}", word(spec))),
        Call::Write => {
            let laid = request
                .laid
                .as_ref()
                .map_or(String::new(), |laid| format!(" {}", word(&laid.to_string())));
            piped(request, &format!("az_write {id} {api}{laid}"), removing, out);
        }
        Call::Make(spec) => piped(request, &format!("make {} {step}", word(spec)), removing, out),
        Call::Join(spec) => piped(request, &format!("member {} add", word(spec)), removing, out),
        Call::Leave(spec) => {
            piped(request, &format!("member {} remove", word(spec)), removing, out);
        }
    }
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "  {text}");
}

/// A body, and what takes it.
fn piped(request: &Request, command: &str, removing: bool, out: &mut String) {
    let Some(body) = &request.body else { return };
    // A failing substitution in `local` or `export` would pass unseen: values are taken first.
    for (variable, read) in &body.outputs {
        let gone = if removing { " || gone $? || return 0" } else { "" };
        let _ = writeln!(out, "  {variable}=\"$({read})\"{gone}\n  export {variable}");
    }
    let Program { text, .. } = body;
    let _ = writeln!(out, "  jq -n -f /dev/stdin <<'BODY' | {command}\n{text}\nBODY");
}

/// A word for the shell: in single quotes, which nothing inside can end.
pub(super) fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
