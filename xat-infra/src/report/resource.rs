//! One resource of the preview: its line, and under it the reason, the changes and the refusal.

use super::layout;
use super::style::{Line, Page, Span, Tone};
use super::value;
use crate::diagnostic::Spot;
use crate::plan::{Action, Change, Drifted, Kept, Presence, Step};
use crate::schema::Danger;

/// Where the signs stand.
const SIGN: usize = 4;
/// Where the types stand.
const LABEL: usize = SIGN + 2;
/// Where everything about a resource stands, under its line.
pub(crate) const UNDER: usize = SIGN + 4;
/// The least space between two columns.
pub(crate) const GAP: usize = 2;

/// Reasons that say no more than the sign in front of the resource. The planner gives them for completeness (and
/// the JSON keeps them).
const PLAIN_REASONS: &[&str] = &["it exists and is not in the state: it is adopted"];

/// Where the columns of all resources stand, so that the eye can run down them.
pub(crate) struct Columns {
    width: usize,
    key: usize,
    danger: usize,
    edge: usize,
}

/// What the line of a resource says.
pub(crate) struct Row<'a> {
    sign: &'a str,
    tone: Tone,
    label: String,
    key: String,
    danger: Danger,
    place: String,
}

impl Row<'_> {
    /// The line of a step.
    pub(crate) fn step(step: &Step) -> Self {
        Row {
            sign: step.action.sign(),
            tone: step.action.into(),
            label: layout::clean(&step.type_label),
            key: layout::clean(&step.key),
            danger: step.danger,
            place: step.declared_at.as_ref().map(place).unwrap_or_default(),
        }
    }

    /// The line of a resource that differs from what was applied or is declared.
    pub(crate) fn drifted(drifted: &Drifted) -> Self {
        let (sign, tone) = match drifted.presence {
            Presence::Changed => ("~", Tone::Caution),
            Presence::Gone | Presence::Undeclared => ("-", Tone::Bad),
            Presence::Appeared => ("=", Tone::Dim),
            Presence::Missing => ("+", Tone::Good),
        };
        Row {
            sign,
            tone,
            label: layout::clean(&drifted.type_label),
            key: layout::clean(&drifted.key),
            danger: Danger::None,
            place: drifted.declared_at.as_ref().map(place).unwrap_or_default(),
        }
    }

    /// The line of a resource with which nothing happens.
    pub(crate) fn kept(kept: &Kept) -> Self {
        Row {
            sign: "·",
            tone: Tone::Dim,
            label: layout::clean(&kept.type_label),
            key: layout::clean(&kept.key),
            danger: Danger::None,
            place: place(&kept.declared_at),
        }
    }
}

/// The file's own name and the line: a terminal has no room for the path.
fn place(spot: &Spot) -> String {
    let file = layout::clean(spot.file.rsplit('/').next().unwrap_or_default());
    if spot.line == 0 { file } else { format!("{file}:{}", spot.line) }
}

