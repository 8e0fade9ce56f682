//! The preview for people: what matters first, grouped by component, a line a resource and a line a change.

use std::collections::{BTreeMap, HashMap};

use super::resource::{Columns, Row};
use super::style::{Page, Span, Tone};
use super::{Options, footer, layout};
use crate::plan::{Action, Kept, Plan, Step};
use crate::schema::Danger;

/// The plan as text. No line is wider than the options say, and none ends in blanks.
pub fn to_text(plan: &Plan, options: &Options) -> String {
    let width = options.width.max(40);
    let mut page = Page::default();
    header(&mut page, plan, width);
    let groups = groups(plan, options.show_unchanged);
    let rows: Vec<Row<'_>> = groups
        .values()
        .flat_map(|group| {
            group.steps.iter().map(|s| Row::step(s)).chain(group.kept.iter().map(|k| Row::kept(k)))
        })
        .collect();
    let columns = Columns::of(&rows, width);
    let keys: HashMap<u32, &str> =
        plan.steps.iter().map(|step| (step.id, step.key.as_str())).collect();
    for (component, group) in &groups {
        page.blank();
        if let Some(component) = component {
            page.paragraph(2, width, &[Span::new(Tone::Strong, layout::clean(component))]);
        }
        for step in &group.steps {
            let waits: Vec<&str> =
                step.after.iter().filter_map(|id| keys.get(id).copied()).collect();
            columns.step(&mut page, step, &waits);
        }
        for kept in &group.kept {
            columns.row(&mut page, &Row::kept(kept));
        }
    }
    let first = first(plan);
    if !first.is_empty() {
        page.blank();
        page.paragraph(2, width, &[Span::new(Tone::Strong, "to look at first")]);
        first.iter().for_each(|step| columns.row(&mut page, &Row::step(step)));
    }
    footer::write(&mut page, plan, options.show_unchanged, width);
    page.render(options.colour)
}

/// From how many steps on a preview no longer fits on a screen or two, so that its end says what to look at.
const MANY: usize = 40;

/// What would be overlooked among many steps: what is refused, dangerous, replaced, deleted, or was changed by hand.
fn first(plan: &Plan) -> Vec<&Step> {
    let bad = |step: &&Step| {
        let goes =
            [Action::Replace, Action::ReplaceCreateFirst, Action::Delete].contains(&step.action);
        goes || step.refused.is_some()
            || step.danger >= Danger::Exposure
            || step.changes.iter().any(|change| change.drifted)
    };
    let mut found: Vec<&Step> = plan.steps.iter().filter(bad).collect();
    // Where it is most of them, the list would be the preview once more.
    if plan.steps.len() < MANY || found.len() * 3 > plan.steps.len() {
        return Vec::new();
    }
    found.sort_by_key(|step| (step.refused.is_none(), std::cmp::Reverse(step.danger), step.id));
    found
}

/// `stack, environment · live: .. · N resources declared, M found`.
fn header(page: &mut Page, plan: &Plan, width: usize) {
    let mut name = layout::clean(&plan.stack);
    if let Some(environment) = &plan.environment {
        name.push_str(&format!(", {}", layout::clean(environment)));
    }
    let live = layout::clean(&plan.live);
    let declared = super::count(plan.declared, "resource");
    let rest = format!("· live: {live} · {declared} declared, {} found", plan.found);
    page.paragraph(0, width, &[Span::new(Tone::Strong, name), Span::new(Tone::Dim, rest)]);
}

/// What is shown of one component.
#[derive(Default)]
struct Group<'a> {
    steps: Vec<&'a Step>,
    kept: Vec<&'a Kept>,
}

