//! The command line as a person meets it: arguments in, text and exit code out.

use std::ffi::OsString;
use std::path::Path;

use super::plan::exit_code;
use super::{CHANGES, DONE, ERROR, Embedded, Io, REFUSED, StackEntry, run_with};
use crate::azure::prelude::*;
use crate::plan::Plan;
use crate::report::sample;
use crate::schema::Danger;

const GUID: &str = "00000000-0000-0000-0000-000000000001";

fn demo() -> Stack {
    let mut stack = Stack::new("demo").subscription(GUID).tenant(GUID);
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    stack.component("data", |stack| stack.add(KeyVault::new(name!("demo-kv"), group)));
    stack
}

/// The same resource twice.
fn broken() -> Stack {
    let mut stack = Stack::new("broken").subscription(GUID).tenant(GUID);
    stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    stack
}

fn stacks() -> [StackEntry; 3] {
    let entry = |name, about, build| StackEntry { name, about, build, estate: None, state: None };
    [
        entry("demo", "a group and a vault", demo),
        entry("broken", "the same group twice", broken),
        StackEntry {
            estate: Some(Embedded { name: "cut-off.json", text: "{\"resources\": [" }),
            ..entry("cut-off", "an estate that ends early", demo)
        },
    ]
}

struct Seen {
    code: u8,
    out: String,
    err: String,
}

fn run_in(cwd: &Path, terminal: bool, args: &[&str]) -> Seen {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        out_is_terminal: terminal,
        err_is_terminal: terminal,
        width: Some(90),
        no_color: false,
        cwd: cwd.to_owned(),
    };
    let args = ["xat"].iter().chain(args).map(OsString::from);
    let code = run_with(&stacks(), args, &mut io);
    Seen { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn run(args: &[&str]) -> Seen {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), false, args)
}

#[test]
fn plans() {
    let seen = run(&["plan"]);
    println!("{}{}", seen.err, seen.out);
    assert_eq!(seen.code, DONE, "{}", seen.err);
    assert!(seen.out.starts_with("demo · live: "), "{}", seen.out);
    assert!(
        seen.out.contains("2 to create, 0 to change, 0 to replace, 0 to delete"),
        "{}",
        seen.out
    );
    assert!(seen.out.contains("demo-kv"));
    assert!(!seen.out.contains('\x1b'));
    assert_eq!(run(&["plan", "demo", "--live", "empty", "--detailed-exitcode"]).code, CHANGES);
}

#[test]
fn drifts() {
    let folder = tempdir("drift");
    let run = |args: &[&str]| run_in(&folder, false, args);
    let seen = run(&["drift"]);
    assert_eq!(seen.code, DONE, "{}", seen.err);
    assert!(seen.out.contains("The state knows no resource"), "{}", seen.out);
    assert_eq!(run(&["drift", "--detailed-exitcode"]).code, CHANGES);
    let seen = run(&["drift", "demo", "--format", "json", "--out", "drift.json"]);
    assert_eq!((seen.code, seen.out.as_str()), (DONE, ""), "{}", seen.err);
    let text = std::fs::read_to_string(folder.join("drift.json")).unwrap();
    let drift: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&drift["format"], &drift["summary"]["from_declared"]),
        (&"xat-drift/1".into(), &2.into())
    );
    // What was applied and is there as declared: no drift, and exit 0 with the flag too.
    let graph = crate::graph::build(demo()).unwrap();
    let applied = crate::live::model::applied(&graph).to_string();
    let estate = crate::live::Estate::from_text("live.json", applied.clone()).unwrap();
    let state = crate::plan::record(&graph, &estate, crate::state::Salt::new("salt"), 1);
    std::fs::write(folder.join("live.json"), applied).unwrap();
    state.save(&folder.join("state.json")).unwrap();
    let before = std::fs::read(folder.join("state.json")).unwrap();
    let there =
        ["drift", "--live", "recorded:live.json", "--state", "state.json", "--detailed-exitcode"];
    let seen = run(&there);
    assert_eq!(seen.code, DONE, "{}{}", seen.out, seen.err);
    assert!(seen.out.contains("No drift"), "{}", seen.out);
    assert_eq!(std::fs::read(folder.join("state.json")).unwrap(), before, "the state was written");
    for (args, code) in [
        (&["drift", "cut-off"][..], "estate-malformed"),
        (&["drift", "broken"], "duplicate-address"),
        (&["drift", "--live", "recorded:live.json", "--state", "live.json"], "state-malformed"),
    ] {
        let seen = run(&[args, &["--out", "written"]].concat());
        assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""), "{args:?}");
        assert!(seen.err.contains(code), "{args:?}: {}", seen.err);
        assert!(!folder.join("written").exists(), "{args:?} wrote something");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn colours_only_on_a_terminal() {
    let cwd = Path::new("/");
    let toned = run_in(cwd, true, &["plan"]);
    assert!(toned.out.contains("\x1b["));
    assert_eq!(sample::without_escapes(&toned.out), run_in(cwd, false, &["plan"]).out);
}

