//! Bodies that were read, on their way to become an estate or a file.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Estate;
use crate::diagnostic::Diagnostic;

/// Bodies by ID, in the order of their IDs.
#[derive(Clone, Default)]
pub struct Recording {
    bodies: BTreeMap<String, Json>,
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
            recording.add(id, body);
        }
        Ok(recording)
    }

    /// Adds a body under the ID by which it was asked for, unless there is one. A body that says another ID of itself,
    /// or none, would not be found again: it then gets this one.
    pub(super) fn add(&mut self, id: &str, mut body: Json) {
        if let Json::Object(map) = &mut body {
            let says = map.get("id").and_then(Json::as_str);
            if !says.is_some_and(|says| says.eq_ignore_ascii_case(id)) {
                let rest = std::mem::take(map);
                map.insert("id".to_owned(), id.into());
                map.extend(rest.into_iter().filter(|(key, _)| key != "id"));
            }
        }
        self.bodies.entry(id.to_ascii_lowercase()).or_insert(body);
    }

    /// How many bodies there are.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    pub(super) fn bodies_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.bodies.values_mut()
    }

    /// The text of a recorded estate, `xat-estate/1`. Equal bodies give equal bytes. `date` is the day on which they were
    /// read, `2026-01-02`.
    pub fn to_text(&self, date: Option<&str>) -> String {
        let mut document = Map::new();
        document.insert("format".to_owned(), super::recorded::FORMAT.into());
        document.extend(date.map(|date| ("recorded".to_owned(), date.into())));
        document.insert("resources".to_owned(), self.bodies.values().cloned().collect());
        // `Display` cannot fail here, and `{:#}` breaks lines so that a review sees what changed.
        format!("{:#}\n", Json::Object(document))
    }

    /// The estate that these bodies are, called `label` in plans.
    ///
    /// # Errors
    /// None in practice: what is written is what is read.
    pub fn into_estate(self, label: &str) -> Result<Estate, Vec<Diagnostic>> {
        let resources: Vec<Json> = self.bodies.into_values().collect();
        let text = json!({"format": super::recorded::FORMAT, "resources": resources}).to_string();
        let mut estate = Estate::from_text(label, text)?;
        estate.label = label.to_owned();
        Ok(estate)
    }
}
