//! Who may know whom: ARCHITECTURE.md's invariants, as far as the words in the source show them.

use std::path::Path;

/// A module, and words that its code must not hold.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("value", &["catalog", "azure::", "graph::", "plan::", "std::fs", "std::env", "std::net"]),
    ("schema", &["catalog", "azure::", "graph::", "plan::", "std::fs", "std::env", "std::net"]),
    (
        "dsl",
        &["catalog", "azure::", "graph::", "plan::", "live::", "state::", "std::fs", "std::env"],
    ),
    ("graph", &["catalog", "azure::", "plan::", "live::", "state::", "std::fs", "std::env"]),
    ("lint", &["catalog", "azure::", "plan::", "live::", "state::", "std::fs", "std::env"]),
    ("wire", &["catalog", "azure::", "plan::", "live::", "state::", "std::fs", "std::env"]),
    ("live", &["catalog", "azure::", "plan::", "state::", "std::env", "fs::write", "File::create"]),
    ("state", &["catalog", "azure::", "plan::", "live::", "std::env"]),
    ("plan", &["catalog", "azure::", "std::fs", "std::env", "std::net", "std::time", "std::io"]),
    ("report", &["catalog", "azure::", "std::fs", "std::env", "std::net", "std::time"]),
    ("reference", &["std::fs", "std::env", "std::net", "std::time", "plan::", "live::", "state::"]),
    (
        "catalog",
        &[
            "crate::graph",
            "crate::plan",
            "crate::live",
            "crate::state",
            "std::fs",
            "std::env",
            "std::net",
        ],
    ),
    ("diagnostic", &["catalog", "azure::", "graph::", "plan::", "std::fs", "std::env"]),
];

/// Every line of code of a module, with its place: no comments, and no tests of its own.
fn code(path: &Path, out: &mut Vec<(String, String)>) {
    if path.is_dir() {
        let mut entries: Vec<_> =
            std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| code(entry, out));
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().enumerate().take_while(|(_, line)| !line.contains("#[cfg(test)]"));
        for (at, line) in lines.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            out.push((format!("{}:{}", path.display(), at + 1), line.to_owned()));
        }
    }
}

#[test]
fn no_stage_knows_more_than_it_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xat-infra/src");
    let mut found = Vec::new();
    for (module, words) in FORBIDDEN {
        let mut lines = Vec::new();
        for path in [source.join(module), source.join(format!("{module}.rs"))] {
            if path.exists() {
                code(&path, &mut lines);
            }
        }
        assert!(!lines.is_empty(), "there is no module {module}");
        for (place, line) in lines {
            let word = words.iter().find(|word| line.contains(**word));
            found.extend(word.map(|word| format!("{place}: `{module}` must not know `{word}`")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Files are read by the readers of estates and states and by the command line; the environment by the latter alone.
#[test]
fn only_the_command_line_reads_the_environment_and_prints() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xat-infra/src");
    let mut lines = Vec::new();
    code(&source, &mut lines);
    let words =
        ["std::env", "env::var", "println!", "eprintln!", "std::process", "stdout()", "stderr()"];
    let found: Vec<&str> = lines
        .iter()
        .filter(|(place, line)| {
            !place.contains("/cli/") && words.iter().any(|word| line.contains(word))
        })
        .map(|(place, _)| place.as_str())
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
