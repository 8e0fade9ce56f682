//! Recorded estates: a file or folder of bodies as a cloud returns them.
//!
//! A file holds `{"format": "xat-estate/1", "recorded": "2026-01-02", "resources": [..]}`, a plain list of bodies, or one
//! body. Bodies stay text; only their IDs are read here.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Body, Estate, Source, deleted_key};
use crate::diagnostic::{Diagnostic, Diagnostics, Spot};

/// The whole file, its bodies still text.
#[derive(Deserialize)]
struct Document<'t> {
    format: Option<String>,
    recorded: Option<String>,
    #[serde(borrow)]
    resources: Option<Vec<&'t RawValue>>,
}

/// What is read of every body.
#[derive(Deserialize)]
struct Head<'t> {
    #[serde(borrow)]
    id: Option<Cow<'t, str>>,
    #[serde(borrow)]
    r#type: Option<Cow<'t, str>>,
}

const FORMAT: &str = "xat-estate/1";

impl Estate {
    /// An estate from the text of one file; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// The text is not JSON of a known form, a body has no ID, or two bodies have one ID.
    pub fn from_text(name: &str, text: impl Into<Arc<str>>) -> Result<Self, Vec<Diagnostic>> {
        let mut estate = Self::default();
        let mut problems = Diagnostics::new();
        let recorded = estate.take_text(name, text.into(), &mut problems);
        estate.label = label(recorded.as_deref());
        problems.or_value(estate, &mut Vec::new())
    }

    /// An estate from a file, or from every `.json` file of a folder and its folders, by name.
    ///
    /// # Errors
    /// As [`from_text`](Self::from_text), and when something cannot be read.
    pub fn read(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Diagnostics::new();
        let mut files = Vec::new();
        collect(path, &mut files, &mut problems);
        files.sort();
        if files.is_empty() && !problems.has_errors() {
            problems.push(unreadable(path, "there is no .json file in it"));
        }
        let mut estate = Self::default();
        let mut recorded = None;
        for file in &files {
            match std::fs::read_to_string(file) {
                Ok(text) => {
                    let date =
                        estate.take_text(&file.display().to_string(), text.into(), &mut problems);
                    recorded = recorded.max(date);
                }
                Err(error) => problems.push(unreadable(file, &error.to_string())),
            }
        }
        estate.label = label(recorded.as_deref());
        problems.or_value(estate, &mut Vec::new())
    }

    /// Takes up the bodies of one text; returns the date on which it says it was recorded.
    fn take_text(
        &mut self,
        name: &str,
        text: Arc<str>,
        problems: &mut Diagnostics,
    ) -> Option<String> {
        let source = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let (bodies, recorded) = match bodies_of(&text) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(problem.into_diagnostic(name));
                return None;
            }
        };
        // Offsets into the text: the raw bodies borrow from it.
        let base = text.as_ptr() as usize;
        self.bodies.reserve(bodies.len());
        self.index.reserve(bodies.len());
        self.texts.push(Source { name: name.to_owned(), text: Arc::clone(&text) });
        for raw in bodies {
            let start = raw.get().as_ptr() as usize - base;
            let range = start..start + raw.get().len();
            let head: Head<'_> = match serde_json::from_str(raw.get()) {
                Ok(head) => head,
                Err(why) => {
                    problems.push(
                        malformed(&format!("this is not a body: {why}"))
                            .at(self.place(source, start), "here"),
                    );
                    continue;
                }
            };
            let Some(id) = head.id else {
                problems.push(
                    malformed("this body has no `id`")
                        .at(self.place(source, start), "in this body"),
                );
                continue;
            };
            if head.r#type.as_deref().is_some_and(|kind| kind.contains("/deleted")) {
                self.note_deleted(&range, source);
            }
            let kind = head.r#type.map(|kind| self.intern(&kind));
            let body = Body { source, range, id: id.as_ref().into(), kind, next: None };
            if let Err(first) = self.insert(body) {
                problems.push(
                    Diagnostic::error("estate-duplicate", format!("the estate holds `{id}` twice"))
                        .at(self.place(source, start), "the second body")
                        .at(self.spot(first, 0), "the first body")
                        .help("keep the newer one"),
                );
            }
        }
        recorded
    }

    fn place(&self, source: u32, offset: usize) -> Spot {
        let source = &self.texts[source as usize];
        let before = &source.text[..offset.min(source.text.len())];
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |n| n + 1) + 1;
        Spot::new(source.name.clone(), line, column)
    }

    /// Remembers what a deleted resource was: its old ID stands somewhere below `properties`.
    fn note_deleted(&mut self, range: &std::ops::Range<usize>, source: u32) {
        #[derive(Deserialize)]
        struct Deleted {
            r#type: Option<String>,
            #[serde(default)]
            properties: serde_json::Map<String, serde_json::Value>,
        }
        let text = &self.texts[source as usize].text[range.clone()];
        if let Ok(Deleted { r#type: Some(wire), properties }) = serde_json::from_str(text) {
            for old in properties.values().filter_map(|v| v.as_str()).filter(|v| v.starts_with('/'))
            {
                self.deleted.insert(deleted_key(&wire, old), source);
            }
        }
    }
}

/// Why a text is not an estate.
struct Problem {
    message: String,
    line: usize,
    column: usize,
}

impl Problem {
    fn into_diagnostic(self, name: &str) -> Diagnostic {
        malformed(&self.message)
            .at(Spot::new(name, self.line, self.column), "reading stopped here")
            .help("a recorded estate is `{\"format\": \"xat-estate/1\", \"resources\": [..]}`, a list of bodies, or one body")
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        Self {
            message: format!("the estate is malformed: {message}"),
            line: error.line(),
            column: error.column(),
        }
    }
}

fn bodies_of(text: &str) -> Result<(Vec<&RawValue>, Option<String>), Problem> {
    match text.trim_start().as_bytes().first() {
        Some(b'[') => Ok((serde_json::from_str(text)?, None)),
        Some(b'{') => {
            let document: Document<'_> = serde_json::from_str(text)?;
            if let Some(format) = document.format.as_deref()
                && format != FORMAT
            {
                let message = format!(
                    "the estate has the format `{format}`, and this program reads `{FORMAT}`"
                );
                return Err(Problem { message, line: 1, column: 1 });
            }
            match document.resources {
                Some(bodies) => Ok((bodies, document.recorded)),
                None if document.format.is_some() => Err(Problem {
                    message: "the estate has no `resources`".into(),
                    line: 1,
                    column: 1,
                }),
                None => Ok((vec![serde_json::from_str(text)?], None)),
            }
        }
        _ => Err(Problem {
            message: "the estate is not JSON: it starts with neither `{` nor `[`".into(),
            line: 1,
            column: 1,
        }),
    }
}

fn malformed(message: &str) -> Diagnostic {
    Diagnostic::error("estate-malformed", message)
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error("estate-unreadable", format!("`{}` cannot be read: {why}", path.display()))
        .at(Spot::file(path.display().to_string()), "named with --live")
        .help("give the path of a file or folder of recorded bodies")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, problems: &mut Diagnostics) {
    if path.is_dir() {
        match std::fs::read_dir(path) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let path = entry.path();
                    if path.is_dir() || path.extension().is_some_and(|e| e == "json") {
                        collect(&path, files, problems);
                    }
                }
            }
            Err(error) => problems.push(unreadable(path, &error.to_string())),
        }
    } else {
        files.push(path.to_owned());
    }
}

fn label(recorded: Option<&str>) -> String {
    match recorded {
        Some(date) => format!("recorded estate of {date}"),
        None => "recorded estate".to_owned(),
    }
}