#[test]
fn exit_codes() {
    let code = |plan: &Plan, detailed, refuse| exit_code(plan, detailed, refuse);
    assert_eq!(code(&sample::empty(), true, Some(Danger::Cosmetic)), DONE);
    assert_eq!(code(&sample::rich(), false, None), DONE);
    assert_eq!(code(&sample::rich(), true, None), REFUSED);
    assert_eq!(code(&sample::rich(), false, Some(Danger::DataLoss)), REFUSED);
    let mut mild = sample::rich();
    mild.steps.retain(|step| step.danger <= Danger::Exposure);
    assert_eq!(code(&mild, true, None), CHANGES);
    assert_eq!(code(&mild, true, Some(Danger::Downtime)), CHANGES);
    assert_eq!(code(&mild, false, Some(Danger::Exposure)), REFUSED);
}

#[test]
fn a_broken_stack_is_drawn_and_nothing_is_written() {
    let folder = tempdir("broken");
    for args in [
        &["plan", "broken"][..],
        &["graph", "broken"],
        &["lint", "broken"],
        &["plan", "broken", "--out", "plan.txt"],
    ] {
        let mut seen = run(args);
        if args.contains(&"--out") {
            seen = run_in(&folder, false, args);
        }
        assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""), "{args:?}");
        assert!(seen.err.contains("error[duplicate-address]"), "{}", seen.err);
        assert!(seen.err.ends_with("nothing was written\n"), "{}", seen.err);
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    // The source is found from the folder of the crate, though the compiler knew it from the workspace.
    let seen = run(&["plan", "broken"]);
    println!("{}", seen.err);
    assert!(
        seen.err.contains("ResourceGroup::new(name!(\"demo-rg\"), Region::WestEurope)"),
        "{}",
        seen.err
    );
    std::fs::remove_dir(&folder).unwrap();
}

#[test]
fn a_broken_estate_is_an_error() {
    let seen = run(&["plan", "cut-off"]);
    assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""));
    assert!(
        seen.err.contains("error[estate-malformed]") && seen.err.contains("cut-off.json"),
        "{}",
        seen.err
    );
    assert!(seen.err.contains("1 error; nothing was written"), "{}", seen.err);
    assert_eq!(run(&["plan", "cut-off", "--live", "empty"]).code, DONE);
    assert_eq!(run(&["plan", "--live", "recorded:no/such/file.json"]).code, ERROR);
}

#[test]
fn writes_files_whole() {
    let folder = tempdir("out");
    let seen = run_in(&folder, true, &["plan", "--format", "json", "--out", "plan.json"]);
    assert_eq!((seen.code, seen.out.as_str()), (DONE, ""), "{}", seen.err);
    let text = std::fs::read_to_string(folder.join("plan.json")).unwrap();
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&plan["format"], &plan["stack"]), (&"xat-plan/1".into(), &"demo".into()));
    assert_eq!(run_in(&folder, true, &["plan", "--out", "plan.txt"]).code, DONE);
    assert!(!std::fs::read_to_string(folder.join("plan.txt")).unwrap().contains('\x1b'));
    assert_eq!(run_in(&folder, false, &["plan", "--out", "no/such/folder/x"]).code, ERROR);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "a temporary file stayed");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn targets_by_key_or_address() {
    for target in ["data/key_vault.demo-kv", "demo-kv"] {
        let seen = run(&["plan", "--target", target]);
        assert_eq!(seen.code, DONE, "{}", seen.err);
    }
    let seen = run(&["plan", "--target", "nothing"]);
    assert_eq!(seen.code, ERROR);
    assert!(seen.err.contains("error[unknown-target]"), "{}", seen.err);
}

#[test]
fn says_what_is_not_there_yet() {
    for args in [
        &["apply", "demo", "--yes"][..],
        &["state"],
        &["plan", "--format", "html"],
        &["plan", "--role"],
        &["plan", "--state", "azblob://account/state"],
    ] {
        let seen = run(args);
        assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""), "{args:?}");
        assert!(seen.err.starts_with("not yet: "), "{args:?}: {}", seen.err);
    }
    assert_eq!(
        run(&["apply"]).err,
        "not yet: `xat apply` is not implemented; `xat plan` previews\n"
    );
}

