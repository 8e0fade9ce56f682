//! The plan for machines: format `xat-plan/1`, documented by `book/src/plan.schema.json`.
//!
//! Within one version fields are only added. Every key is always there, `null` where it has nothing to say, except
//! `unchanged` (on request) and `unmanaged` (when the plan has any).

use serde::Serialize;
use serde_json::Value as Json;

use super::Options;
use crate::diagnostic::{Diagnostic, Spot};
use crate::plan::{Action, Change, Kept, Plan, Refusal, Shown, Step, Unmanaged};

/// The format's name and version.
pub const FORMAT: &str = "xat-plan/1";

#[derive(Serialize)]
struct PlanDoc<'a> {
    format: &'static str,
    stack: &'a str,
    environment: Option<&'a str>,
    live: &'a str,
    summary: SummaryDoc,
    steps: Vec<StepDoc<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<Vec<KeptDoc<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmanaged: Vec<UnmanagedDoc<'a>>,
    diagnostics: Vec<DiagnosticDoc<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SummaryDoc {
    create: usize,
    recover: usize,
    update: usize,
    replace: usize,
    replace_create_first: usize,
    delete: usize,
    adopt: usize,
    r#move: usize,
    forget: usize,
    unchanged: usize,
    refused: usize,
}

#[derive(Serialize)]
struct StepDoc<'a> {
    id: String,
    address: &'a str,
    r#type: &'a str,
    action: &'static str,
    after: Vec<String>,
    wave: u32,
    danger: &'static str,
    because: &'a [String],
    declared_at: Option<String>,
    changes: Vec<ChangeDoc<'a>>,
    refused: Option<RefusalDoc<'a>>,
    moved_from: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangeDoc<'a> {
    path: &'a str,
    before: Option<&'a Json>,
    after: Option<&'a Json>,
    forces_replacement: bool,
    secret: bool,
    known_after_apply: bool,
    drifted: bool,
    by_default: bool,
    danger: &'static str,
}

#[derive(Serialize)]
struct RefusalDoc<'a> {
    code: &'static str,
    why: &'a str,
    help: &'a str,
}

#[derive(Serialize)]
struct KeptDoc<'a> {
    address: &'a str,
    r#type: &'a str,
    declared_at: String,
}

#[derive(Serialize)]
pub(super) struct UnmanagedDoc<'a> {
    address: Option<&'a str>,
    id: &'a str,
    paths: &'a [String],
}

#[derive(Serialize)]
struct DiagnosticDoc<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<LabelDoc<'a>>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct LabelDoc<'a> {
    at: String,
    text: &'a str,
}

/// The plan as JSON, with a line feed at its end.
///
/// # Errors
/// None that a plan can cause: its keys are text and its numbers came from JSON.
pub fn to_json(plan: &Plan, options: &Options) -> serde_json::Result<String> {
    let doc = PlanDoc {
        format: FORMAT,
        stack: &plan.stack,
        environment: plan.environment.as_deref(),
        live: &plan.live,
        summary: summary(plan),
        steps: plan.steps.iter().map(step).collect(),
        unchanged: options.show_unchanged.then(|| plan.unchanged.iter().map(kept).collect()),
        unmanaged: plan.unmanaged.iter().map(unmanaged).collect(),
        diagnostics: plan.diagnostics.iter().map(diagnostic).collect(),
    };
    let mut text = serde_json::to_string_pretty(&doc)?;
    text.push('\n');
    Ok(text)
}

fn summary(plan: &Plan) -> SummaryDoc {
    let summary = plan.summary();
    SummaryDoc {
        create: summary.count(Action::Create),
        recover: summary.count(Action::Recover),
        update: summary.count(Action::Update),
        replace: summary.count(Action::Replace),
        replace_create_first: summary.count(Action::ReplaceCreateFirst),
        delete: summary.count(Action::Delete),
        adopt: summary.count(Action::Adopt),
        r#move: summary.count(Action::Move),
        forget: summary.count(Action::Forget),
        unchanged: summary.unchanged,
        refused: summary.refused,
    }
}

