//! Lifecycles: what was really asked of a resource, one exchange after the other, replayed through a model of the
//! world; at each point the plan must say what was really done.
//!
//! A write to what is not there is a creation, or a recovery where the service keeps what was deleted. A write to what
//! is there changes it in place, or nothing where its body says nothing new, and never replaces it. A deletion is a
//! step of the stack that no longer has it. After a write and a read, the same declaration needs nothing.

mod evidence;
mod recording;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use xat_infra::schema::ResourceType;

use crate::conformance::subject::Subject;
use crate::conformance::{Listed, modelled};
use recording::{Asked, Recording};

/// What was counted, in all or for one type.
#[derive(Clone, Default, Debug)]
pub struct Counts {
    /// Recordings.
    pub files: usize,
    /// Points at which a plan was held against what happened.
    pub points: usize,
    /// Points at which they agree.
    pub agreed: usize,
    /// Points at which they do not.
    pub disagreed: usize,
    /// Points at which they do not, and the reviewed list (`tests/lifecycle-histories.tsv`) knows why.
    pub histories: usize,
}

/// A point at which the plan said something else than what happened.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The REST type.
    pub r#type: String,
    /// Which recording.
    pub source: String,
    /// Which exchange: its place from 1, and its method.
    pub point: String,
    /// What happened.
    pub expected: &'static str,
    /// What the plan said.
    pub got: String,
}

/// What was found in a folder of recordings.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// In all.
    pub totals: Counts,
    /// For each modelled type.
    pub by_type: BTreeMap<String, Counts>,
    /// How many points were of each kind.
    pub by_expectation: BTreeMap<&'static str, usize>,
    /// Where plan and history part.
    pub disagreements: Vec<Disagreement>,
    /// What was deleted and made again, with what one plan would have done: type, source, point, action.
    pub recreated: Vec<[String; 4]>,
}

/// The reviewed list, read when this program was compiled: it belongs to the runner.
const HISTORIES: &str = include_str!("../../lifecycle-histories.tsv");

/// Replays every recording below a folder (`NN.json` with `exchanges`); `only` limits it to one REST type.
///
/// # Errors
/// The folder or a file in it cannot be read, a file is not JSON, or the reviewed list is malformed.
pub fn run(folder: &Path, only: Option<&str>) -> Result<Report, String> {
    let listed = Listed::parse("lifecycle-histories.tsv", HISTORIES)?;
    let mut report = Report::default();
    for recording in recordings(folder)? {
        if only.is_none_or(|only| only.eq_ignore_ascii_case(&recording.wire)) {
            report.take(&recording, &listed);
        }
    }
    Ok(report)
}

/// A type, an ID of it, and a body.
pub type Read = (&'static ResourceType, String, Json);

/// Every body of a modelled type that was read in a recording below a folder.
///
/// # Errors
/// As [`run`].
pub fn bodies(folder: &Path) -> Result<Vec<Read>, String> {
    let mut out = Vec::new();
    for recording in recordings(folder)? {
        let Some(ty) = modelled(&recording.wire) else { continue };
        for exchange in recording.exchanges {
            if exchange.asked == Asked::Get && exchange.shows {
                out.push((ty, recording.id.clone(), exchange.answer));
            }
        }
    }
    Ok(out)
}

/// All recordings below a folder, by the names of their files.
fn recordings(folder: &Path) -> Result<Vec<Recording>, String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let at = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
        let text = std::fs::read_to_string(&file).map_err(|e| at(&e))?;
        let json: Json = serde_json::from_str(&text).map_err(|e| at(&e))?;
        out.extend(Recording::of(&json));
    }
    Ok(out)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

impl Report {
    fn take(&mut self, recording: &Recording, listed: &Listed) {
        let Some(subject) = Subject::of(&recording.wire, &recording.id) else { return };
        let walked = walk::walk(&subject, recording);
        let name = &subject.name;
        let mut counts = Counts { files: 1, points: walked.points.len(), ..Counts::default() };
        for point in walked.points {
            *self.by_expectation.entry(point.expected.word()).or_default() += 1;
            if point.agrees {
                counts.agreed += 1;
            } else if listed.has(name, &recording.source, &point.at) {
                counts.histories += 1;
            } else {
                counts.disagreed += 1;
                self.disagreements.push(Disagreement {
                    r#type: name.clone(),
                    source: recording.source.clone(),
                    point: point.at,
                    expected: point.expected.word(),
                    got: point.got,
                });
            }
        }
        let again = walked
            .recreated
            .into_iter()
            .map(|again| [name.clone(), recording.source.clone(), again.at, again.planned]);
        self.recreated.extend(again);
        for total in [&mut self.totals, self.by_type.entry(name.clone()).or_default()] {
            total.add(&counts);
        }
    }

    /// The report for machines.
    pub fn json(&self) -> Json {
        let by_type: serde_json::Map<String, Json> =
            self.by_type.iter().map(|(name, counts)| (name.clone(), counts.json())).collect();
        let disagreements: Vec<Json> = self
            .disagreements
            .iter()
            .map(|d| json!({"type": d.r#type, "source": d.source, "point": d.point, "expected": d.expected, "got": d.got}))
            .collect();
        let recreated: Vec<Json> = self
            .recreated
            .iter()
            .map(|[r#type, source, point, planned]| {
                json!({"type": r#type, "source": source, "point": point, "planned": planned})
            })
            .collect();
        let mut out = self.totals.json();
        out["by_type"] = Json::Object(by_type);
        out["by_expectation"] = json!(self.by_expectation);
        out["disagreements"] = Json::Array(disagreements);
        out["recreated"] = Json::Array(recreated);
        out
    }

    /// The report for people: a line a type, then what went wrong.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{:<58}{:>6}{:>9}{:>8}{:>11}{:>11}\n",
            "lifecycles", "files", "points", "agreed", "histories", "disagreed"
        );
        let totals = std::iter::once(("all", &self.totals));
        for (name, c) in self.by_type.iter().map(|(name, c)| (name.as_str(), c)).chain(totals) {
            out.push_str(&format!(
                "{name:<58}{:>6}{:>9}{:>8}{:>11}{:>11}\n",
                c.files, c.points, c.agreed, c.histories, c.disagreed
            ));
        }
        for (word, points) in &self.by_expectation {
            out.push_str(&format!("  {word}: {points} points\n"));
        }
        for [r#type, source, point, planned] in &self.recreated {
            out.push_str(&format!(
                "deleted and made again: {type} at {point} ({source})\n  one plan would have said: {planned}\n"
            ));
        }
        for d in &self.disagreements {
            out.push_str(&format!(
                "disagreed: {} at {} ({})\n  happened {}\n  planned  {}\n",
                d.r#type, d.point, d.source, d.expected, d.got
            ));
        }
        out
    }
}

impl Counts {
    fn add(&mut self, more: &Counts) {
        self.files += more.files;
        self.points += more.points;
        self.agreed += more.agreed;
        self.disagreed += more.disagreed;
        self.histories += more.histories;
    }

    fn json(&self) -> Json {
        json!({
            "files": self.files, "points": self.points, "agreed": self.agreed, "disagreed": self.disagreed,
            "histories": self.histories,
        })
    }
}