/// Groups by component, what is in none first.
fn groups(plan: &Plan, show_unchanged: bool) -> BTreeMap<Option<&str>, Group<'_>> {
    let mut groups: BTreeMap<Option<&str>, Group<'_>> = BTreeMap::new();
    for step in plan.steps.iter().filter(|step| is_listed(step, show_unchanged)) {
        groups.entry(step.component.as_deref()).or_default().steps.push(step);
    }
    if show_unchanged {
        for kept in &plan.unchanged {
            groups.entry(kept.component.as_deref()).or_default().kept.push(kept);
        }
    }
    for group in groups.values_mut() {
        // What is refused or dangerous stands where it is seen; the rest is in the order in which it is done.
        group.steps.sort_by_key(|step| {
            let danger = if step.danger >= Danger::Downtime { step.danger } else { Danger::None };
            (step.refused.is_none(), std::cmp::Reverse(danger), step.id)
        });
    }
    groups
}

/// Whether a step gets a line. The first plan of an estate that exists adopts all of it: a line each would bury
/// what changes, so adoptions are counted in the footer.
fn is_listed(step: &Step, show_unchanged: bool) -> bool {
    show_unchanged
        || step.action != Action::Adopt
        || step.refused.is_some()
        || !step.changes.is_empty()
        || step.danger > Danger::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn shows_the_sample() {
        let text = to_text(&sample::rich(), &Options::default());
        println!("{text}");
        println!(
            "{}",
            to_text(&sample::rich(), &Options { width: 64, show_unchanged: true, colour: false })
        );
        println!(
            "{}",
            to_text(&sample::wide(), &Options { width: 100, show_unchanged: true, colour: false })
        );
        for part in [
            "xat-internal, production · live: recorded estate of 2026-01-02 · 41 resources declared, 29 found",
            "7 days → 28 days",
            "(secret)",
            "(known after apply)",
            "none → PostgreSQL",
            "forces replacement",
            "changed by hand since the last apply",
            "refused: replacing `data` would take xat-pg with it",
            "moved from data/key_vault.xat-kv",
            "because the stack no longer has it",
            "1 to replace (refused)",
        ] {
            assert!(text.contains(part), "`{part}` is missing from\n{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        for width in 40..=140 {
            for show_unchanged in [false, true] {
                for plan in [sample::rich(), sample::wide(), sample::empty()] {
                    let text = to_text(&plan, &Options { width, show_unchanged, colour: false });
                    for line in text.lines() {
                        assert!(
                            layout::width(line) <= width,
                            "{} > {width}: {line}",
                            layout::width(line)
                        );
                        assert_eq!(line.trim_end(), line, "a line ends in blanks");
                    }
                }
            }
        }
    }

    #[test]
    fn colours_add_escapes_and_nothing_else() {
        for width in [60, 100, 140] {
            let plain = Options { width, colour: false, show_unchanged: true };
            let text = to_text(&sample::rich(), &plain);
            let toned = to_text(&sample::rich(), &Options { colour: true, ..plain });
            assert!(toned.contains("\x1b[31m"), "no red in the sample");
            assert!(!text.contains('\x1b'));
            assert_eq!(sample::without_escapes(&toned), text);
        }
    }

    #[test]
    fn no_secret_is_shown_even_if_the_plan_holds_one() {
        let text = to_text(&sample::leaky(), &Options::default());
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn says_in_one_sentence_that_nothing_changes() {
        let text = to_text(&sample::empty(), &Options::default());
        assert_eq!(
            text,
            "demo · live: nothing · 2 resources declared, 2 found\n\nNothing to do: everything is as declared.\n"
        );
    }

    #[test]
    fn aligns_what_belongs_together() {
        let mut plan = sample::rich();
        plan.steps.retain(|step| step.key == "xat-pg");
        plan.diagnostics.retain(|d| d.code == "end-of-life-version");
        let text = to_text(&plan, &Options { width: 90, ..Options::default() });
        let expected = "\
xat-internal, production · live: recorded estate of 2026-01-02 · 41 resources declared, 29
found

  data
    ~ postgres server  xat-pg  downtime  xat_internal.rs:61
        backup retention  7 days → 28 days
        sku               B1ms → D2ds_v5  downtime
        tags.owner        nobody → platform  changed by hand since the last apply

  2 unchanged (list them with --show-unchanged)
  1 warning

0 to create, 1 to change, 0 to replace, 0 to delete
";
        assert_eq!(text, expected);
    }
}
