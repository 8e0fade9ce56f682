//! The files around a workload: each fact stands in all that need it and nowhere twice, every file says where it is from, and
//! nothing is written over an application's own files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xat_infra::azure::prelude::*;
use xat_infra::cli::{Io, StackEntry, run_with};
use xat_infra::delivery;
use xat_infra::emit::arm;
use xat_stacks::STACKS;

use crate::provocations::built;
use crate::provocations_delivery::{KEY, URL, bare, database, shop, workload};
use crate::snapshots;

/// Every file of a shop with this workload, and what its resources say as `(estate)`.
pub(crate) fn files(workload: &Workload, postgres: &Database) -> BTreeMap<String, String> {
    let graph = built(shop(workload, postgres, workload));
    let emitted = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut files: BTreeMap<String, String> =
        emitted.into_iter().map(|file| (file.name, file.text)).collect();
    let estate = arm::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    files.insert("(estate)".to_owned(), estate[0].text.clone());
    files
}

/// The files that hold a text.
fn holding<'f>(files: &'f BTreeMap<String, String>, text: &str) -> BTreeSet<&'f str> {
    let held = files.iter().filter(|(_, content)| content.contains(text));
    held.map(|(name, _)| name.as_str()).collect()
}

/// A fact: how it reads before and after it was changed in its one place, and every file that says it.
pub(crate) struct Fact {
    pub(crate) what: &'static str,
    pub(crate) changed: fn() -> (Workload, Database),
    pub(crate) before: &'static [&'static str],
    pub(crate) after: &'static [&'static str],
    pub(crate) stands_in: &'static [&'static str],
}

/// The workload that facts are changed of.
pub(crate) fn base() -> Workload {
    let workload = bare().port(8123).probes("/works/", "/lives/").workers(Workers::exactly(17));
    let workload = workload.request_timeout(97).shutdown_timeout(66).setting("SHOP_MODE", "retail");
    workload.secret(KEY).secret(URL).database(database())
}

pub(crate) fn with(change: fn(Workload) -> Workload) -> (Workload, Database) {
    (change(base()), database())
}

/// The same with another head: image, project and Python.
pub(crate) fn headed(workload: Workload) -> Workload {
    let workload = workload.port(8123).probes("/works/", "/lives/").workers(Workers::exactly(17));
    let workload = workload.request_timeout(97).shutdown_timeout(66).setting("SHOP_MODE", "retail");
    workload.secret(KEY).secret(URL).database(database())
}

pub(crate) fn stored(postgres: Database) -> (Workload, Database) {
    (base().database(postgres.clone()), postgres)
}

pub(crate) fn postgres(version: Postgres, digest: xat_infra::delivery::Sha256) -> Pinned<Postgres> {
    version.at(digest)
}

pub(crate) const CD: xat_infra::delivery::Sha256 =
    sha256!("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd");
pub(crate) const EF: xat_infra::delivery::Sha256 =
    sha256!("efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef");

