//! The command line over the XAT stacks: bad input gives one clear diagnostic, exit 1 and nothing written; the
//! verbs and flags of the contract answer as it says.

use std::path::Path;

use xat_infra::azure::prelude::*;
use xat_infra::cli::{Io, StackEntry, run_with};
use xat_stacks::{RECORDED_ESTATE, RECORDED_STATE, STACKS};

use crate::snapshots;

struct Seen {
    code: u8,
    out: String,
    err: String,
}

fn run_over(stacks: &[StackEntry], cwd: &Path, args: &[&str]) -> Seen {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        out_is_terminal: false,
        err_is_terminal: false,
        width: Some(100),
        no_color: true,
        cwd: cwd.to_owned(),
    };
    let args = std::iter::once("xat").chain(args.iter().copied()).map(Into::into);
    let code = run_with(stacks, args, &mut io);
    Seen { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

/// Runs in a folder with the files given; checks that a failure wrote nothing, and snapshots what the user sees.
fn fails(name: &str, stacks: &[StackEntry], files: &[(&str, &str)], args: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let mut args: Vec<&str> = args.to_vec();
    args.extend(["--out", "written"]);
    let seen = run_over(stacks, folder.path(), &args);
    assert_eq!(seen.code, 1, "{name}: {}", seen.err);
    assert_eq!(seen.out, "", "{name}");
    assert!(!folder.path().join("written").exists(), "{name} wrote something");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), files.len(), "{name} left something behind");
    let here = folder.path().canonicalize().unwrap_or_else(|_| folder.path().to_owned());
    let text = seen
        .err
        .replace(&*here.to_string_lossy(), "DIR")
        .replace(&*folder.path().to_string_lossy(), "DIR");
    snapshots::check("diagnostics", &format!("user.{name}"), &text);
}

