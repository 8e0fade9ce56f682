//! One change as text: what was, what will be, and what to know of it.

use serde_json::Value as Json;

use super::layout::{self, ARROW, Long};
use super::style::{Span, Tone};
use crate::plan::{Action, Change, Shown, Step};
use crate::schema::Danger;

/// `before → after`, folded into `room` columns.
pub(crate) fn lines(step: &Step, change: &Change, room: usize) -> Vec<Vec<Span>> {
    layout::fold(&spans(step, change, room), room, Long::Elide)
}

fn spans(step: &Step, change: &Change, room: usize) -> Vec<Span> {
    if change.secret {
        return vec![Span::new(Tone::Dim, "(secret)")];
    }
    let mut before = change.before.as_ref().map(text);
    let mut after = change.after.as_ref().map(text);
    if let (Some(old), Some(new)) = (&before, &after)
        && (is_long(old, room) || is_long(new, room))
    {
        let (old, new) = layout::contrast(old, new);
        (before, after) = (Some(old), Some(new));
    }
    let shorten = |text: String, shown: &Option<Shown>| {
        let lines = if shown.as_ref().is_some_and(|shown| has_parts(&shown.json)) { 8 } else { 3 };
        layout::elide(&text, room * lines)
    };
    let before = before.map_or_else(
        || Span::new(Tone::Dim, "none"),
        |text| Span::new(Tone::Dim, shorten(text, &change.before)),
    );
    let after = match (after, change.known_after_apply) {
        (Some(text), _) => Span::new(Tone::Plain, shorten(text, &change.after)),
        (None, true) => Span::new(Tone::Dim, "(known after apply)"),
        (None, false) => Span::new(Tone::Dim, "none"),
    };
    match step.action {
        // Of a new resource there is no before, and of a deleted one no after.
        Action::Create => vec![after],
        Action::Recover if change.before.is_none() => vec![after],
        Action::Delete => vec![before],
        _ => vec![before, Span::new(Tone::Dim, ARROW), after],
    }
}

/// Whether a value is made of others: then its middle says as much as its ends, and it takes more room.
fn has_parts(json: &Json) -> bool {
    match json {
        Json::Object(_) => true,
        Json::Array(items) => items.iter().any(has_parts),
        _ => false,
    }
}

/// A value as it stands in the preview: empty text and outer blanks are made visible by quotes.
pub(crate) fn text(shown: &Shown) -> String {
    let clean = layout::clean(&shown.text);
    if clean.trim() == clean && !clean.is_empty() { clean } else { format!("\"{clean}\"") }
}

/// Whether a value has to be shortened: more than three lines of it, or a word that takes more than one.
fn is_long(text: &str, room: usize) -> bool {
    layout::width(text) > room * 3 || text.split(' ').any(|word| layout::width(word) > room)
}

/// What to know of a change, most important first. `waits` are the keys of the steps that come before.
pub(crate) fn notes(step: &Step, change: &Change, waits: &[&str]) -> Vec<Span> {
    let mut notes = Vec::new();
    if change.forces_replacement {
        notes.push(Span::new(Tone::Bad, "forces replacement"));
    }
    // Where a resource changes in one way only, its own line says how dangerous that is.
    if change.danger > Danger::Cosmetic && step.changes.len() > 1 {
        notes.push(Span::new(change.danger.into(), change.danger.word()));
    }
    if change.drifted {
        notes.push(Span::new(Tone::Caution, "changed by hand since the last apply"));
    }
    if change.known_after_apply && change.after.is_some() {
        notes.push(Span::new(Tone::Dim, "known after apply"));
    }
    if explains_wait(step, change) && !waits.is_empty() {
        notes.push(Span::new(Tone::Dim, format!("after {}", list(waits))));
    }
    let last = notes.len().saturating_sub(1);
    notes.iter_mut().take(last).for_each(|note| note.text.push(','));
    notes
}

/// Whether it is this change for which the step waits: only one is not known yet. Of several, the plan does not
/// say which one waits for what, and neither does the preview.
fn explains_wait(step: &Step, change: &Change) -> bool {
    change.known_after_apply && step.changes.iter().filter(|c| c.known_after_apply).count() == 1
}

/// Whether the wait has to be told beside the changes: several are not known yet.
pub(crate) fn waits_for_several(step: &Step) -> bool {
    step.changes.iter().filter(|c| c.known_after_apply).count() > 1
}

/// A few names, and how many more.
pub(crate) fn list(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).map(|n| layout::clean(n)).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
