//! Rules over the source itself: layers, sizes, openings. Each is shown to reject something planted.

use std::path::{Path, PathBuf};

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["xat-infra", "xat-infra-macros", "stacks", "tests"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let name = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        // UI tests are programs that must not compile; rules for readers do not fit them.
        if path.is_dir() && !["target", "ui"].iter().any(|skip| path.ends_with(skip)) {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Code without comments, doc examples and unit tests: those may name anything.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What a layer may not know: the folder, and words that must not stand in its code.
const LAYERS: &[(&str, &[&str])] = &[
    (
        "xat-infra/src/value/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::graph",
            "crate::plan",
            "crate::live",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/schema/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::graph",
            "crate::plan",
            "crate::live",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/dsl/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::graph",
            "crate::plan",
            "crate::live",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/catalog/",
        &["crate::graph", "crate::plan", "crate::live", "crate::state", "std::fs", "std::env"],
    ),
    (
        "xat-infra/src/graph/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::live",
            "crate::state",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/lint/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::live",
            "crate::state",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/wire/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::live",
            "crate::state",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/live/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::state",
            "std::env",
            "fs::write",
            "File::create",
        ],
    ),
    (
        "xat-infra/src/state/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::live",
            "crate::graph",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/plan/",
        &[
            "crate::catalog",
            "crate::azure",
            "std::fs",
            "std::env",
            "std::time",
            "std::net",
            "SystemTime",
            "Instant",
            ".save(",
        ],
    ),
    (
        "xat-infra/src/import/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::state::file",
            "std::fs",
            "std::env",
            "std::net",
        ],
    ),
    (
        "xat-infra/src/emit/",
        &["crate::catalog", "crate::azure", "crate::live", "crate::state", "std::fs", "std::env"],
    ),
    (
        "xat-infra/src/delivery/",
        &[
            "crate::catalog",
            "crate::azure",
            "crate::plan",
            "crate::live",
            "crate::state",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "xat-infra/src/report/",
        &["crate::catalog", "crate::azure", "crate::live", "crate::state", "std::fs", "std::env"],
    ),
];

fn layer_problems(files: &[(String, String)]) -> Vec<String> {
    let mut out = Vec::new();
    for (name, text) in files {
        for (_, words) in LAYERS.iter().filter(|(folder, _)| name.starts_with(folder)) {
            let code = code(text);
            out.extend(
                words
                    .iter()
                    .filter(|word| code.contains(**word))
                    .map(|word| format!("{name} knows {word}")),
            );
        }
    }
    out
}

fn shape_problems(files: &[(String, String)]) -> Vec<String> {
    let mut out = Vec::new();
    for (name, text) in files {
        if !text.starts_with("//!") {
            out.push(format!("{name} does not open with what lives there"));
        }
        if text.lines().count() > 400 {
            out.push(format!("{name} has more than 400 lines"));
        }
    }
    out
}

#[test]
fn layers_know_only_what_they_may() {
    let problems = layer_problems(&sources());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let planted =
        ("xat-infra/src/plan/mod.rs".to_owned(), "//! x\nuse crate::catalog::azure;\n".to_owned());
    assert_eq!(layer_problems(&[planted]).len(), 1);
    let harmless = (
        "xat-infra/src/plan/mod.rs".to_owned(),
        "//! use crate::catalog;\n/// std::fs\n".to_owned(),
    );
    assert!(layer_problems(&[harmless]).is_empty());
}

/// What reaches a network, and the places that may.
const NETWORK: &[&str] = &[
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "reqwest",
    "tokio",
    "azure_core",
    "azure_identity",
    "azure_mgmt",
    // With what follows: Terraform's resources are called so too.
    "google_cloud_auth",
    "google_cloud_gax",
    "google_cloud_googleapis",
    "google_cloud_storage",
];
const READERS: &[&str] =
    &["xat-infra/src/live/azure/", "xat-infra/src/live/gcp/", "xat-infra/src/live/http.rs"];

fn network_problems(files: &[(String, String)]) -> Vec<String> {
    let library = |name: &str| {
        name.starts_with("xat-infra/src/") && !READERS.iter().any(|reader| name.starts_with(reader))
    };
    let mut out = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| library(name)) {
        let code = code(text);
        let known = NETWORK.iter().filter(|word| code.contains(**word));
        out.extend(known.map(|word| format!("{name} knows {word}")));
    }
    out
}

#[test]
fn only_the_reader_of_a_cloud_touches_the_network() {
    let problems = network_problems(&sources());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let planted = |name: &str| (name.to_owned(), "//! x\nuse reqwest::Client;\n".to_owned());
    assert_eq!(network_problems(&[planted("xat-infra/src/plan/mod.rs")]).len(), 1);
    assert_eq!(network_problems(&[planted("xat-infra/src/live/read.rs")]).len(), 1);
    for reader in ["xat-infra/src/live/azure/mod.rs", "xat-infra/src/live/gcp/mod.rs"] {
        assert!(network_problems(&[planted(reader)]).is_empty());
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let problems = shape_problems(&sources());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let planted = ("x.rs".to_owned(), "fn main() {}\n".repeat(401));
    assert_eq!(shape_problems(&[planted]).len(), 2);
}

/// Integration tests live in one binary; a file that its `main.rs` does not name would never run.
#[test]
fn no_test_file_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            name == "main" || main.contains(&format!("mod {name};")),
            "main.rs does not name {name}"
        );
    }
}
