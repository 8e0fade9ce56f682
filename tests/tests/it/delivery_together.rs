//! Environments of one application in one repository: what only one has is named by it, what is common is the same, and a folder never
//! has files of two stacks that disagree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xat_infra::azure::prelude::*;
use xat_infra::cli::StackEntry;
use xat_infra::delivery;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::File;
use xat_infra::graph::Graph;
use xat_stacks::STACKS;

use crate::delivery::{run, tree};
use crate::provocations::{Case, built, case};
use crate::provocations_delivery::{KEY, MADE, Made, URL, database, python, shop_of, workload};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("delivery_together.rs");

/// A shop in an environment, with this workload and runners of this label.
fn shop(environment: &'static str, workload: &Workload, runner: &'static str) -> Stack {
    let mut stack = Stack::new(format!("shop-{environment}"))
        .environment(environment)
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let made = Made { environment, runner, ..MADE };
    shop_of((stack, group), &made, workload, &database(), workload)
}

fn files(stack: Stack) -> (Graph, Vec<File>) {
    let graph = built(stack);
    let files = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    (graph, files)
}

fn together(here: Stack, there: Stack) -> Vec<Diagnostic> {
    let (here, there) = (files(here), files(there));
    delivery::together((&here.0, &here.1), (&there.0, &there.1))
}

fn staging() -> Stack {
    shop("staging", &workload(), MADE.runner)
}

fn production() -> Stack {
    shop("production", &workload(), MADE.runner)
}

pub(crate) const CASES: &[Case] = &[
    case("delivery-together", "two stacks of one environment", || {
        together(production(), production())
    }),
    case("delivery-together", "environments with other ports, probes and Python", || {
        let python = Python::V3_14
            .at(sha256!("efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef"));
        let other = crate::delivery::headed(Workload::django("shop/web", "shopfront", python));
        together(production(), shop("staging", &other, MADE.runner))
    }),
    case("delivery-together", "two workloads that are alike by chance", || {
        let alike = Workload::django("shop/web", "shopfront", python());
        let alike = alike.secret(KEY).secret(URL).database(database());
        together(production(), shop("staging", &alike, MADE.runner))
    }),
    case("delivery-together", "environments with other runners", || {
        together(production(), shop("staging", &workload(), "shop-other"))
    }),
];

#[test]
fn environments_agree() {
    assert_eq!(together(production(), staging()), []);
    let (_, production) = files(production());
    let (_, staging) = files(staging());
    let names = |files: &[File]| -> BTreeSet<String> {
        files.iter().map(|file| file.name.clone()).collect()
    };
    let (production, staging) = (names(&production), names(&staging));
    let own: Vec<&str> = staging.difference(&production).map(String::as_str).collect();
    let expected =
        [".github/workflows/deploy-azure-staging.yml", ".github/workflows/plan-staging.yml"];
    assert_eq!(own, expected);
    let own: Vec<&str> = production.difference(&staging).map(String::as_str).collect();
    assert_eq!(own, [".github/workflows/deploy-azure.yml", ".github/workflows/plan.yml"]);
}

fn emit(stacks: &[StackEntry], folder: &Path, stack: &str) -> (u8, String) {
    let (code, told) = run(stacks, folder, &["emit", stack, "delivery", "--out", "."]);
    (code, flat(&told))
}

