//! The command line over the XAT stacks: bad input gives one clear diagnostic, exit 1 and nothing written; the
//! verbs and flags of the contract answer as it says.

use std::path::Path;

use xat_infra::azure::prelude::*;
use xat_infra::cli::{Io, StackEntry, run_with};
use xat_stacks::{RECORDED_ESTATE, RECORDED_STATE, STACKS};

use crate::snapshots;

/// What a run left: its exit code, and both of its texts.
pub(crate) struct Seen {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command line over some stacks, as if in this folder.
pub(crate) fn run_over(stacks: &[StackEntry], cwd: &Path, args: &[&str]) -> Seen {
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
    for later in ["apply", "state"] {
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

/// The names and texts of a folder's files.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .map(|(name, path)| (name, std::fs::read_to_string(path).unwrap()))
        .collect();
    out.sort();
    out
}

#[test]
fn files_are_emitted_into_a_folder_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run_over(STACKS, folder.path(), args);
    for (what, names) in [
        ("terraform", &[".xat-emit.json", "main.tf.json"][..]),
        ("arm", &[".xat-emit.json", "main.json", "main.production.bicepparam"]),
    ] {
        let seen = run(&["emit", what, "--out", what]);
        assert_eq!((seen.code, seen.out.as_str()), (0, ""), "{}", seen.err);
        let written = files(&folder.path().join(what));
        assert_eq!(written.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
        // The same again is the same.
        assert_eq!(run(&["emit", what, "--out", what]).code, 0);
        assert_eq!(files(&folder.path().join(what)), written);
    }
    // Another form takes the first one's place.
    assert_eq!(
        run(&["emit", "xat-internal", "terraform", "--format", "hcl", "--out", "terraform"]).code,
        0
    );
    let names: Vec<String> =
        files(&folder.path().join("terraform")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, [".xat-emit.json", "main.tf"]);
    // What Terraform itself keeps there is not in the way.
    std::fs::write(folder.path().join("terraform/terraform.tfstate"), "{}").unwrap();
    assert_eq!(run(&["emit", "terraform", "--out", "terraform"]).code, 0);

    // What is live and undeclared by any state is imported.
    let adopting =
        run(&["emit", "terraform", "--out", "adopting", "--live", "recorded:estate.json"]);
    assert_eq!(adopting.code, 1, "no such estate: {}", adopting.err);
    std::fs::write(folder.path().join("estate.json"), RECORDED_ESTATE).unwrap();
    let adopting =
        run(&["emit", "terraform", "--out", "adopting", "--live", "recorded:estate.json"]);
    assert_eq!(adopting.code, 0, "{}", adopting.err);
    assert!(files(&folder.path().join("adopting"))[1].1.contains("\"import\""));
}

#[test]
fn nothing_is_emitted_over_someones_work() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run_over(STACKS, folder.path(), args);
    let emit = &["emit", "arm", "--out", "arm"];
    assert_eq!(run(emit).code, 0);
    let path = folder.path().join("arm");
    let refused = |why: &str| {
        let before = files(&path);
        let seen = run(emit);
        assert_eq!(seen.code, 1, "{why}");
        assert!(seen.err.contains("emit-folder") && seen.err.contains(why), "{why}: {}", seen.err);
        assert_eq!(files(&path), before, "{why}");
    };
    std::fs::write(path.join("mine.txt"), "mine").unwrap();
    refused("it was not emitted");
    std::fs::remove_file(path.join("mine.txt")).unwrap();
    let own = std::fs::read_to_string(path.join("main.json")).unwrap();
    std::fs::write(path.join("main.json"), "{}").unwrap();
    refused("it was changed since it was emitted");
    std::fs::write(path.join("main.json"), own).unwrap();
    assert_eq!(run(emit).code, 0);
    let seen = run(&["emit", "terraform", "--out", "arm"]);
    assert!(seen.code == 1 && seen.err.contains("emitted for arm"), "{}", seen.err);
    std::fs::write(path.join(".xat-emit.json"), "nonsense").unwrap();
    refused("it is not a list of this program");

    for wrong in [
        &["emit", "pulumi", "--out", "new"][..],
        &["emit", "arm", "--format", "hcl", "--out", "new"],
        &["emit", "nostack", "arm", "--out", "new"],
        &["emit", "arm"],
        // The shipped plan has a refused step: no steps are written for it.
        &["emit", "steps", "--out", "new"],
    ] {
        let seen = run(wrong);
        assert!(seen.code == 1 && seen.out.is_empty(), "{wrong:?}: {}", seen.err);
        assert!(!folder.path().join("new").exists(), "{wrong:?}");
    }
}
