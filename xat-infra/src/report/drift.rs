//! Drift for people: what changed since the last apply, and what is not as it is declared, apart.

use super::layout::{self, ARROW, Long};
use super::resource::{Columns, GAP, Row, UNDER};
use super::style::{Line, Page, Span, Tone};
use super::{Options, count, footer, value};
use crate::plan::{Cause, Drift, Drifted, DriftedLeaf, Presence};

/// Which of the two lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Applied,
    Declared,
}

/// The drift as text. No line is wider than the options say, and none ends in blanks.
pub fn drift_to_text(drift: &Drift, options: &Options) -> String {
    let width = options.width.max(40);
    let mut page = Page::default();
    header(&mut page, drift, width);
    let rows: Vec<Row<'_>> =
        drift.from_applied.iter().chain(&drift.from_declared).map(Row::drifted).collect();
    let columns = Columns::of(&rows, width);
    let sides = [
        (Side::Applied, &drift.from_applied, "changed since the last apply (applied → live)"),
        (Side::Declared, &drift.from_declared, "not as it is declared now (live → declared)"),
    ];
    for (side, found, heading) in sides {
        if found.is_empty() {
            continue;
        }
        page.blank();
        page.paragraph(2, width, &[Span::new(Tone::Strong, heading)]);
        for resource in found {
            columns.row(&mut page, &Row::drifted(resource));
            if let Some(note) = note(resource) {
                page.paragraph(UNDER, width, &[Span::new(Tone::Dim, note)]);
            }
            let at = value_column(resource, width);
            resource.leaves.iter().for_each(|leaf| self::leaf(&mut page, side, leaf, at, width));
        }
    }
    footer::unmanaged(&mut page, &drift.unmanaged, width);
    end(&mut page, drift, width);
    page.render(options.colour)
}

/// `stack, environment · live: .. · N resources applied, M declared`.
fn header(page: &mut Page, drift: &Drift, width: usize) {
    let mut name = layout::clean(&drift.stack);
    if let Some(environment) = &drift.environment {
        name.push_str(&format!(", {}", layout::clean(environment)));
    }
    let rest = format!(
        "· live: {} · {} applied, {} declared",
        layout::clean(&drift.live),
        count(drift.applied, "resource"),
        drift.declared
    );
    page.paragraph(0, width, &[Span::new(Tone::Strong, name), Span::new(Tone::Dim, rest)]);
}

/// What to say of a whole resource.
fn note(resource: &Drifted) -> Option<&'static str> {
    match (resource.presence, resource.cause) {
        (Presence::Changed, _) => None,
        (Presence::Gone, Cause::Both) => Some("gone, and the stack no longer has it"),
        (Presence::Gone, _) => Some("gone: somebody deleted it"),
        (Presence::Appeared, _) => Some("there, and not in the state: it was not applied"),
        (Presence::Missing, Cause::ByHand) => Some("declared, applied, and somebody deleted it"),
        // The end says what its sign means.
        (Presence::Missing, _) => None,
        (Presence::Undeclared, _) => Some("there, and the stack no longer has it: not applied yet"),
    }
}

/// Where a resource's values begin.
fn value_column(resource: &Drifted, width: usize) -> usize {
    let limit = width * 2 / 5;
    let labels = resource.leaves.iter().map(|leaf| layout::width(&leaf.label));
    (UNDER + labels.filter(|width| *width <= limit).max().unwrap_or(0) + GAP).min(width * 3 / 5)
}

fn leaf(page: &mut Page, side: Side, leaf: &DriftedLeaf, at: usize, width: usize) {
    let label = layout::elide(&layout::clean(&leaf.label), width - UNDER);
    let mut line = Line::new().to(UNDER).put(Tone::Plain, &label);
    if line.column() + GAP > at {
        page.push(line);
        line = Line::new();
    }
    let mut lines = layout::fold(&values(side, leaf, width - at), width - at, Long::Elide);
    let last = lines.pop().unwrap_or_default();
    for spans in lines {
        page.push(line.to(at).put_all(&spans));
        line = Line::new();
    }
    let line = line.to(at).put_all(&last);
    let tone = if leaf.cause == Cause::NotApplied { Tone::Dim } else { Tone::Caution };
    let behind = line.column() + GAP;
    if behind + layout::width(leaf.cause.text()) <= width {
        page.push(line.to(behind).put(tone, leaf.cause.text()));
    } else {
        page.push(line);
        page.paragraph(at, width, &[Span::new(tone, leaf.cause.text())]);
    }
}

/// `applied → live`, or `live → declared`.
fn values(side: Side, leaf: &DriftedLeaf, room: usize) -> Vec<Span> {
    if leaf.secret {
        return vec![Span::new(Tone::Dim, "(secret)")];
    }
    let shown = |shown: &Option<crate::plan::Shown>, none: &str| {
        shown.as_ref().map_or_else(|| none.to_owned(), |s| layout::elide(&value::text(s), room * 3))
    };
    // The state holds hashes: a value that the stack no longer says is not known any more.
    let lost = if side == Side::Applied { "(what was applied)" } else { "none" };
    let (expected, live) = (shown(&leaf.expected, lost), shown(&leaf.live, "none"));
    let (before, after) = match side {
        Side::Applied => (expected, live),
        Side::Declared => (live, expected),
    };
    vec![Span::new(Tone::Dim, before), Span::new(Tone::Dim, ARROW), Span::new(Tone::Plain, after)]
}

/// What no reading shows, and how much of what there is.
fn end(page: &mut Page, drift: &Drift, width: usize) {
    page.blank();
    let new =
        |found: &Drifted| found.presence == Presence::Missing && found.cause == Cause::NotApplied;
    if drift.from_declared.iter().any(new) {
        page.paragraph(0, width, &[Span::new(Tone::Dim, "+ declared and not applied yet")]);
    }
    if drift.applied == 0 {
        let text = "The state knows no resource: nothing can be said of the last apply.";
        page.paragraph(0, width, &[Span::new(Tone::Plain, text)]);
    }
    if !drift.unseen.is_empty() {
        let mut labels: Vec<&str> =
            drift.unseen.iter().flat_map(|unseen| &unseen.labels).map(String::as_str).collect();
        labels.sort_unstable();
        labels.dedup();
        let text = format!(
            "Of {} some values are never returned, and changes of them by hand not seen: {}.",
            count(drift.unseen.len(), "resource"),
            labels.join(", ")
        );
        page.paragraph(0, width, &[Span::new(Tone::Dim, layout::clean(&text))]);
    }
    let text = match (drift.from_applied.len(), drift.from_declared.len()) {
        (0, 0) if drift.applied == 0 => "Everything is as it is declared.".to_owned(),
        (0, 0) => "No drift: everything is as it was applied and as it is declared.".to_owned(),
        (applied, declared) => format!(
            "{} changed since the last apply, {declared} not as declared",
            count(applied, "resource")
        ),
    };
    page.paragraph(0, width, &[Span::new(Tone::Plain, text)]);
}