#[test]
fn bad_input_is_told_once_and_nothing_is_written() {
    let truncated = &RECORDED_ESTATE[..RECORDED_ESTATE.len() / 2];
    let plan = &["plan", "--live", "recorded:estate.json"];
    fails("truncated-estate", STACKS, &[("estate.json", truncated)], plan);
    fails("malformed-estate", STACKS, &[("estate.json", "resources: []")], plan);
    fails(
        "estate-of-another-format",
        STACKS,
        &[("estate.json", r#"{"format": "xat-estate/9", "resources": []}"#)],
        plan,
    );
    fails("body-without-id", STACKS, &[("estate.json", "[{\"name\": \"x\"}]")], plan);
    let body = r#"{"id": "/subscriptions/s/resourceGroups/g"}"#;
    fails("body-twice", STACKS, &[("estate.json", &format!("[\n{body},\n{body}\n]"))], plan);
    let wrong_kind = RECORDED_ESTATE.replacen(
        "\"adminUserEnabled\": true",
        "\"adminUserEnabled\": {\"x\": 1}",
        1,
    );
    assert_ne!(wrong_kind, RECORDED_ESTATE);
    fails("body-of-another-shape", STACKS, &[("estate.json", &wrong_kind)], plan);
    let wrong_type =
        RECORDED_ESTATE.replacen("\"Microsoft.KeyVault/vaults\"", "\"Microsoft.Sql/servers\"", 1);
    assert_ne!(wrong_type, RECORDED_ESTATE);
    fails("body-of-another-type", STACKS, &[("estate.json", &wrong_type)], plan);
    fails("missing-estate", STACKS, &[], &["plan", "--live", "recorded:nowhere.json"]);
    let newer = RECORDED_STATE.replacen("xat-state/1", "xat-state/2", 1);
    fails("newer-state", STACKS, &[("state.json", &newer)], &["plan", "--state", "state.json"]);
    let half = &RECORDED_STATE[..RECORDED_STATE.len() / 2];
    fails("truncated-state", STACKS, &[("state.json", half)], &["plan", "--state", "state.json"]);
    let other = RECORDED_STATE.replacen("\"stack\": \"xat-internal\"", "\"stack\": \"other\"", 1);
    assert_ne!(other, RECORDED_STATE);
    fails(
        "state-of-another-stack",
        STACKS,
        &[("state.json", &other)],
        &["plan", "--state", "state.json"],
    );
    fails("unknown-stack", STACKS, &[], &["plan", "xat-internel"]);
    fails("unknown-target", STACKS, &[], &["plan", "--target", "data/key_vault.xat-backend-vk"]);
}

fn scope(stack: Stack) -> Stack {
    stack
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002")
}

fn duplicate() -> Stack {
    let mut stack = scope(Stack::new("duplicate"));
    let group = stack.add(ResourceGroup::new(name!("one-rg"), Region::WestEurope));
    stack.add(KeyVault::new(name!("one-kv"), group));
    stack.add(KeyVault::new(name!("one-kv"), group));
    stack
}

fn dangling() -> Stack {
    let mut other = scope(Stack::new("other"));
    let group = other.add(ResourceGroup::new(name!("other-rg"), Region::WestEurope));
    let mut stack = scope(Stack::new("dangling"));
    stack.add(KeyVault::new(name!("one-kv"), group));
    stack
}

fn many() -> Stack {
    let mut stack = scope(Stack::new("many"));
    let group = stack.add(ResourceGroup::new(Name::new("ends with a dot."), Region::WestEurope));
    stack.add(KeyVault::new(Name::new("kv"), group).soft_delete_retention(Retention::days(3)));
    let network = stack.add(VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16")));
    stack.add(Subnet::new(name!("inside"), network, cidr!("10.0.1.0/24")));
    stack
}

fn outside() -> Stack {
    let mut stack = scope(Stack::new("outside"));
    let group = stack.add(ResourceGroup::new(name!("one-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16")));
    stack.add(Subnet::new(name!("away"), network, cidr!("10.1.0.0/24")));
    stack
}

#[test]
fn mistakes_in_a_stack_point_at_its_rust() {
    fn entry(name: &'static str, build: fn() -> Stack) -> [StackEntry; 1] {
        [StackEntry { name, about: "a stack with a mistake", build, estate: None, state: None }]
    }
    fails("duplicate", &entry("duplicate", duplicate), &[], &["plan"]);
    fails("dangling", &entry("dangling", dangling), &[], &["plan"]);
    fails("many-mistakes", &entry("many", many), &[], &["plan"]);
    fails("outside-network", &entry("outside", outside), &[], &["plan"]);
}

#[test]
fn the_verbs_answer() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run_over(STACKS, folder.path(), args);
    let plan = run(&["plan"]);
    assert_eq!((plan.code, plan.err.as_str()), (0, ""));
    assert!(plan.out.contains("xat-internal, production"));
    assert!(plan.out.lines().all(|line| line.chars().count() <= 100));
    assert_eq!(run(&["plan", "--detailed-exitcode"]).code, 3, "a refused step");
    assert_eq!(
        run(&["plan", "xat-internal-staging", "--detailed-exitcode"]).code,
        2,
        "only creates"
    );
    assert_eq!(run(&["plan", "--refuse", "data-loss"]).code, 3);
    assert_eq!(run(&["plan", "xat-internal-staging", "--refuse", "data-loss"]).code, 0);
    assert!(run(&["graph"]).out.starts_with("digraph"));
    assert!(run(&["explain", "refused-data-loss"]).out.contains("DataLoss::of"));
    assert_eq!(run(&["explain", "nonsense"]).code, 1);
    assert_eq!(run(&["lint"]).code, 0);
    assert!(run(&["drift"]).out.contains("changed since the last apply"));
    assert_eq!(run(&["drift", "--detailed-exitcode"]).code, 2);
    assert!(run(&["stacks"]).out.lines().count() == STACKS.len());
    for later in ["apply", "emit", "state"] {
        let seen = run(&[later]);
        assert_eq!(seen.code, 1, "{later}");
        assert!(seen.err.contains("not yet"), "{later}: {}", seen.err);
    }
    let targeted = run(&["plan", "--target", "network/subnet.data"]);
    assert!(
        targeted.out.contains("xat-data-nsg") && !targeted.out.contains("web app"),
        "{}",
        targeted.out
    );
    let again = run(&["plan", "--format", "json", "--out", "plan.json"]);
    assert_eq!(again.code, 0);
    let json = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    assert!(json.contains("\"format\": \"xat-plan/1\""));
}

/// What the default preview does leaves the state as it was: planning has no way to write one.
#[test]
fn planning_leaves_the_state_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    std::fs::write(&path, RECORDED_STATE).unwrap();
    let seen = run_over(STACKS, folder.path(), &["plan", "--state", "state.json"]);
    assert_eq!(seen.code, 0, "{}", seen.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), RECORDED_STATE);
}