#[cfg(not(feature = "azure"))]
#[test]
fn a_cloud_that_was_not_built_in_says_how_to_get_it() {
    for verb in ["plan", "record"] {
        let seen = run(&[verb, "demo", "--live", "azure"]);
        assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""));
        assert!(seen.err.contains("--features azure"), "{}", seen.err);
    }
}

/// What is in a cloud that is not read would look as if it were not there.
#[test]
fn a_stack_is_read_in_every_cloud_that_it_is_in() {
    let seen = run(&["plan", "demo", "--live", "gcp"]);
    assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""));
    let told = seen.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("say `--live gcp,azure`"), "{}", seen.err);
    let seen = run(&["plan", "demo", "--live", "azure,aws"]);
    assert!(seen.err.contains("expected recorded:PATH"), "{}", seen.err);
}

/// Recording what is recorded changes nothing but takes out what is secret.
#[test]
fn records_what_is_recorded() {
    const CANARY: &str = "canary-of-a-recording";
    let folder = tempdir("record");
    let body =
        format!("{{\"id\": \"/subscriptions/s/resourceGroups/g\", \"password\": \"{CANARY}\"}}");
    std::fs::write(folder.join("old.json"), &body).unwrap();
    let record = |from: &str, to: &str, more: &[&str]| {
        let live = format!("recorded:{from}");
        let args =
            [&["record", "--live", &live, "--date", "2026-01-02", "--out", to], more].concat();
        run_in(&folder, false, &args)
    };
    let seen = record("old.json", "new.json", &[]);
    assert_eq!((seen.code, seen.out.as_str()), (DONE, ""), "{}", seen.err);
    assert_eq!(seen.err, "1 body recorded; left out as secret: 1 value\n");
    let text = std::fs::read_to_string(folder.join("new.json")).unwrap();
    assert!(!text.contains(CANARY) && text.contains("\"recorded\": \"2026-01-02\""), "{text}");
    assert_eq!(record("new.json", "again.json", &[]).code, DONE);
    assert_eq!(std::fs::read_to_string(folder.join("again.json")).unwrap(), text);
    let seen = record("nowhere.json", "none.json", &[]);
    assert_eq!(seen.code, ERROR);
    let seen = record("old.json", "none.json", &["--group", "g"]);
    assert_eq!(seen.code, ERROR);
    assert!(seen.err.contains("asks a cloud"), "{}", seen.err);
    assert!(!folder.join("none.json").exists());
    assert_eq!(run(&["record", "--date", "yesterday"]).code, ERROR);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn unknown_words_get_help() {
    let seen = run(&["plan", "dmeo"]);
    assert_eq!((seen.code, seen.out.as_str()), (ERROR, ""));
    assert!(
        seen.err.contains("error[unknown-stack]") && seen.err.contains("did you mean `demo`?"),
        "{}",
        seen.err
    );
    let seen = run(&["explain", "duplicate-adress"]);
    assert_eq!(seen.code, ERROR);
    assert!(seen.err.contains("`duplicate-address`, `duplicate-identity`"), "{}", seen.err);
    // Not clap's own exit code, which would mean that there are changes.
    for args in [
        &["plan", "--no-such-flag"][..],
        &["plan", "--live", "moon"],
        &["plan", "--refuse", "boredom"],
        &[],
    ] {
        assert_eq!(run(args).code, ERROR, "{args:?}");
    }
}

#[test]
fn lists_explains_and_helps() {
    let stacks = run(&["stacks"]);
    assert_eq!(stacks.out.lines().next(), Some("demo     a group and a vault"));
    assert!(
        run(&["explain", "unknown-stack"])
            .out
            .starts_with("unknown-stack: no stack has this name\n\n")
    );
    assert!(run(&["explain"]).out.contains("estate-malformed"));
    let help = run(&["plan", "--help"]);
    assert_eq!((help.code, help.err.as_str()), (DONE, ""));
    assert!(
        help.out.starts_with("Shows what applying a stack would do, without doing it"),
        "{}",
        help.out
    );
    assert!(run(&["graph"]).out.starts_with("digraph \"demo\" {"));
    assert_eq!(run(&["plan", "--format", "dot"]).out, run(&["graph", "demo"]).out);
    let lint = run(&["lint"]);
    assert_eq!(lint.code, DONE, "{}{}", lint.out, lint.err);
}

/// An empty folder of this test's own.
fn tempdir(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("xat-cli-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
