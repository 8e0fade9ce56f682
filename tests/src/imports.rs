//! Imports put to the proof: the Rust that they write is compiled and run, and its plan against what was imported must be
//! nothing but adoption.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use xat_infra::import::{Imported, Options, import};
use xat_infra::live::Estate;

use crate::conformance::{google, modelled};

/// Something to be imported: a name for the report, and the text of an estate.
pub struct Case {
    /// What it is.
    pub name: String,
    /// The bodies, as a recorded estate's file has them.
    pub estate: String,
}

/// Imports an estate.
pub fn imported(case: &Case) -> Result<Imported, String> {
    let estate = Estate::from_text(&case.name, case.estate.clone())
        .map_err(|problems| format!("{}: {}", case.name, problems[0]))?;
    let options = Options { name: "imported".into(), from: "a test".into() };
    import(&estate, &xat_infra::catalog::types(), &options)
        .map_err(|problem| format!("{}: {problem}", case.name))
}

/// Every body that a recorded GET returned, each different one once. An account of those that have no ID or are no object
/// is not needed: nobody could import them.
pub fn recorded(folder: &Path) -> Vec<Case> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let mut take = |body: &Json, from: &str| {
        let body = match body {
            Json::String(text) => serde_json::from_str(text).unwrap_or(Json::Null),
            other => other.clone(),
        };
        let text = body.to_string();
        if body["id"].as_str().is_some_and(|id| id.starts_with('/')) && seen.insert(text.clone()) {
            out.push(Case { name: format!("{from} #{}", seen.len()), estate: format!("[{text}]") });
        }
    };
    let mut kinds: Vec<PathBuf> = read_folder(folder);
    kinds.retain(|kind| kind.is_dir());
    for kind in kinds {
        let from = kind.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for file in read_folder(&kind) {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            if file.extension().is_some_and(|e| e == "jsonl") {
                for pair in text.lines().filter_map(|l| serde_json::from_str::<Json>(l).ok()) {
                    take(&pair["get_response_body"], &from);
                }
            } else if let Ok(json) = serde_json::from_str::<Json>(&text) {
                let none = Vec::new();
                for exchange in json["exchanges"].as_array().unwrap_or(&none) {
                    if exchange["kind"] == "get" && exchange["status"] == 200 {
                        take(&exchange["response_body"], &from);
                    }
                }
            }
        }
    }
    out
}

/// Every body of a modelled type that was read in Google's recordings, each different one once.
pub fn recorded_google(folder: &Path) -> Vec<Case> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for kind in read_folder(folder) {
        let from = kind.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(kind.join("pairs.jsonl")).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
        for written in lines.filter_map(|line| google::written(&line)?.ok()).flatten() {
            let modelled = modelled(&written.wire).is_some();
            let asset = serde_json::json!([{
                "name": written.id, "assetType": written.wire, "resource": {"data": written.live},
            }]);
            let text = asset.to_string();
            if modelled && seen.insert(text.clone()) {
                out.push(Case { name: format!("{from} #{}", seen.len()), estate: text });
            }
        }
    }
    out
}

fn read_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut out: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    out.sort();
    out
}

/// Writes a crate with a module for each import into `folder`, compiles it where `target` is and runs it, and returns what it found wrong, a line each.
///
/// # Errors
/// The crate does not compile; the text is the compiler's.
pub fn compiled_and_run(
    target: &Path,
    folder: &Path,
    cases: &[(Case, String)],
) -> Result<Vec<String>, String> {
    let source = folder.join("src");
    let io = |error: std::io::Error| error.to_string();
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(&source).map_err(io)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().map_err(io)?;
    std::fs::write(folder.join("Cargo.toml"), manifest(&root, folder)).map_err(io)?;
    std::fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(io)?;
    let mut modules = String::new();
    let mut list = String::new();
    for (n, (case, text)) in cases.iter().enumerate() {
        std::fs::write(source.join(format!("case_{n}.rs")), text).map_err(io)?;
        std::fs::write(folder.join(format!("case_{n}.json")), &case.estate).map_err(io)?;
        let _ = writeln!(modules, "mod case_{n};");
        let _ = writeln!(
            list,
            "    ({:?}, case_{n}::imported, include_str!(\"../case_{n}.json\")),",
            case.name
        );
    }
    let main = format!("{modules}{MAIN}\nconst CASES: &[Case] = &[\n{list}];\n");
    std::fs::write(source.join("main.rs"), main).map_err(io)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--offline", "--quiet"]).current_dir(folder);
    cargo.env("CARGO_TARGET_DIR", target);
    let out = cargo.output().map_err(io)?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let (wrong, right): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| *line != "right");
    if right.len() + wrong.len() < cases.len() {
        return Err(format!("{} of {} cases were run", right.len(), cases.len()));
    }
    Ok(wrong.into_iter().map(str::to_owned).collect())
}

/// Each folder is a package of its own name: programs of one name would overwrite each other.
fn manifest(root: &Path, folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().display();
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nxat-infra = {{ path = {:?} }}\n\n[workspace]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n",
        root.join("xat-infra").display().to_string()
    )
}

/// The program around the modules: a line for each case.
const MAIN: &str = r#"
use xat_infra::dsl::Stack;
use xat_infra::live::Estate;
use xat_infra::plan::{Action, Options, plan};
use xat_infra::state::State;

type Case = (&'static str, fn() -> Stack, &'static str);

fn main() {
    for (name, build, estate) in CASES {
        match check(*build, estate) {
            Ok(()) => println!("right"),
            Err(wrong) => println!("{name}: {}", wrong.replace('\n', " ")),
        }
    }
}

fn check(build: fn() -> Stack, text: &'static str) -> Result<(), String> {
    let told = |problems: Vec<xat_infra::diagnostic::Diagnostic>| problems[0].to_string();
    let stack = build();
    let declared = stack.len();
    let graph = xat_infra::graph::build(stack).map_err(told)?;
    let estate = Estate::from_text("the estate", text).map_err(told)?;
    let plan = plan(&graph, &estate, &State::empty(), &Options::default()).map_err(told)?;
    let other: Vec<String> = plan
        .steps
        .iter()
        .filter(|step| step.action != Action::Adopt || !step.changes.is_empty())
        .map(|step| {
            let changes: Vec<String> = step
                .changes
                .iter()
                .map(|change| format!("{} {:?} -> {:?}", change.path, change.before.as_ref().map(|b| &b.text), change.after.as_ref().map(|a| &a.text)))
                .collect();
            format!("{} {}: {}", step.action.word(), step.address, changes.join("; "))
        })
        .collect();
    if declared == 0 {
        return Err("nothing was declared".to_owned());
    }
    if other.is_empty() { Ok(()) } else { Err(other.join(" | ")) }
}
"#;
