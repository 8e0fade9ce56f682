//! The defects of the hand-written deployment: each row of the table is true of what the stacks deliver and emit, rows that are not true are
//! noticed, and the page of the book says what the table does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use xat_infra::delivery;
use xat_infra::emit::steps;
use xat_infra::emit::terraform::{self, Options, Syntax};
use xat_infra::live::Estate;
use xat_infra::plan;
use xat_infra::state::State;
use xat_stacks::STACKS;
use xat_tests::defects::{COUNT, Row, TABLE, World, absent, page, problems, rows};

use crate::diagnostics;
use crate::provocations::built;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What every stack delivers, and what is emitted of it beside.
fn world() -> World {
    let mut stacks = BTreeMap::new();
    for entry in STACKS {
        let graph = built((entry.build)());
        let mut files = BTreeMap::new();
        match delivery::emit(&graph) {
            Ok(delivered) => files.extend(delivered.into_iter().map(|file| (file.name, file.text))),
            Err(problems) => panic!("{}: {problems:#?}", entry.name),
        }
        let options = Options { syntax: Syntax::Json, ..Options::default() };
        let module = terraform::emit(&graph, &options).unwrap_or_else(|p| panic!("{p:#?}"));
        files.insert("terraform".to_owned(), module[0].text.clone());
        let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &plan::Options::default());
        let plan = plan.unwrap_or_else(|problems| panic!("{problems:#?}"));
        let steps = steps::emit(&graph, &plan, &steps::Options::default());
        let steps = steps.unwrap_or_else(|problems| panic!("{problems:#?}"));
        let script = steps.into_iter().find(|file| file.name == "apply.sh").expect("a script");
        files.insert("steps".to_owned(), script.text);
        stacks.insert(entry.name.to_owned(), files);
    }
    World { root: root(), codes: diagnostics::provoked(), stacks }
}

#[test]
fn none_of_the_defects_is_in_what_is_written() {
    let world = world();
    let rows = rows(TABLE).expect("a table");
    assert_eq!(rows.len(), COUNT);
    let found = problems(&rows, &world);
    assert!(found.is_empty(), "{}", found.join("\n"));

    // What is wrong with a row is told, whatever it is.
    for (what, kind, pointers, told) in PLANTED {
        let mut planted = rows.clone();
        planted[0] = Row { kind, pointers: pointers.split(" && ").collect(), ..rows[0].clone() };
        let found = problems(&planted, &world);
        assert!(
            found.len() == 1 && found[0].starts_with("D001: ") && found[0].contains(told),
            "{what}: {found:?}"
        );
    }
    let without: Vec<Row<'_>> = rows.iter().filter(|row| row.id != "D050").cloned().collect();
    let twice: Vec<Row<'_>> = rows.iter().chain(&rows[..1]).cloned().collect();
    for (what, planted) in [("a missing row", without), ("a row that is there twice", twice)] {
        assert_eq!(problems(&planted, &world).len(), 1, "{what}");
    }
}

/// Rows that are not true, each with a word of what must be said of it.
const PLANTED: &[(&str, &str, &str, &str)] = &[
    ("a kind that is none", "luck", "has:*:Dockerfile:USER", "nothing shows"),
    ("a type without a program", "type", "has:*:Dockerfile:USER", "nothing shows"),
    ("a rule without a code", "rule", "has:*:Dockerfile:USER", "nothing shows"),
    ("a file without a file", "file", "code:delivery-limit", "nothing shows"),
    ("a pointer that is none", "file", "has:*:Dockerfile:USER && nowhere", "no pointer"),
    ("a kind of pointer that is none", "file", "has:*:Dockerfile:USER && see:x", "no such kind"),
    ("a program that is not there", "type", "ui:nothing_such", "no such program"),
    ("a program without its message", "type", "ui:pass/own_type", "no such program"),
    ("a code that is none", "rule", "code:delivery-nothing", "no test provokes"),
    ("a code that nothing provokes", "rule", "code:emit-folder", "no test provokes"),
    ("a file of the source that is none", "type", "doc:xat-infra/src/none.rs:x", "none.rs"),
    (
        "an example that compiles",
        "type",
        "doc:xat-infra/src/delivery/version.rs:use std::borrow::Cow",
        "no example",
    ),
    ("a check that is none", "file", "test:.ci/none:judge", ".ci/none"),
    ("a check that does not say it", "file", "test:.ci/delivery:judge nothing", "does not say it"),
    ("a check without a word", "file", "test:.ci/delivery:", "does not say it"),
    ("a text that is not there", "file", "has:*:Dockerfile:USER root", "not so in `Dockerfile`"),
    ("a text that is there", "file", "not:*:Dockerfile:USER 10001", "not so in `Dockerfile`"),
    (
        "a text that one of several lacks",
        "file",
        "has:*:terraform:xattfstatestg",
        "not so in `terraform`",
    ),
    ("a text that any file has", "file", "not:*:*:10001:10001", "not so in"),
    ("a stack that is none", "file", "not:xat-nothing:Dockerfile:x", "no stack has such a file"),
    ("a file that is none", "file", "not:*:Dockerfile.old:x", "no stack has such a file"),
    ("no text at all", "file", "not:*:Dockerfile: ", "everywhere"),
    ("half a pointer", "file", "has:*:Dockerfile", "are wanted"),
];

/// The table is about the defects that were found, in words of its own, and what it says is absent was there.
#[test]
fn the_table_is_about_the_hand_written_files() {
    let Some(folder) = std::env::var_os("XAT_LEGACY").map(PathBuf::from) else {
        eprintln!("skipped: XAT_LEGACY does not name the folder of the hand-written files");
        return;
    };
    let found = std::fs::read_to_string(folder.join("defects.tsv")).expect("the list of defects");
    let found: Vec<Vec<&str>> =
        found.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let rows = rows(TABLE).expect("a table");
    let ids: BTreeSet<&str> = found.iter().map(|cells| cells[0]).collect();
    assert_eq!(ids, rows.iter().map(|row| row.id).collect(), "one row for each");
    for (row, cells) in rows.iter().zip(&found) {
        assert!(!cells.contains(&row.was) && !cells.contains(&row.now), "{}: copied", row.id);
    }
    let mut texts = String::new();
    let mut folders = vec![folder];
    while let Some(at) = folders.pop() {
        for path in std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            let own = path.file_name().is_some_and(|name| name == "defects.tsv");
            if path.is_dir() {
                folders.push(path);
            } else if !own {
                texts.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    // The workflows are not among the files that were kept.
    let kept = absent(&rows).filter(|(_, file, _)| *file != "GitHub workflows");
    let never: Vec<_> = kept.filter(|(_, _, text)| !texts.contains(text.as_str())).collect();
    assert!(never.is_empty(), "never there, so that its absence says nothing: {never:?}");
}

#[test]
fn the_page_of_mistakes_is_the_table() {
    let path = root().join("book/src/mistakes.md");
    let wanted = page(&rows(TABLE).expect("a table"));
    let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if there != wanted && std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    assert_eq!(there, wanted, "run `UPDATE_BOOK=1 cargo test defects` and read the difference");
}
