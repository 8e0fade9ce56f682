//! Conformance: what was really written to a cloud, declared; what it really answered, read; and the plan between.
//!
//! For each recorded pair of a modelled type three things are counted: *noise* (changes proposed though nothing
//! changed), *coverage* (leaves of the request that the type can say) and *missed* (a changed leaf that the plan does
//! not show, or shows as something else). A pair about a part of a resource, or about a body that mirrors a subtree of it,
//! is compared as that part, and counts under its own REST type.

pub mod google;
mod google_enums;
pub mod google_life;
mod listed;
pub mod mutate;
pub mod pair;
pub(crate) mod subject;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};
use xat_infra::catalog;
use xat_infra::schema::ResourceType;

use crate::lifecycle;

pub(crate) use listed::Listed;
use pair::Pair;

/// What was counted, in all or for one type.
#[derive(Clone, Default, Debug)]
pub struct Counts {
    /// Recorded pairs.
    pub pairs: usize,
    /// Pairs that could be declared and read.
    pub compared: usize,
    /// Changes proposed though nothing changed.
    pub noisy: usize,
    /// Leaves of the requests.
    pub leaves: usize,
    /// Leaves that the types can say.
    pub modelled: usize,
    /// Leaves changed in turn.
    pub mutations: usize,
    /// Changed leaves that the plan did not show, or showed as something else.
    pub missed: usize,
    /// Pairs that could not be read.
    pub unreadable: usize,
    /// Differences that the reviewed list knows as real ones (`tests/second-writes.tsv`).
    pub second_writes: usize,
}

/// Something that went wrong with one pair.
#[derive(Clone, Debug)]
pub struct Failure {
    /// `noise`, `missed`, `unmodelled` or `unreadable`.
    pub kind: &'static str,
    /// The REST type.
    pub r#type: String,
    /// Which recording.
    pub source: String,
    /// Where in the resource.
    pub path: String,
    /// What was declared.
    pub declared: Json,
    /// What is live.
    pub live: Json,
}

/// What was found in a folder of recordings.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// In all.
    pub totals: Counts,
    /// For each modelled type.
    pub by_type: BTreeMap<String, Counts>,
    /// How many pairs there are of each type that nothing models.
    pub unmodelled_types: BTreeMap<String, usize>,
    /// How many lines were left out, by the reason.
    pub left_out: BTreeMap<&'static str, usize>,
    /// What went wrong.
    pub failures: Vec<Failure>,
    /// What was found when whole lifecycles were replayed.
    pub lifecycles: lifecycle::Report,
}

/// Runs over every `pairs.jsonl` below a folder; `only` limits it to one REST type.
///
/// # Errors
/// The folder or a file in it cannot be read, or a line is not JSON.
pub fn run(folder: &Path, only: Option<&str>) -> Result<Report, String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut report = Report { lifecycles: lifecycle::run(folder, only)?, ..Report::default() };
    let listed = Listed::read()?;
    for file in files {
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let at = || format!("{}:{}", file.display(), number + 1);
            let json: Json = serde_json::from_str(line).map_err(|e| format!("{}: {e}", at()))?;
            for pair in report.pairs_of(&json) {
                report.take(&pair, only, &listed);
            }
        }
    }
    Ok(report)
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == "pairs.jsonl") {
            files.push(path);
        }
    }
    Ok(())
}

pub(crate) fn modelled(wire: &str) -> Option<&'static ResourceType> {
    types().find(|ty| ty.wire.eq_ignore_ascii_case(wire))
}

fn types() -> impl Iterator<Item = &'static ResourceType> {
    catalog::types().into_iter().map(|registered| (registered.ty)())
}

fn add(to: &mut Counts, more: &Counts) {
    to.pairs += more.pairs;
    to.compared += more.compared;
    to.noisy += more.noisy;
    to.leaves += more.leaves;
    to.modelled += more.modelled;
    to.mutations += more.mutations;
    to.missed += more.missed;
    to.unreadable += more.unreadable;
    to.second_writes += more.second_writes;
}

