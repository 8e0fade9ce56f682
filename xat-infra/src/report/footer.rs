//! The end of the preview: what stays as it is, what nobody declares, and how much of what would be done.

use std::collections::BTreeSet;

use super::layout::{self, Long};
use super::style::{Line, Page, Span, Tone};
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::{Action, Plan, Step, Unmanaged};

/// `1 resource`, `2 resources`.
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Writes everything behind the resources.
pub(crate) fn write(page: &mut Page, plan: &Plan, show_unchanged: bool, width: usize) {
    unmanaged(page, &plan.unmanaged, width);
    let asides = asides(plan, show_unchanged);
    if plan.has_changes() && !asides.is_empty() {
        page.blank();
    }
    for aside in asides.iter().filter(|_| plan.has_changes()) {
        page.paragraph(2, width, &[Span::new(Tone::Dim, aside.as_str())]);
    }
    page.blank();
    let summary = if plan.has_changes() { summary(plan) } else { nothing(plan) };
    page.paragraph(0, width, &summary);
}

/// What is worth a count and no more.
fn asides(plan: &Plan, show_unchanged: bool) -> Vec<String> {
    let summary = plan.summary();
    let mut parts = Vec::new();
    match summary.unchanged {
        0 => {}
        n if show_unchanged => parts.push(format!("{n} unchanged")),
        n => parts.push(format!("{n} unchanged (list them with --show-unchanged)")),
    }
    for (action, words) in [
        (Action::Adopt, ["adopted as it is", "adopted as they are"]),
        (Action::Move, ["moved", "moved"]),
        (Action::Forget, ["forgotten", "forgotten"]),
    ] {
        match summary.count(action) {
            0 => {}
            1 => parts.push(format!("1 {}", words[0])),
            n => parts.push(format!("{n} {}", words[1])),
        }
    }
    let told = diagnostics(plan);
    [parts.join(", "), told].into_iter().filter(|line| !line.is_empty()).collect()
}

/// How many diagnostics of each severity there are, without the refusals, which stand with their resources.
fn diagnostics(plan: &Plan) -> String {
    let others = besides_refusals(plan);
    let of = |severity: Severity| others.iter().filter(|d| d.severity == severity).count();
    let mut parts = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        match of(severity) {
            0 => {}
            n => parts.push(count(n, severity.word())),
        }
    }
    match of(Severity::Advice) {
        0 => {}
        1 => parts.push("1 piece of advice".to_owned()),
        n => parts.push(format!("{n} pieces of advice")),
    }
    parts.join(", ")
}

/// The diagnostics that the preview does not say under a resource already.
pub(crate) fn besides_refusals(plan: &Plan) -> Vec<&Diagnostic> {
    let told: BTreeSet<&str> =
        plan.steps.iter().filter_map(|step| Some(step.refused.as_ref()?.code)).collect();
    plan.diagnostics.iter().filter(|d| !told.contains(d.code)).collect()
}

/// `9 to create, 2 to change, 1 to replace (refused), 0 to delete`.
fn summary(plan: &Plan) -> Vec<Span> {
    let kinds: [(&[Action], &str, bool); 5] = [
        (&[Action::Create], "create", true),
        (&[Action::Recover], "recover", false),
        (&[Action::Update], "change", true),
        (&[Action::Replace, Action::ReplaceCreateFirst], "replace", true),
        (&[Action::Delete], "delete", true),
    ];
    let mut spans = Vec::new();
    for (actions, word, always) in kinds {
        let steps: Vec<&Step> = plan.steps.iter().filter(|s| actions.contains(&s.action)).collect();
        if steps.is_empty() && !always {
            continue;
        }
        let refused = steps.iter().filter(|step| step.refused.is_some()).count();
        let mut text = format!("{} to {word}", steps.len());
        match refused {
            0 => {}
            n if n == steps.len() => text.push_str(" (refused)"),
            n => text.push_str(&format!(" ({n} refused)")),
        }
        let tone = if steps.is_empty() {
            Tone::Dim
        } else {
            actions.first().map_or(Tone::Plain, |a| (*a).into())
        };
        spans.push(Span::new(tone, text));
    }
    let last = spans.len().saturating_sub(1);
    spans.iter_mut().take(last).for_each(|span| span.text.push(','));
    spans
}

/// The one sentence for a plan without steps.
fn nothing(plan: &Plan) -> Vec<Span> {
    let mut text = match plan.declared {
        0 => "Nothing to do: the stack declares nothing.".to_owned(),
        _ => "Nothing to do: everything is as declared.".to_owned(),
    };
    let told = diagnostics(plan);
    if !told.is_empty() {
        text.push_str(&format!(" ({told})"));
    }
    vec![Span::new(Tone::Good, text)]
}

/// What exists live and nobody declares.
pub(crate) fn unmanaged(page: &mut Page, unmanaged: &[Unmanaged], width: usize) {
    if unmanaged.is_empty() {
        return;
    }
    page.blank();
    page.paragraph(2, width, &[Span::new(Tone::Strong, "declared by nobody, left alone")]);
    for found in unmanaged {
        let name = layout::clean(found.address.as_deref().unwrap_or(&found.id));
        page.push(Line::new().to(4).put(Tone::Plain, &layout::elide(&name, width - 4)));
        let paths =
            found.paths.iter().map(|path| layout::clean(path)).collect::<Vec<_>>().join(", ");
        // A whole resource that nobody declares has no properties to tell apart.
        if found.address.is_some() && !paths.is_empty() {
            for spans in layout::fold(&[Span::new(Tone::Dim, paths)], width - 8, Long::Elide) {
                page.push(Line::new().to(8).put_all(&spans));
            }
        }
    }
}
