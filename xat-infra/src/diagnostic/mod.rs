//! What the library tells people: coded messages that point at their own lines.
//!
//! The library never prints. A [`Diagnostic`] is data; the command line draws it.

mod codes;

use std::fmt;
use std::panic::Location;

pub use codes::{CODES, Code, code};

use crate::value::Place;

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// Worth knowing.
    Advice,
    /// Probably not what was meant.
    Warning,
    /// Nothing is planned or emitted while it stands.
    Error,
}

impl Severity {
    /// The word for it (`error`).
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Advice => "advice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Where something is: a line of the user's Rust, or a place in a file that was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spot {
    /// The file's path, as the compiler or the reader of the file knew it.
    pub file: String,
    /// Line, from 1; 0 where only the file is known.
    pub line: u32,
    /// Column, from 1; 0 where only the line is known.
    pub column: u32,
}

impl Spot {
    /// A place in a file that was read.
    pub fn new(file: impl Into<String>, line: usize, column: usize) -> Self {
        let narrow = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file: file.into(), line: narrow(line), column: narrow(column) }
    }

    /// A file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self::new(file, 0, 0)
    }
}

impl From<&'static Location<'static>> for Spot {
    fn from(at: Place) -> Self {
        Self { file: at.file().replace('\\', "/"), line: at.line(), column: at.column() }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.file),
            (line, 0) => write!(f, "{}:{line}", self.file),
            (line, column) => write!(f, "{}:{line}:{column}", self.file),
        }
    }
}

/// One thing to tell.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// Its stable code; `explain CODE` tells more.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in lower case, user text in backticks.
    pub message: String,
    /// Where, with a word on each place; the first is the main one.
    pub labels: Vec<(Spot, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Points at a place, with a word on it.
    #[must_use]
    pub fn at(mut self, spot: impl Into<Spot>, word: impl Into<String>) -> Self {
        self.labels.push((spot.into(), word.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The main place, if there is one.
    pub fn spot(&self) -> Option<&Spot> {
        self.labels.first().map(|(spot, _)| spot)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity.word(), self.code, self.message)?;
        for (spot, word) in &self.labels {
            write!(f, "\n  at {spot}: {word}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// Gathered diagnostics, in an order that does not depend on how they were found.
#[derive(Clone, Default, Debug)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds several.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// The diagnostics by file, line and code, each once.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by(|a, b| (a.spot(), a.code, &a.message).cmp(&(b.spot(), b.code, &b.message)));
        self.0.dedup();
        self.0
    }

    /// The value, or all diagnostics if one of them is an error; warnings go to `rest`.
    ///
    /// # Errors
    /// All diagnostics, sorted, when one is an error.
    pub fn or_value<T>(self, value: T, rest: &mut Vec<Diagnostic>) -> Result<T, Vec<Diagnostic>> {
        if self.has_errors() {
            return Err(self.sorted());
        }
        rest.extend(self.sorted());
        Ok(value)
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.sorted().into_iter()
    }
}

/// The candidate that `word` was probably meant to be.
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (word.chars().count() / 3).max(2);
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
