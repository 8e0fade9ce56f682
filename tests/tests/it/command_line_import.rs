//! `xat import` and previews of templates, as a person meets them: what is written where, and what is refused.

use std::path::Path;

use xat_stacks::{RECORDED_ESTATE, STACKS};

use crate::command_line::{Seen, run_over};
use crate::snapshots;

const TEMPLATE: &str = include_str!("../../data/shop.template.json");

fn run(cwd: &Path, args: &[&str]) -> Seen {
    run_over(STACKS, cwd, args)
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

const DEPLOYED: &[&str] = &[
    "--subscription",
    "5a1e0000-0000-4000-8000-000000000001",
    "--group",
    "shop-rg",
    "--location",
    "westeurope",
    "--tenant",
    "5a1e0000-0000-4000-8000-000000000002",
];

#[test]
fn an_import_is_written_whole_and_overwrites_nothing_unasked() {
    let folder = folder(&[("estate.json", RECORDED_ESTATE)]);
    let import = &["import", "--live", "recorded:estate.json"];
    let printed = run(folder.path(), import);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(printed.out.contains("pub fn imported() -> Stack {"), "{}", printed.out);
    assert!(printed.err.starts_with("26 resources imported: 26 typed, 0 raw\n"), "{}", printed.err);
    let to_file = [import, &["--out", "xat_internal.rs"][..]].concat();
    let seen = run(folder.path(), &to_file);
    assert_eq!((seen.code, seen.out.as_str()), (0, ""), "{}", seen.err);
    let path = folder.path().join("xat_internal.rs");
    let written = std::fs::read_to_string(&path).unwrap();
    // The stack is called like its file.
    assert_eq!(
        written,
        printed
            .out
            .replace("fn imported", "fn xat_internal")
            .replace("\"imported\"", "\"xat_internal\"")
    );
    std::fs::write(&path, "// mine\n").unwrap();
    let refused = run(folder.path(), &to_file);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("--force"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "// mine\n");
    assert_eq!(run(folder.path(), &[&to_file[..], &["--force"]].concat()).code, 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    let missing = run(folder.path(), &[import, &["--out", "no/such/x.rs"][..]].concat());
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "something was left behind");
}

#[test]
fn an_estate_with_nothing_imports_as_a_stack_with_nothing() {
    let folder = folder(&[]);
    let seen = run(folder.path(), &["import", "--live", "empty"]);
    assert_eq!(seen.code, 0, "{}", seen.err);
    assert!(seen.out.contains("let stack = Stack::new(\"imported\");"), "{}", seen.out);
    assert!(seen.err.starts_with("0 resources imported"), "{}", seen.err);
}

#[test]
fn what_cannot_be_imported_is_told() {
    let files =
        [("t.json", TEMPLATE), ("cut.json", &TEMPLATE[..300]), ("estate.json", RECORDED_ESTATE)];
    let folder = folder(&files);
    let fails = |args: &[&str], word: &str| {
        let seen = run(folder.path(), args);
        assert_eq!((seen.code, seen.out.as_str()), (1, ""), "{args:?}: {}", seen.err);
        assert!(seen.err.contains(word), "{args:?}: {}", seen.err);
    };
    fails(&["import"], "--live");
    fails(&["import", "--live", "recorded:nothing.json"], "estate-unreadable");
    fails(
        &["import", "--live", "recorded:estate.json", "--arm-template", "t.json"],
        "do not go together",
    );
    fails(&["import", "--arm-template", "nothing.json"], "template-unreadable");
    fails(&["import", "--arm-template", "cut.json"], "template-malformed");
    fails(&["import", "--arm-template", "t.json"], "--group");
    fails(&["import", "--arm-template", "t.json", "--parameter", "x"], "NAME=VALUE");
    fails(&["import", "--live", "empty", "--group", "g"], "asks a cloud");
    fails(&["plan", "--group", "g"], "--arm-template");
    fails(&["plan", "xat-internal", "--arm-template", "t.json"], "drop the stack's name");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), files.len());
}

/// A template somebody has, previewed against what is live: places are the template's own.
#[test]
fn a_template_is_previewed_at_its_own_lines() {
    let group = r#"[{"id": "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/shop-rg", "location": "northeurope"},
        {"id": "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/shop-rg/providers/Microsoft.KeyVault/vaults/shop-kv",
         "location": "northeurope", "properties": {"tenantId": "5a1e0000-0000-4000-8000-000000000002",
         "sku": {"name": "standard", "family": "A"}, "enableRbacAuthorization": true, "softDeleteRetentionInDays": 7}}]"#;
    let parameters = r#"{"parameters": {"retention": {"value": 30}}}"#;
    let folder = folder(&[("shop.json", TEMPLATE), ("live.json", group), ("p.json", parameters)]);
    let deployed: Vec<&str> = DEPLOYED
        .iter()
        .copied()
        .filter(|arg| !["--location", "westeurope"].contains(arg))
        .collect();
    let plan = [
        "plan",
        "--arm-template",
        "shop.json",
        "--live",
        "recorded:live.json",
        "--parameters",
        "p.json",
    ];
    let seen = run(folder.path(), &[&plan[..], &deployed].concat());
    assert_eq!(seen.code, 0, "{}", seen.err);
    assert!(!seen.out.contains("canary") && !seen.err.contains("canary"));
    assert!(!seen.out.contains(".rs:") && !seen.err.contains(".rs:"), "{}{}", seen.out, seen.err);
    snapshots::check("import", "template-preview", &seen.out);
    let json = run(
        folder.path(),
        &[&plan[..], &deployed, &["--format", "json", "--detailed-exitcode"]].concat(),
    );
    assert_eq!(json.code, 3, "{}", json.err);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["format"], "xat-plan/1");
}