const FACTS: &[Fact] = &[
    Fact {
        what: "the port",
        changed: || with(|workload| workload.port(9456)),
        before: &["8123"],
        after: &["9456"],
        stands_in: &["(estate)", "Dockerfile", "compose.yaml", "gunicorn-cfg.py"],
    },
    Fact {
        what: "the path of readiness",
        changed: || with(|workload| workload.probes("/ready/", "/lives/")),
        before: &["/works/"],
        after: &["/ready/"],
        stands_in: &["(estate)", ".github/workflows/deploy-azure.yml", "workload/logs.py"],
    },
    Fact {
        what: "the path of liveness",
        changed: || with(|workload| workload.probes("/works/", "/alive/")),
        before: &["/lives/"],
        after: &["/alive/"],
        stands_in: &["Dockerfile", "workload/logs.py"],
    },
    Fact {
        what: "the workers",
        changed: || with(|workload| workload.workers(Workers::exactly(19))),
        before: &["\"17\""],
        after: &["\"19\""],
        stands_in: &["(estate)", "gunicorn-cfg.py"],
    },
    Fact {
        what: "the time of a request",
        changed: || with(|workload| workload.request_timeout(83)),
        before: &["timeout = 97"],
        after: &["timeout = 83"],
        stands_in: &["gunicorn-cfg.py"],
    },
    Fact {
        what: "the time to end, as the platform has it",
        changed: || with(|workload| workload.shutdown_timeout(78)),
        before: &["\"66\"", "66s"],
        after: &["\"78\"", "78s"],
        stands_in: &["(estate)", "compose.yaml"],
    },
    Fact {
        what: "the time to end, as gunicorn has it",
        changed: || with(|workload| workload.shutdown_timeout(78)),
        before: &["graceful_timeout = 55"],
        after: &["graceful_timeout = 65"],
        stands_in: &["gunicorn-cfg.py"],
    },
    Fact {
        what: "a setting",
        changed: || {
            let workload = bare().port(8123).probes("/works/", "/lives/");
            let workload = workload.setting("SHOP_MODE", "wholesale");
            (workload.secret(KEY).secret(URL).database(database()), database())
        },
        before: &["retail"],
        after: &["wholesale"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
    },
    Fact {
        what: "the version of Python",
        changed: || {
            (headed(Workload::django("shop/web", "shopfront", Python::V3_14.at(EF))), database())
        },
        before: &["3.12", "(3, 12)", "abab"],
        after: &["3.14", "(3, 14)", "efef"],
        stands_in: &[".github/workflows/test.yml", "Dockerfile"],
    },
    Fact {
        what: "the project",
        changed: || {
            let python = crate::provocations_delivery::python();
            (headed(Workload::django("shop/web", "counter", python)), database())
        },
        before: &["shopfront"],
        after: &["counter"],
        stands_in: &["gunicorn-cfg.py", "workload/__init__.py"],
    },
    Fact {
        what: "the image",
        changed: || {
            let python = crate::provocations_delivery::python();
            (headed(Workload::django("shop/counter", "shopfront", python)), database())
        },
        before: &["/shop/web:", "/shop/web\"", "name: \"web\""],
        after: &["/shop/counter:", "/shop/counter\"", "name: \"counter\""],
        stands_in: &["(estate)", ".github/workflows/deploy-azure.yml", "compose.yaml"],
    },
    Fact {
        what: "the version of PostgreSQL",
        changed: || stored(Database::postgres(postgres(Postgres::V17, EF), "orders", "shopper")),
        before: &["postgres:16", "\"version\": \"16\""],
        after: &["postgres:17", "\"version\": \"17\""],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
    },
    Fact {
        what: "the database's name",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "returns", "shopper")),
        before: &["orders"],
        after: &["returns"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
    },
    Fact {
        what: "the database's user",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "orders", "seller")),
        before: &["shopper"],
        after: &["seller"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
    },
    Fact {
        what: "the name of the database's secret",
        changed: || {
            let workload = bare().port(8123).probes("/works/", "/lives/");
            let workload = workload.setting("SHOP_MODE", "retail");
            let renamed = AppSecret::database_url("shop-other-url");
            (workload.secret(KEY).secret(renamed).database(database()), database())
        },
        before: &["shop-database-url"],
        after: &["shop-other-url"],
        stands_in: &["(estate)", ".github/workflows/deploy-azure.yml", "workload/settings.py"],
    },
    Fact {
        what: "a secret's name",
        changed: || {
            let workload = bare().port(8123).probes("/works/", "/lives/");
            let workload = workload.setting("SHOP_MODE", "retail");
            let renamed = AppSecret::signing_key("shop-other-key");
            (workload.secret(renamed).secret(URL).database(database()), database())
        },
        before: &["shop-signing-key"],
        after: &["shop-other-key"],
        stands_in: &["(estate)", "workload/settings.py"],
    },
];