impl Columns {
    /// Columns for these rows in this width. Outliers do not push a column: they take more room in their own line.
    pub(crate) fn of(rows: &[Row<'_>], width: usize) -> Self {
        let widest = |of: &dyn Fn(&Row<'_>) -> usize, limit: usize| {
            rows.iter().map(of).map(|w| w.min(limit)).max().unwrap_or(0)
        };
        let most = if width < 90 { width / 4 } else { 26 };
        let label = widest(&|row| layout::width(&row.label), most);
        let key = widest(&|row| layout::width(&row.key), 36);
        let danger = widest(&|row| row.danger.word().len(), 9);
        let place = widest(&|row| layout::width(&row.place), width / 3);
        let key_at = LABEL + label + GAP;
        let ideal = key_at + key + GAP + danger + GAP + place;
        let edge = ideal.min(width);
        Self { width, key: key_at, danger: edge - place - GAP - danger, edge }
    }

    /// Writes a resource's line: one, or two where its name leaves no room for the rest.
    pub(crate) fn row(&self, page: &mut Page, row: &Row<'_>) {
        let label = layout::elide(&row.label, self.width / 2);
        let line = Line::new().to(SIGN).put(row.tone, row.sign).to(LABEL);
        let quiet = row.tone == Tone::Dim;
        let line = line.put(if quiet { Tone::Dim } else { Tone::Plain }, &label);
        let key_at = self.key.max(line.column() + GAP);
        let key = layout::elide(&row.key, self.width - key_at);
        let mut line = line.to(key_at).put(if quiet { Tone::Plain } else { Tone::Strong }, &key);
        let place = layout::elide(&row.place, self.width / 3);
        let place_at = self.edge - layout::width(&place);
        let danger = row.danger.word();
        let needed = if danger.is_empty() { 0 } else { danger.len() + GAP };
        if line.column() + GAP > place_at - needed && !(danger.is_empty() && place.is_empty()) {
            page.push(line);
            line = Line::new();
        }
        // A long name pushes the danger out of its column rather than into a line of its own.
        let danger_at =
            if line.column() == 0 { self.danger } else { self.danger.max(line.column() + GAP) };
        let line = line.to(danger_at.min(place_at - needed)).put(row.danger.into(), danger);
        page.push(line.to(place_at).put(Tone::Dim, &place));
    }

    /// Writes a step: its line, why, what changes, and why it would not be done.
    pub(crate) fn step(&self, page: &mut Page, step: &Step, waits: &[&str]) {
        self.row(page, &Row::step(step));
        for reason in reasons(step, waits) {
            page.paragraph(UNDER, self.width, &[Span::new(Tone::Dim, reason)]);
        }
        let value_at = self.value_column(step);
        for change in visible(step) {
            self.change(page, step, change, value_at, waits);
        }
        let hidden = step.changes.len() - visible(step).count();
        if hidden > 0 {
            page.push(Line::new().to(UNDER).put(Tone::Dim, &format!("and {hidden} by default")));
        }
        if let Some(refusal) = &step.refused {
            let why = Span::new(Tone::Bad, format!("refused: {}", layout::clean(&refusal.why)));
            let code = Span::new(Tone::Dim, format!("[{}]", refusal.code));
            page.paragraph(UNDER, self.width, &[why, code]);
            for help in refusal.help.lines() {
                page.paragraph(UNDER, self.width, &[Span::new(Tone::Plain, layout::clean(help))]);
            }
        }
    }

    /// Where a step's values begin: under the keys, unless one of its labels needs more room.
    fn value_column(&self, step: &Step) -> usize {
        let limit = self.width * 2 / 5;
        let labels = visible(step).map(|c| layout::width(&c.label)).filter(|w| *w <= limit);
        let needed = UNDER + labels.max().unwrap_or(0) + GAP;
        needed.max(self.key + GAP).min(self.width * 3 / 5)
    }

    fn change(
        &self,
        page: &mut Page,
        step: &Step,
        change: &Change,
        value_at: usize,
        waits: &[&str],
    ) {
        let label = layout::elide(&layout::clean(&change.label), self.width - UNDER);
        let mut line = Line::new().to(UNDER).put(Tone::Plain, &label);
        if line.column() + GAP > value_at {
            page.push(line);
            line = Line::new();
        }
        let mut values = value::lines(step, change, self.width - value_at);
        let last = values.pop().unwrap_or_default();
        for value in values {
            page.push(line.to(value_at).put_all(&value));
            line = Line::new();
        }
        let line = line.to(value_at).put_all(&last);
        let notes = value::notes(step, change, waits);
        if notes.is_empty() {
            page.push(line);
            return;
        }
        // Notes stand under the dangers if they can, else right behind the value, else in a line of their own.
        let needed: usize = notes.iter().map(|n| layout::width(&n.text) + 1).sum::<usize>() - 1;
        let behind = line.column() + GAP;
        let at =
            [self.danger, behind].into_iter().find(|at| behind <= *at && at + needed <= self.width);
        match at {
            Some(at) => {
                let folded = layout::fold(&notes, needed, layout::Long::Break);
                page.push(folded.iter().fold(line.to(at), |line, spans| line.put_all(spans)));
            }
            None => {
                page.push(line);
                page.paragraph(value_at, self.width, &notes);
            }
        }
    }
}

/// The changes that are shown. Of a new resource, what the stack says of it; its defaults are on its type's page.
fn visible(step: &Step) -> impl Iterator<Item = &Change> {
    let new = matches!(step.action, Action::Create | Action::Recover);
    step.changes.iter().filter(move |change| !(new && change.by_default))
}

/// What to say under a resource's line before its changes.
fn reasons(step: &Step, waits: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(from) = &step.moved_from {
        out.push(format!("moved from {}", layout::clean(from)));
    }
    if step.action == Action::ReplaceCreateFirst {
        out.push("the new one is made before the old one goes".to_owned());
    }
    let because: Vec<String> = step
        .because
        .iter()
        .filter(|clause| says_more(step, clause))
        .map(|c| layout::clean(c))
        .collect();
    match (step.action, because.is_empty()) {
        (_, false) => out.push(format!("because {}", because.join("; "))),
        // The signs of these two are not known from elsewhere.
        (Action::Recover, true) => out.push("taken back from among the soft-deleted".to_owned()),
        (Action::Forget, true) => {
            out.push("no longer ours; it stays in the cloud as it is".to_owned())
        }
        _ => {}
    }
    if value::waits_for_several(step) && !waits.is_empty() {
        out.push(format!("after {}", value::list(waits)));
    }
    out
}

/// Whether a reason says more than the sign and the changes do.
fn says_more(step: &Step, clause: &str) -> bool {
    let told = |change: &Change| {
        [&change.label, &change.path]
            .into_iter()
            .any(|name| !name.is_empty() && clause.trim_matches('`').starts_with(name.as_str()))
    };
    let plain = step.action == Action::Adopt && PLAIN_REASONS.contains(&clause);
    !plain && !step.changes.iter().any(told)
}
