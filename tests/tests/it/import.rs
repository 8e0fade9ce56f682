//! Imports: what they write compiles, and plans to nothing but adoption.

use std::path::{Path, PathBuf};

use xat_infra::live::model;
use xat_infra::schema::Registered;
use xat_infra::{azure, gcp};
use xat_tests::imports::{self, Case};

use crate::snapshots;

/// The estates of every type's example, and each of their bodies alone.
fn examples(types: &[Registered]) -> Vec<Case> {
    let mut out = Vec::new();
    for registered in types {
        let mut stack = xat_tests::examples::stack();
        let node = (registered.example)(&mut stack);
        let graph = xat_infra::graph::build(stack).unwrap();
        let slug = (registered.ty)().slug;
        let whole = model::applied(&graph);
        out.push(Case { name: format!("example {slug}"), estate: whole.to_string() });
        let alone = model::bodies(&graph, graph.node(node).unwrap());
        let alone: serde_json::Value =
            alone.into_iter().map(xat_infra::live::Recorded::entry).collect();
        let alone = alone.to_string();
        out.push(Case { name: format!("example {slug} alone"), estate: alone });
    }
    out
}

fn shipped() -> Case {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../stacks/estates/xat-internal.live.json");
    Case { name: "xat-internal".into(), estate: std::fs::read_to_string(path).unwrap() }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Compiles where the tests themselves were compiled, so that the library is not compiled again.
fn run(name: &str, cases: Vec<(Case, String)>) -> Result<Vec<String>, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    imports::compiled_and_run(target, &folder(name), &cases)
}

#[test]
fn imports_compile_and_plan_to_adoption() {
    let mut cases = examples(azure::TYPES);
    cases.push(shipped());
    let recordings = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from);
    match &recordings {
        Some(folder) => {
            let before = cases.len();
            cases.extend(imports::recorded(&folder.join("azure")));
            assert!(cases.len() > before, "no recorded bodies in {}", folder.display());
        }
        None => println!("recorded bodies are skipped: XAT_RECORDINGS does not say where they are"),
    }
    prove("imports", cases);
}

/// The same for every type of Google Cloud, and for what was really read there.
#[test]
fn imports_of_google_compile_and_plan_to_adoption() {
    let mut cases = examples(gcp::TYPES);
    let mut both = xat_tests::examples::stack();
    for (types, slug) in [(azure::TYPES, "virtual_network"), (gcp::TYPES, "service_connection")] {
        let of_it = |registered: &&Registered| (registered.ty)().slug == slug;
        (types.iter().find(of_it).unwrap().example)(&mut both);
    }
    let both = model::applied(&xat_infra::graph::build(both).unwrap());
    cases.push(Case { name: "both clouds".into(), estate: both.to_string() });
    let recordings = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from);
    if let Some(folder) = &recordings {
        let before = cases.len();
        cases.extend(imports::recorded_google(&folder.join("gcp")));
        assert!(cases.len() > before, "no recorded bodies in {}", folder.display());
    }
    cases.push(namesakes());
    prove("imports-gcp", cases);
}

/// A policy and its channel, and others of their names: their numbers tell them apart, and nothing else.
fn namesakes() -> Case {
    let mut stack = xat_tests::examples::stack();
    let slug = |registered: &&Registered| (registered.ty)().slug == "alert_policy";
    (gcp::TYPES.iter().find(slug).unwrap().example)(&mut stack);
    let mut estate = model::applied(&xat_infra::graph::build(stack).unwrap());
    let assets = estate["resources"].as_array_mut().unwrap();
    let twins: Vec<_> = assets
        .iter()
        .filter(|asset| {
            let name = asset["name"].as_str().unwrap();
            ["/alertPolicies/", "/notificationChannels/"].iter().any(|of| name.contains(of))
        })
        .map(|asset| {
            let mut twin = asset.clone();
            for name in ["/name", "/resource/data/name"] {
                let name = twin.pointer_mut(name).unwrap();
                let (collection, _) = name.as_str().unwrap().rsplit_once('/').unwrap();
                *name = format!("{collection}/4711").into();
            }
            twin
        })
        .collect();
    assert!(twins.len() >= 2);
    assets.extend(twins);
    Case { name: "namesakes".into(), estate: estate.to_string() }
}

/// Two of one name are imported under their numbers, and said so.
#[test]
fn namesakes_are_told_apart_by_their_numbers() {
    let imported = imports::imported(&namesakes()).unwrap();
    let raw = imported.source.matches("RawGoogle::new").count();
    assert_eq!((raw, imported.raw), (imported.raw, raw));
    assert!(raw >= 4 && imported.source.contains("alertPolicies/4711"), "{}", imported.source);
    let told = imported.notes.iter().filter(|note| note.contains("under the number")).count();
    assert!(told >= 2, "{:#?}", imported.notes);
    assert!(imported.source.contains("only the number in its name tells them apart"));
}

/// Imports each case, and puts what was written to the proof.
fn prove(name: &str, cases: Vec<Case>) {
    let count = cases.len();
    let (mut typed, mut raw, mut records) = (0, 0, 0);
    let (mut written, mut wrong) = (Vec::new(), Vec::new());
    for case in cases {
        match imports::imported(&case) {
            // Bodies that record a deployment declare nothing.
            Ok(imported) if imported.typed + imported.raw == 0 => {
                match case.name.contains("deployment") {
                    true => records += 1,
                    false => wrong.push(format!("{}: nothing was declared", case.name)),
                }
            }
            Ok(imported) => {
                (typed, raw) = (typed + imported.typed, raw + imported.raw);
                written.push((case, imported.source));
            }
            Err(problem) => wrong.push(problem),
        }
    }
    match run(name, written) {
        Ok(found) => wrong.extend(found),
        Err(problem) => panic!("{problem}"),
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{count} estates: {typed} resources typed, {raw} raw, {records} records left out");
}

/// The proof notices what it should: an import that declares something else, and one that is not Rust.
#[test]
fn planted_imports_are_noticed() {
    let good = imports::imported(&shipped()).unwrap().source;
    let changed = good.replace("PlanSku::B1", "PlanSku::B2");
    assert_ne!(good, changed);
    let wrong = run("planted-import", vec![(shipped(), changed)]).unwrap();
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("sku"), "{}", wrong[0]);
    let broken = good.replace("AppServicePlan::linux(", "AppServicePlan::lunix(");
    assert_ne!(good, broken);
    let problem = run("planted-import", vec![(shipped(), broken)]).unwrap_err();
    assert!(problem.contains("lunix"), "{problem}");
}

#[test]
fn the_shipped_estate_reads_as_a_person_would_write_it() {
    let imported = imports::imported(&shipped()).unwrap();
    let notes: String = imported.notes.iter().map(|note| format!("- {note}\n")).collect();
    let text =
        format!("{}\n{} typed, {} raw\n{notes}", imported.source, imported.typed, imported.raw);
    snapshots::check("import", "xat-internal", &text);
}
