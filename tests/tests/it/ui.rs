//! What must not compile, and what must: small programs under `tests/ui`, each refusal with the message that it gets.
//!
//! Messages are rustc's as much as ours, and change with it. They are compared under the version that they were
//! written with; under any other, the programs must still be refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of rustc that the `.stderr` files were written with.
const WRITTEN_WITH: &str = "1.95";

/// Says to a second run of this binary which folder of programs to refuse.
const FOLDER: &str = "XAT_UI_FOLDER";

fn ui() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

fn rustc_is(minor: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    version.starts_with(&format!("rustc {minor}."))
}

#[test]
fn refused_programs_do_not_compile_and_good_ones_run() {
    let programs = trybuild::TestCases::new();
    // With a program that runs among them, all are built: a name's rule is checked when code is made of it.
    programs.pass("tests/ui/pass/*.rs");
    if rustc_is(WRITTEN_WITH) {
        programs.compile_fail("tests/ui/*.rs");
    } else {
        eprintln!(
            "skipped: the messages were written with rustc {WRITTEN_WITH}; only the refusal is checked"
        );
        assert!(are_refused(&ui()), "a program that must not compile did");
    }
}

/// The checkers above can fail: on a program that compiles, and on another message than the one beside it.
#[test]
fn a_program_that_compiles_is_noticed() {
    let planted = || {
        let programs = trybuild::TestCases::new();
        programs.pass("tests/ui/pass/*.rs");
        programs.compile_fail("tests/ui/planted/*.rs");
    };
    let why = catch_unwind(AssertUnwindSafe(planted)).expect_err("planted mistakes are noticed");
    let why = why.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(why.starts_with("2 of 3 tests failed"), "{why}");
    assert!(!are_refused(&ui().join("planted")), "and so they are where messages are not compared");
}

/// Whether every program of a folder is refused, whatever the message: a second run of this binary over copies
/// without messages, which takes any message for a new one.
fn are_refused(folder: &Path) -> bool {
    let copies = tempfile::tempdir().expect("a folder for copies");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the programs") {
        let path = entry.expect("a program").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            std::fs::copy(&path, copies.path().join(path.file_name().expect("a name")))
                .expect("a copy");
            count += 1;
        }
    }
    assert!(count > 0, "there are no programs in {}", folder.display());
    let test = std::env::current_exe().expect("this binary");
    let output = Command::new(test)
        .args(["--exact", "ui::copies_are_refused", "--ignored"])
        .env("TRYBUILD", "overwrite")
        .env(FOLDER, copies.path())
        .output()
        .expect("a second run");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("running 1 test"), "the second run ran something else: {said}");
    output.status.success()
}

#[test]
#[ignore = "a part of the others, run by them in a process of its own"]
fn copies_are_refused() {
    let folder = std::env::var(FOLDER).expect("the folder of programs");
    let programs = trybuild::TestCases::new();
    let good = Path::new(&folder).join("good");
    std::fs::create_dir_all(&good).expect("a folder");
    std::fs::write(good.join("nothing.rs"), "fn main() {}\n").expect("a program");
    programs.pass(good.join("*.rs"));
    programs.compile_fail(format!("{folder}/*.rs"));
}
