//! The book: its generated pages are what the generator says, and its table of contents lists every page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xat_infra::reference;

const HELP: &str = "run `UPDATE_BOOK=1 cargo test book` and read the difference";

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src")
}

fn updating() -> bool {
    std::env::var_os("UPDATE_BOOK").is_some()
}

/// The names of the Markdown files in a folder and its folders, relative to it.
fn markdown(folder: &Path, prefix: &str, out: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            markdown(&entry.path(), &format!("{name}/"), out);
        } else if name.ends_with(".md") {
            out.insert(name);
        }
    }
}

/// One page for each type and each code, equal to what the static descriptions say, and no others.
#[test]
fn reference_pages_are_what_the_generator_says() {
    let folder = source().join("reference");
    let pages = reference::pages();
    let mut stale = Vec::new();
    for (file, text) in &pages {
        let path = folder.join(file);
        // A checkout may have other line ends.
        let there = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if there != *text {
            stale.push(file.clone());
            if updating() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, text).unwrap();
            }
        }
    }
    let mut orphans = BTreeSet::new();
    markdown(&folder, "", &mut orphans);
    orphans.retain(|file| pages.iter().all(|(page, _)| page != file));
    if updating() {
        orphans.iter().for_each(|file| std::fs::remove_file(folder.join(file)).unwrap());
    } else {
        assert!(stale.is_empty(), "these pages are not up to date: {stale:?}; {HELP}");
        assert!(orphans.is_empty(), "nothing generates these pages: {orphans:?}; {HELP}");
    }
}

/// The table of contents ends with the reference, and every page of the book is in it.
#[test]
fn the_table_of_contents_lists_every_page() {
    let file = source().join("SUMMARY.md");
    let mut text = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let generated = reference::summary();
    if updating() && !text.ends_with(&generated) {
        let heading = generated.lines().next().unwrap();
        let by_hand = text.split(heading).next().unwrap();
        text = format!("{by_hand}{generated}");
        std::fs::write(&file, &text).unwrap();
    }
    assert!(text.ends_with(&generated), "SUMMARY.md does not list the reference; {HELP}");
    let mut pages = BTreeSet::new();
    markdown(&source(), "", &mut pages);
    // While they are being rewritten, the pages of the reference are the other test's.
    pages.retain(|page| !page.starts_with("reference/"));
    let missing: Vec<&String> = pages
        .iter()
        .filter(|page| *page != "SUMMARY.md" && !text.contains(&format!("({page})")))
        .collect();
    assert!(missing.is_empty(), "SUMMARY.md does not list {missing:?}");
}

/// The reader of a page can tell a secret from a plain value, and what a change of it does.
#[test]
fn a_page_says_what_its_description_says() {
    let ty = <xat_infra::azure::VaultSecret as xat_infra::dsl::Resource>::resource_type();
    let page = reference::type_page(ty);
    for part in [
        "# Vault secret",
        "`Microsoft.KeyVault/vaults/secrets`, API version `2024-11-01`",
        "It cannot do without `name`, `vault` and `value`.",
        "[key vault](azure.key_vault.md)",
        "required, write-only, secret, danger: downtime",
        "`properties.attributes.nbf`, as seconds since 1970",
        "| `versionless_uri()` |",
        "`value_wo_version` in Terraform is always `1`.",
    ] {
        assert!(page.contains(part), "`{part}` is missing from\n{page}");
    }
    assert!(!page.contains("](crate::"), "a link into Rust leads nowhere in the book");
}