fn step(step: &Step) -> StepDoc<'_> {
    StepDoc {
        id: id(step.id),
        address: &step.address,
        r#type: &step.type_name,
        action: step.action.word(),
        after: step.after.iter().copied().map(id).collect(),
        wave: step.wave,
        danger: step.danger.slug(),
        because: &step.because,
        declared_at: step.declared_at.as_ref().map(line),
        changes: step.changes.iter().map(change).collect(),
        refused: step.refused.as_ref().map(refusal),
        moved_from: step.moved_from.as_deref(),
    }
}

fn change(change: &Change) -> ChangeDoc<'_> {
    // The planner leaves secrets out; this holds even if one day it does not.
    let shown = |value: &'_ Option<Shown>| value.is_some() && !change.secret;
    ChangeDoc {
        path: &change.path,
        before: change.before.as_ref().filter(|_| shown(&change.before)).map(|v| &v.json),
        after: change.after.as_ref().filter(|_| shown(&change.after)).map(|v| &v.json),
        forces_replacement: change.forces_replacement,
        secret: change.secret,
        known_after_apply: change.known_after_apply,
        drifted: change.drifted,
        by_default: change.by_default,
        danger: change.danger.slug(),
    }
}

fn refusal(refusal: &Refusal) -> RefusalDoc<'_> {
    RefusalDoc { code: refusal.code, why: &refusal.why, help: &refusal.help }
}

fn kept(kept: &Kept) -> KeptDoc<'_> {
    KeptDoc {
        address: &kept.address,
        r#type: &kept.type_name,
        declared_at: line(&kept.declared_at),
    }
}

pub(super) fn unmanaged(found: &Unmanaged) -> UnmanagedDoc<'_> {
    UnmanagedDoc { address: found.address.as_deref(), id: &found.id, paths: &found.paths }
}

fn diagnostic(d: &Diagnostic) -> DiagnosticDoc<'_> {
    DiagnosticDoc {
        code: d.code,
        severity: d.severity.word(),
        message: &d.message,
        labels: d.labels.iter().map(|(at, text)| LabelDoc { at: line(at), text }).collect(),
        help: d.help.as_deref(),
    }
}

fn id(number: u32) -> String {
    format!("s{number}")
}

/// `path/file.rs:61`: columns would make plans differ where people see no difference.
pub(super) fn line(spot: &Spot) -> String {
    Spot { column: 0, ..spot.clone() }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{sample, schema_check};

    fn json(plan: &Plan, show_unchanged: bool) -> Json {
        let options = Options { show_unchanged, ..Options::default() };
        serde_json::from_str(&to_json(plan, &options).unwrap()).unwrap()
    }

    #[test]
    fn plans_are_as_the_schema_says() {
        let schema = include_str!("../../../book/src/plan.schema.json");
        let schema: Json = serde_json::from_str(schema).unwrap();
        for plan in [sample::rich(), sample::wide(), sample::empty(), sample::leaky()] {
            for show_unchanged in [false, true] {
                assert_eq!(schema_check::check(&schema, &json(&plan, show_unchanged)), [""; 0]);
            }
        }
        let mut wrong = json(&sample::rich(), false);
        wrong["steps"][0]["action"] = "destroy".into();
        wrong["steps"][0]["extra"] = true.into();
        assert_eq!(schema_check::check(&schema, &wrong).len(), 2);
    }

    #[test]
    fn says_what_the_contract_says() {
        let plan = json(&sample::rich(), false);
        assert_eq!(plan["format"], "xat-plan/1");
        assert_eq!(plan["summary"]["create"], 3);
        assert_eq!(plan["summary"]["refused"], 1);
        let secret = plan["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["type"] == "azure.vault_secret")
            .unwrap();
        assert_eq!(secret["after"], serde_json::json!(["s3", "s7"]));
        assert_eq!(secret["declared_at"], "stacks/src/xat_internal.rs:74");
        assert_eq!(secret["changes"][0]["before"], Json::Null);
        assert_eq!(plan.get("unchanged"), None);
    }

    #[test]
    fn no_secret_is_written_even_if_the_plan_holds_one() {
        let text = to_json(&sample::leaky(), &Options::default()).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
    }
}