impl Counts {
    fn json(&self) -> Json {
        json!({
            "pairs": self.pairs, "compared": self.compared, "noisy": self.noisy, "leaves": self.leaves,
            "modelled": self.modelled, "mutations": self.mutations, "missed": self.missed, "unreadable": self.unreadable, "second_writes": self.second_writes,
        })
    }

    /// The share of leaves that the types can say, in per cent.
    pub fn coverage(&self) -> f64 {
        if self.leaves == 0 { 100.0 } else { 100.0 * self.modelled as f64 / self.leaves as f64 }
    }
}

impl Report {
    /// The pairs in a line of a recording; a line that has none is counted with the reason.
    fn pairs_of(&mut self, line: &Json) -> Vec<Pair> {
        let source = line["source"].as_str().unwrap_or_default();
        match google::written(line) {
            Some(Ok(written)) => written.into_iter().map(|w| Pair::google(w, source)).collect(),
            Some(Err(why)) => {
                *self.left_out.entry(why).or_default() += 1;
                Vec::new()
            }
            None => Pair::azure(line).into_iter().collect(),
        }
    }

    fn take(&mut self, pair: &Pair, only: Option<&str>, listed: &Listed) {
        let subject = pair.subject();
        let name = subject.as_ref().map_or(&pair.wire, |subject| &subject.name);
        if only.is_some_and(|only| !only.eq_ignore_ascii_case(name)) {
            return;
        }
        match subject {
            Some(subject) => {
                let counts = pair.check(&subject, listed, &mut self.failures);
                add(&mut self.totals, &counts);
                add(self.by_type.entry(subject.name).or_default(), &counts);
            }
            None => *self.unmodelled_types.entry(pair.wire.clone()).or_default() += 1,
        }
    }

    /// The report for machines.
    pub fn json(&self) -> Json {
        let by_type: serde_json::Map<String, Json> =
            self.by_type.iter().map(|(k, v)| (k.clone(), v.json())).collect();
        let failures: Vec<Json> = self
            .failures
            .iter()
            .map(|f| {
                json!({"kind": f.kind, "type": f.r#type, "source": f.source, "path": f.path, "declared": f.declared, "live": f.live})
            })
            .collect();
        let mut out = self.totals.json();
        out["by_type"] = Json::Object(by_type);
        out["unmodelled_types"] = json!(self.unmodelled_types);
        out["left_out"] = json!(self.left_out);
        out["failures"] = Json::Array(failures);
        out["lifecycles"] = self.lifecycles.json();
        out
    }

    /// The report for people: a line a type, then what went wrong.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{:<58}{:>6}{:>9}{:>7}{:>8}{:>10}{:>7}{:>7}\n",
            "type", "pairs", "compared", "noisy", "leaves", "coverage", "mutated", "missed"
        );
        let totals = std::iter::once(("all", &self.totals));
        for (name, c) in self.by_type.iter().map(|(name, c)| (name.as_str(), c)).chain(totals) {
            out.push_str(&format!(
                "{name:<58}{:>6}{:>9}{:>7}{:>8}{:>9.1}%{:>7}{:>7}\n",
                c.pairs,
                c.compared,
                c.noisy,
                c.leaves,
                c.coverage(),
                c.mutations,
                c.missed
            ));
        }
        for (name, pairs) in &self.unmodelled_types {
            out.push_str(&format!("not modelled: {name} ({pairs} pairs)\n"));
        }
        for (why, lines) in &self.left_out {
            out.push_str(&format!("left out: {why} ({lines} lines)\n"));
        }
        for f in &self.failures {
            out.push_str(&format!(
                "{}: {} {} ({})\n  declared {}\n  live     {}\n",
                f.kind, f.r#type, f.path, f.source, f.declared, f.live
            ));
        }
        out.push('\n');
        out.push_str(&self.lifecycles.text());
        out
    }
}