/// Changing a fact in its one place changes every file that says it, and leaves no trace of the old one anywhere.
#[test]
fn a_fact_is_said_once() {
    each_is_said_once(FACTS, &files(&base(), &database()), files);
}

/// Holds facts to the files in which they stand. `old` are those of the workload that they are changed of.
pub(crate) fn each_is_said_once(
    facts: &[Fact],
    old: &BTreeMap<String, String>,
    files: fn(&Workload, &Database) -> BTreeMap<String, String>,
) {
    for fact in facts {
        let (workload, postgres) = (fact.changed)();
        let new = files(&workload, &postgres);
        let expected: BTreeSet<&str> = fact.stands_in.iter().copied().collect();
        let in_any = |files: &BTreeMap<String, String>, texts: &[&str]| -> BTreeSet<String> {
            let all = texts.iter().flat_map(|text| holding(files, text));
            all.map(str::to_owned).collect()
        };
        let same =
            |seen: BTreeSet<String>| seen.iter().map(String::as_str).eq(expected.iter().copied());
        let (before, after) = (in_any(old, fact.before), in_any(&new, fact.after));
        assert!(same(before.clone()), "{} stood in {before:?}", fact.what);
        assert!(same(after.clone()), "{} stands in {after:?}", fact.what);
        for (files, gone) in [(&new, fact.before), (old, fact.after)] {
            for text in gone {
                assert_eq!(holding(files, text), BTreeSet::new(), "{}: `{text}`", fact.what);
            }
        }
    }
}

/// What depends on whether something is said at all.
#[test]
fn files_have_what_the_workload_has() {
    let plain = files(&base(), &database());
    let settings = &plain["workload/settings.py"];
    for absent in ["rollbar", "whitenoise", "disable_server_side_cursors", "STATIC_ROOT"] {
        assert!(!settings.contains(absent), "{absent}");
    }
    let reports = AppSecret::rollbar("shop-rollbar");
    let insights = AppSecret::application_insights("shop-insights");
    let maps = AppSecret::own("MAPS_TOKEN", "shop-maps");
    let pooled = database().pooled_by_transaction();
    let rich = base().secret(reports).secret(insights).secret(maps).static_files();
    let rich = files(&rich.database(pooled.clone()), &pooled);
    for (file, present) in [
        ("workload/settings.py", "\"ROLLBAR_ACCESS_TOKEN\", \"shop-rollbar\""),
        ("workload/settings.py", "whitenoise.middleware.WhiteNoiseMiddleware"),
        ("workload/settings.py", "disable_server_side_cursors=True"),
        ("workload/apps.py", "configure_azure_monitor"),
        ("workload/requirements.in", "azure-monitor-opentelemetry"),
        ("compose.yaml", "MAPS_TOKEN: \"${MAPS_TOKEN:-}\""),
        ("Dockerfile", "collectstatic"),
    ] {
        assert!(rich[file].contains(present), "{file}: {present}");
        assert!(!plain[file].contains(present), "{file}: {present}");
    }
    // Without a database nothing asks for one.
    let stateless = bare().secret(KEY);
    let stateless = files(&stateless, &database());
    for file in stateless.keys().filter(|name| *name != "(estate)" && *name != ".dockerignore") {
        for word in ["psycopg", "DATABASE", "postgres:", "depends_on", "django.db "] {
            assert!(!stateless[file].contains(word), "{file}: {word}");
        }
    }
}

#[test]
fn the_files_of_every_stack_read_as_reviewed() {
    // Which line says it, and of which stack, is no matter of a snapshot's.
    let bodies: BTreeMap<&str, BTreeMap<String, String>> = STACKS.iter().map(reviewed).collect();
    let first = &bodies[STACKS[0].name];
    for (stack, bodies) in &bodies {
        for (name, body) in bodies {
            // What is the same for all is shown once.
            if *stack == STACKS[0].name || first.get(name) != Some(body) {
                let shown = name.trim_start_matches('.').replace('/', ".");
                snapshots::check(&format!("{stack}/delivery"), &shown, body);
            }
        }
    }
}

