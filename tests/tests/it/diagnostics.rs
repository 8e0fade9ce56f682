//! Every code that building, linting, reading and planning can give, provoked once, with its text as a snapshot.
//!
//! A place in a Rust file is shown as the line of source that it points at, so that a review sees whether it is the
//! right one and an edit elsewhere in the file changes nothing.

use std::collections::BTreeMap;

use xat_infra::diagnostic::{CODES, Diagnostic};

use crate::provocations::{self, Case};
use crate::snapshots;
use crate::{
    delivery_app_engine as app_engine, delivery_gke as gke, delivery_google as google,
    delivery_together as together, provocations_delivery as delivery, provocations_emit as emit,
    provocations_lint as lint, provocations_templates as templates,
};

/// Every way to a diagnostic.
fn cases() -> impl Iterator<Item = &'static Case> {
    provocations::CASES
        .iter()
        .chain(delivery::CASES)
        .chain(google::CASES)
        .chain(app_engine::CASES)
        .chain(gke::CASES)
        .chain(together::CASES)
        .chain(emit::CASES)
        .chain(lint::CASES)
        .chain(templates::CASES)
}

/// The codes that some case provokes.
pub(crate) fn provoked() -> std::collections::BTreeSet<&'static str> {
    cases().map(|case| case.code).collect()
}

/// The files with stacks that provoke diagnostics, and what is in them.
const HERE: [(&str, &str); 8] = [
    ("tests/it/delivery_app_engine.rs", app_engine::SOURCE),
    ("tests/it/delivery_gke.rs", gke::SOURCE),
    ("tests/it/delivery_google.rs", google::SOURCE),
    ("tests/it/delivery_together.rs", together::SOURCE),
    ("tests/it/provocations.rs", provocations::SOURCE),
    ("tests/it/provocations_delivery.rs", delivery::SOURCE),
    ("tests/it/provocations_emit.rs", emit::SOURCE),
    ("tests/it/provocations_lint.rs", lint::SOURCE),
];

/// What only the command line says.
const OF_THE_COMMAND_LINE: &[&str] =
    &["emit-folder", "template-unreadable", "unknown-code", "unknown-stack"];

/// What no stack can be made to say: a handle exists only once its resource is in the stack, so references go
/// backwards; and no type says an expression that is none. The library's own tests hold the messages.
const OUT_OF_REACH: &[&str] = &["delivery-template", "dependency-cycle", "import-not-rust"];

/// A diagnostic as text: files without folders, and places among the provocations as the line that they point at.
fn shown(diagnostic: &Diagnostic) -> String {
    let mut out = diagnostic.clone();
    for (spot, _) in &mut out.labels {
        let here = HERE.iter().find(|(file, _)| spot.file.ends_with(file));
        spot.file = spot.file.rsplit('/').next().unwrap_or_default().to_owned();
        if let Some((_, source)) = here {
            let line = source.lines().nth(spot.line as usize - 1).expect("a line of the file");
            spot.file = format!("{} `{}`", spot.file, line.trim());
            (spot.line, spot.column) = (0, 0);
        }
    }
    let mut text = out.to_string();
    // Help that tells where to write something names the file too.
    for (file, _) in HERE {
        while let Some(at) = text.find(file) {
            let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
            let behind = &text[at + file.len()..];
            let end =
                behind.find(|c: char| c != ':' && !c.is_ascii_digit()).unwrap_or(behind.len());
            text.replace_range(start..at + file.len() + end, "(its line)");
        }
    }
    text
}

/// The text of every case, by code.
fn pages() -> BTreeMap<&'static str, String> {
    let mut pages: BTreeMap<&str, String> = BTreeMap::new();
    for case in cases() {
        let found: Vec<Diagnostic> = (case.provoke)();
        let texts: Vec<String> = found.iter().filter(|d| d.code == case.code).map(shown).collect();
        assert!(!texts.is_empty(), "{}: {}: gave {found:#?}", case.code, case.what);
        // A case says one thing: what comes with it would hide that it no longer does.
        let others: Vec<&Diagnostic> = found.iter().filter(|d| d.code != case.code).collect();
        assert!(others.is_empty(), "{}: {}: also gave {others:#?}", case.code, case.what);
        let page = pages.entry(case.code).or_default();
        page.push_str(&format!("# {}\n\n{}\n\n", case.what, texts.join("\n\n")));
    }
    pages
}

#[test]
fn every_diagnostic_reads_as_reviewed() {
    for (code, page) in pages() {
        snapshots::check("diagnostics", code, page.trim_end());
    }
}

/// What is about the call as a whole rather than about a line.
const OF_THE_CALL: &[&str] = &[
    "delivery-none",
    "live-unauthenticated",
    "live-unreachable",
    "state-other-stack",
    "unknown-target",
];

/// Every code has a place, and something to do.
#[test]
fn every_diagnostic_helps() {
    for case in cases() {
        for diagnostic in (case.provoke)() {
            let of_the_call = OF_THE_CALL.contains(&case.code);
            let of_the_past = case.what == "a deletion" && case.code.starts_with("refused");
            assert!(
                diagnostic.spot().is_some() || of_the_call || of_the_past,
                "{}: {}: points at nothing",
                case.code,
                case.what
            );
            assert!(diagnostic.help.is_some(), "{}: {}: no help", case.code, case.what);
        }
    }
}

/// The codes that no case provokes.
fn forgotten(codes: &[&'static str], provoked: &[&'static str]) -> Vec<&'static str> {
    let excused = [OF_THE_COMMAND_LINE, OUT_OF_REACH].concat();
    codes.iter().copied().filter(|c| !provoked.contains(c) && !excused.contains(c)).collect()
}

#[test]
fn no_code_is_forgotten() {
    let codes: Vec<&str> = CODES.iter().map(|code| code.id).collect();
    let provoked: Vec<&str> = cases().map(|case| case.code).collect();
    assert_eq!(forgotten(&codes, &provoked), Vec::<&str>::new());
    assert_eq!(forgotten(&["planted"], &provoked), ["planted"], "a forgotten code is noticed");
    for excused in [OF_THE_COMMAND_LINE, OUT_OF_REACH].concat() {
        assert!(codes.contains(&excused), "`{excused}` is excused and does not exist");
        assert!(!provoked.contains(&excused), "`{excused}` is excused and provoked");
    }
    for provoked in provoked {
        assert!(codes.contains(&provoked), "`{provoked}` is not among the codes");
    }
}
