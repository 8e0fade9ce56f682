//! Bodies that were read, on their way to become an estate or a file.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Estate;
use super::asset::wrap;
use crate::diagnostic::Diagnostic;

/// Bodies by ID, in the order of their IDs.
#[derive(Clone, Default)]
pub struct Recording {
    bodies: BTreeMap<String, Recorded>,
}

/// One body, with what it may not say itself.
#[derive(Clone)]
pub struct Recorded {
    /// The ID under which it was asked for.
    pub id: String,
    /// Its REST type.
    pub kind: String,
    /// The body, as its service returns it.
    pub body: Json,
}

impl Recorded {
    /// The body as an estate has it: alone where it says its ID and type, else in an asset.
    pub fn entry(self) -> Json {
        wrap(&self.id, &self.kind, self.body)
    }
}

impl Recording {
    /// The bodies of an estate.
    ///
    /// # Errors
    /// None in practice: what an estate holds was found to be JSON.
    pub fn of(estate: &Estate) -> Result<Self, Vec<Diagnostic>> {
        let mut recording = Self::default();
        for id in estate.ids() {
            let text = estate.text(id).unwrap_or_default();
            let body = serde_json::from_str(text).map_err(|error| {
                vec![Diagnostic::error("estate-malformed", format!("a body is malformed: {error}"))]
            })?;
            let kind = estate.locate(id).and_then(|at| estate.kind(at)).unwrap_or_default();
            recording.add(id, kind, body);
        }
        Ok(recording)
    }

    /// Adds a body under the ID by which it was asked for, unless there is one.
    pub(super) fn add(&mut self, id: &str, kind: &str, body: Json) {
        let recorded = Recorded { id: id.to_owned(), kind: kind.to_owned(), body };
        self.bodies.entry(id.to_ascii_lowercase()).or_insert(recorded);
    }

    /// Adds what another recording has.
    pub fn merge(&mut self, other: Self) {
        for (id, recorded) in other.bodies {
            self.bodies.entry(id).or_insert(recorded);
        }
    }

    /// How many bodies there are.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    pub(super) fn bodies_mut(&mut self) -> impl Iterator<Item = &mut Recorded> {
        self.bodies.values_mut()
    }

    /// The text of a recorded estate, `xat-estate/1`. Equal bodies give equal bytes. `date` is the day on which they were
    /// read, `2026-01-02`.
    pub fn to_text(&self, date: Option<&str>) -> String {
        let mut document = Map::new();
        document.insert("format".to_owned(), super::recorded::FORMAT.into());
        document.extend(date.map(|date| ("recorded".to_owned(), date.into())));
        document.insert(
            "resources".to_owned(),
            self.bodies.values().cloned().map(Recorded::entry).collect(),
        );
        // `Display` cannot fail here, and `{:#}` breaks lines so that a review sees what changed.
        format!("{:#}\n", Json::Object(document))
    }

    /// The estate that these bodies are, called `label` in plans.
    ///
    /// # Errors
    /// None in practice: what is written is what is read.
    pub fn into_estate(self, label: &str) -> Result<Estate, Vec<Diagnostic>> {
        let resources: Vec<Json> = self.bodies.into_values().map(Recorded::entry).collect();
        let text = json!({"format": super::recorded::FORMAT, "resources": resources}).to_string();
        let mut estate = Estate::from_text(label, text)?;
        estate.label = label.to_owned();
        Ok(estate)
    }
}
