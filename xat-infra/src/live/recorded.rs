//! Recorded estates: a file or folder of bodies as a cloud returns them.
//!
//! A file holds `{"format": "xat-estate/1", "recorded": "2026-01-02", "resources": [..]}`, a plain list of bodies, or one
//! body. Bodies that do not say what they are stand in assets. Bodies stay text; only their IDs are read here.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::value::RawValue;

use super::asset::Asset;
use super::{Body, Estate, Origin, deleted_key, place};
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
#[derive(Default)]
struct Head<'t> {
    id: Option<Cow<'t, str>>,
    kind: Option<Cow<'t, str>>,
    /// Whether it is an asset, which has its body inside.
    asset: bool,
}

impl<'t> Head<'t> {
    /// Reads a body's ID and type, and no further: they mostly stand first, and bodies are long.
    fn of(body: &'t RawValue) -> Result<Self, serde_json::Error> {
        let mut head = Head::default();
        match serde_json::Deserializer::from_str(body.get()).deserialize_map(&mut head) {
            // Stopping early is an error to the reader; the text was found to be JSON before.
            Err(_) if head.asset || (head.id.is_some() && head.kind.is_some()) => Ok(head),
            result => result.map(|()| head),
        }
    }
}

impl<'t> Head<'t> {
    /// Of an asset: what it says of its body, and the body in place of the asset.
    fn opened(self, raw: &mut &'t RawValue) -> Result<Self, serde_json::Error> {
        if !self.asset {
            return Ok(self);
        }
        let asset: Asset<'t> = serde_json::from_str(raw.get())?;
        *raw = asset.resource.data;
        let (id, kind) = (Some(asset.name.into()), Some(asset.asset_type.into()));
        Ok(Self { id, kind, asset: true })
    }
}

impl<'t> Visitor<'t> for &mut Head<'t> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "id" => self.id = map.next_value::<Option<Text<'t>>>()?.map(|text| text.0),
                "type" => self.kind = map.next_value::<Option<Text<'t>>>()?.map(|text| text.0),
                "assetType" => self.asset = true,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.asset || (self.id.is_some() && self.kind.is_some()) {
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

/// Text, borrowed wherever it has no escapes.
#[derive(Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

pub(super) const FORMAT: &str = "xat-estate/1";

impl Estate {
    /// An estate from the text of one file; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// The text is not JSON of a known form, a body has no ID, or two bodies have one ID.
    pub fn from_text(
        name: &str,
        text: impl Into<Cow<'static, str>>,
    ) -> Result<Self, Vec<Diagnostic>> {
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
        text: Cow<'static, str>,
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
        self.bodies.reserve(bodies.len());
        self.index.reserve(bodies.len());
        let mut twice = Vec::new();
        for raw in bodies {
            // The raw bodies borrow from the text: their addresses are offsets into it.
            let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
            let mut raw = raw;
            let head = match Head::of(raw).and_then(|head| head.opened(&mut raw)) {
                Ok(head) => head,
                Err(_) => {
                    let spot = place(name, &text, start);
                    problems.push(malformed("this is not a body").at(spot, "here").help(
                        "a body is an object whose `id` and `type` are text, or an asset with \
                                 `name`, `assetType` and `resource.data`",
                    ));
                    continue;
                }
            };
            let Some(id) = head.id else {
                let spot = place(name, &text, start);
                problems.push(
                    malformed("this body has no `id`")
                        .at(spot, "in this body")
                        .help("give each body the `id` with which the cloud returned it"),
                );
                continue;
            };
            if head.kind.as_deref().is_some_and(|kind| kind.contains("/deleted")) {
                self.note_deleted(raw.get());
            }
            let start_of_body = raw.get().as_ptr() as usize - text.as_ptr() as usize;
            let range = start_of_body..start_of_body + raw.get().len();
            let kind = head.kind.map(|kind| self.intern(&kind));
            let body = Body { source, range, id: id.as_ref().into(), kind, next: None };
            if let Err(first) = self.insert(body) {
                twice.push((id.into_owned(), start, first));
            }
        }
        self.texts.push(Origin { name: name.to_owned(), text });
        for (id, start, first) in twice {
            let source = &self.texts[source as usize];
            problems.push(
                Diagnostic::error("estate-duplicate", format!("the estate holds `{id}` twice"))
                    .at(place(&source.name, &source.text, start), "the second body")
                    .at(self.spot(first, 0), "the first body")
                    .help("keep the newer one"),
            );
        }
        recorded
    }

    /// Remembers what a deleted resource was: its old ID stands somewhere below `properties`.
    fn note_deleted(&mut self, text: &str) {
        #[derive(Deserialize)]
        struct Deleted {
            r#type: Option<String>,
            #[serde(default)]
            properties: serde_json::Map<String, serde_json::Value>,
        }
        if let Ok(Deleted { r#type: Some(wire), properties }) = serde_json::from_str(text) {
            for old in properties.values().filter_map(|v| v.as_str()).filter(|v| v.starts_with('/'))
            {
                self.deleted.insert(deleted_key(&wire, old));
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
        let message = match error.to_string() {
            _ if error.is_eof() => "the estate ends too early: it was cut off".to_owned(),
            why => {
                let why = why.split(" at line ").next().unwrap_or(&why);
                format!("the estate is malformed: {why}")
            }
        };
        // What ends behind a line feed ends before the first column.
        Self { message, line: error.line().max(1), column: error.column().max(1) }
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
        None => Err(Problem { message: "the estate is empty".into(), line: 1, column: 1 }),
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