/// The files of a stack without the words that say where they are from, each held to have them.
fn reviewed(entry: &StackEntry) -> (&'static str, BTreeMap<String, String>) {
    let mut bodies = BTreeMap::new();
    let files = delivery::emit(&built((entry.build)())).unwrap_or_else(|p| panic!("{p:#?}"));
    for file in &files {
        let of_stack = format!("# Generated by `xat emit {} delivery` from", entry.name);
        let common = "# Generated by `xat emit delivery` from".to_owned();
        let script = file.text.strip_prefix("#!/usr/bin/env bash\n");
        assert_eq!(script.is_some(), file.executable, "{}", file.name);
        let text = script.or(file.text.strip_prefix("<!--\n")).unwrap_or(&file.text);
        let from = [&of_stack, &common].into_iter().any(|from| text.starts_with(from));
        assert!(from, "{}: {}", file.name, file.text);
        assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.name);
        let trailing = file.text.lines().find(|line| line.ends_with(' '));
        assert_eq!(trailing, None, "{}", file.name);
        let (_, body) = text.split_once('\n').unwrap();
        bodies.insert(file.name.clone(), body.to_owned());
    }
    (entry.name, bodies)
}

pub(crate) fn run(stacks: &[StackEntry], cwd: &Path, args: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        out_is_terminal: false,
        err_is_terminal: false,
        width: Some(100),
        no_color: true,
        cwd: cwd.to_owned(),
    };
    let args = std::iter::once("xat").chain(args.iter().copied()).map(Into::into);
    let code = run_with(stacks, args, &mut io);
    assert!(out.is_empty(), "what is written goes to files");
    (code, String::from_utf8(err).unwrap())
}

/// All files below a folder.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for path in std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// Files go among an application's own, and touch none of them.
#[test]
fn an_applications_own_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let emit = || run(STACKS, folder.path(), &["emit", "delivery", "--out", "."]);
    std::fs::create_dir(folder.path().join("core")).unwrap();
    std::fs::write(folder.path().join("core/settings.py"), "mine").unwrap();
    assert_eq!(emit().0, 0);
    let written = tree(folder.path());
    assert_eq!(written["core/settings.py"], "mine");
    assert!(written.contains_key("workload/settings.py") && written.contains_key("Dockerfile"));
    assert_eq!(emit().0, 0);
    assert_eq!(tree(folder.path()), written, "the same again is the same");

    std::fs::write(folder.path().join("workload/health.py"), "mended by hand").unwrap();
    let before = tree(folder.path());
    let (code, told) = emit();
    assert!(code == 1 && told.contains("it was changed since it was emitted"), "{told}");
    assert_eq!(tree(folder.path()), before);

    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    let (code, told) = run(STACKS, other.path(), &["emit", "delivery", "--out", "."]);
    assert!(code == 1 && told.contains("it was not emitted"), "{told}");
    assert_eq!(tree(other.path()).len(), 1, "nothing is written beside it");
}

/// A workload with mistakes: all of them at once, and no file.
#[test]
fn a_workload_with_mistakes_writes_nothing() {
    fn mistaken() -> Stack {
        shop(&workload(), &database(), &workload().port(80).shutdown_timeout(300))
    }
    let entry =
        StackEntry { name: "shop", about: "a shop", build: mistaken, estate: None, state: None };
    let folder = tempfile::tempdir().unwrap();
    let (code, told) = run(&[entry], folder.path(), &["emit", "delivery", "--out", "new"]);
    assert_eq!(code, 1);
    for part in
        ["cannot bind port 80", "1 to 120 s, and not 300", "delivery.rs", "nothing was written"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(tree(folder.path()).len(), 0);
}