/// A message without the ends of its lines.
fn flat(told: &str) -> String {
    told.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The files of a folder but the list.
fn written(folder: &Path) -> BTreeMap<String, String> {
    let mut files = tree(folder);
    files.remove(".xat-emit.json");
    files
}

/// Both environments of the shipped stack lie in one folder, whichever comes first, and each leaves the other's files alone.
#[test]
fn two_environments_lie_in_one_folder() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for stack in ["xat-internal", "xat-internal-staging"] {
        assert_eq!(emit(STACKS, one.path(), stack).0, 0, "{stack}");
    }
    for stack in ["xat-internal-staging", "xat-internal"] {
        assert_eq!(emit(STACKS, other.path(), stack).0, 0, "{stack}");
    }
    assert_eq!(tree(one.path()), tree(other.path()), "in any order");
    let files = tree(one.path());
    for name in [
        ".github/workflows/deploy-azure.yml",
        ".github/workflows/deploy-azure-staging.yml",
        ".github/workflows/plan-staging.yml",
        "backup/RUNBOOK.md",
        "backup/RUNBOOK-staging.md",
        "workload/settings.py",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    assert!(files[".github/workflows/deploy-azure.yml"].contains("runs-on: \"xat-internal\""));
    let staging = &files[".github/workflows/deploy-azure-staging.yml"];
    assert!(staging.contains("runs-on: \"xat-internal-staging\""), "another network");
    assert!(staging.contains("environment: \"staging\""));
    assert_eq!(emit(STACKS, one.path(), "xat-internal").0, 0);
    assert_eq!(tree(one.path()), files, "the same again is the same");
}

/// A folder has one stack for each environment, and nothing is written where two would disagree.
#[test]
fn stacks_that_disagree_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(emit(STACKS, folder.path(), "xat-internal").0, 0);
    let before = tree(folder.path());
    let (code, told) = emit(STACKS, folder.path(), "xat-legacy");
    let both = "would both be the environment `production` of one repository";
    assert!(code == 1 && told.contains(both), "{told}");
    assert_eq!(tree(folder.path()), before);

    // A file that somebody changed is refused, whoever emits it.
    std::fs::write(folder.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    let (code, told) = emit(STACKS, folder.path(), "xat-internal-staging");
    assert!(code == 1 && told.contains("it was changed since it was emitted"), "{told}");
}

fn later() -> Stack {
    shop("production", &workload().port(9000), MADE.runner)
}

const fn entry(name: &'static str, build: fn() -> Stack) -> StackEntry {
    StackEntry { name, about: "a shop", build, estate: None, state: None }
}

/// A change of the workload goes through one environment after the other; what a program cannot ask is held by its files.
#[test]
fn a_change_reaches_all_environments() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let before = [entry("shop-production", production), entry("shop-staging", staging)];
    for stack in ["shop-production", "shop-staging"] {
        assert_eq!(emit(&before, at, stack).0, 0);
    }
    // Only one of the two has the change.
    let half = [entry("shop-production", later), entry("shop-staging", staging)];
    let was = tree(at);
    let (code, told) = emit(&half, at, "shop-production");
    assert_eq!(code, 1);
    for part in ["`Dockerfile`", "`compose.yaml`", "PORT=9000", "PORT=8000", "nothing was written"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(tree(at), was);
    // A program without the other stack cannot ask it.
    let (code, told) = emit(&half[..1], at, "shop-production");
    assert!(code == 1 && told.contains("this program does not know `shop-staging`"), "{told}");
    assert_eq!(tree(at), was);
    assert_eq!(emit(&before[..1], at, "shop-production").0, 0, "nothing common changes");
    // Both have it: each is emitted by itself, and the files in between are nobody's own work.
    fn later_staging() -> Stack {
        shop("staging", &workload().port(9000), MADE.runner)
    }
    let both = [entry("shop-production", later), entry("shop-staging", later_staging)];
    assert_eq!(emit(&both, at, "shop-production").0, 0);
    assert!(written(at)["Dockerfile"].contains("PORT=9000"));
    assert_eq!(emit(&both, at, "shop-staging").0, 0);
    assert_ne!(written(at), was);
}

/// What an environment no longer has goes, unless another still has it.
#[test]
fn what_is_common_stays_until_the_last_lets_it_go() {
    fn backed() -> Stack {
        let backed =
            crate::provocations_delivery::backed_up(crate::provocations_delivery::backups());
        shop("production", &backed, MADE.runner)
    }
    fn backed_staging() -> Stack {
        let backed =
            crate::provocations_delivery::backed_up(crate::provocations_delivery::backups());
        shop("staging", &backed, MADE.runner)
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let both = [entry("shop-production", backed), entry("shop-staging", backed_staging)];
    for stack in ["shop-production", "shop-staging"] {
        assert_eq!(emit(&both, at, stack).0, 0);
    }
    assert!(written(at).contains_key("backup/backup.py"));
    let none = [entry("shop-production", production), entry("shop-staging", staging)];
    assert_eq!(emit(&none, at, "shop-production").0, 0);
    let left = written(at);
    assert!(left.contains_key("backup/backup.py"), "staging's list still has it");
    assert!(
        !left.contains_key("backup/RUNBOOK.md") && left.contains_key("backup/RUNBOOK-staging.md")
    );
    assert_eq!(emit(&none, at, "shop-staging").0, 0);
    let left = written(at);
    assert!(!left.keys().any(|name| name.starts_with("backup/")), "{left:?}");
}
