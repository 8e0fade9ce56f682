//! Plans made by hand for the tests of the reports: one of everything, and what is hard to lay out.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Spot};
use crate::plan::{Action, Change, Kept, Plan, Refusal, Shown, Step, Unmanaged};
use crate::schema::Danger;

const FILE: &str = "stacks/src/xat_internal.rs";

/// A step of `type label: key` in a component.
fn step(id: u32, action: Action, component: &str, label: &str, key: &str, line: usize) -> Step {
    let slug = label.replace(' ', "_");
    let component = (!component.is_empty()).then(|| component.to_owned());
    let prefix = component.as_ref().map(|c| format!("{c}/")).unwrap_or_default();
    Step {
        id,
        address: format!("{prefix}{slug}.{key}"),
        key: key.to_owned(),
        component,
        type_name: format!("azure.{slug}"),
        type_label: label.to_owned(),
        action,
        after: Vec::new(),
        wave: 1,
        danger: Danger::None,
        because: Vec::new(),
        declared_at: Some(Spot::new(FILE, line, 5)),
        changes: Vec::new(),
        refused: None,
        moved_from: None,
        resource: String::new(),
        old_resource: None,
    }
}

fn shown(text: &str) -> Option<Shown> {
    (text != "none").then(|| Shown { json: Json::String(text.to_owned()), text: text.to_owned() })
}

/// A change; `none` is absent.
fn change(label: &str, before: &str, after: &str) -> Change {
    Change {
        path: label.replace(' ', "_"),
        label: label.to_owned(),
        before: shown(before),
        after: shown(after),
        forces_replacement: false,
        secret: false,
        known_after_apply: false,
        danger: Danger::None,
        by_default: false,
        drifted: false,
    }
}

fn secret(label: &str) -> Change {
    Change { secret: true, ..change(label, "none", "none") }
}

fn unknown(label: &str) -> Change {
    Change { known_after_apply: true, ..change(label, "none", "none") }
}

fn kept(component: &str, label: &str, key: &str, line: usize) -> Kept {
    let step = step(1, Action::Adopt, component, label, key, line);
    Kept {
        address: step.address,
        key: step.key,
        component: step.component,
        type_name: step.type_name,
        type_label: step.type_label,
        declared_at: Spot::new(FILE, line, 5),
    }
}

/// One of everything.
pub(crate) fn rich() -> Plan {
    use Action::*;
    let steps = vec![
        Step {
            changes: vec![change("location", "none", "westeurope"), change("tags.owner", "none", "platform")],
            ..step(1, Create, "", "resource group", "xat-backend-internal-rg", 31)
        },
        Step {
            danger: Danger::DataLoss,
            because: vec!["delegation cannot be changed in place".to_owned()],
            changes: vec![Change {
                forces_replacement: true,
                danger: Danger::DataLoss,
                ..change("delegation", "none", "PostgreSQL")
            }],
            refused: Some(Refusal {
                code: "refused-data-loss",
                why: "replacing `data` would take xat-pg with it".to_owned(),
                help: "to allow it, write `.allow_replace(DataLoss::of(\"data\", \"reason\"))` at xat_internal.rs:48"
                    .to_owned(),
            }),
            ..step(2, Replace, "network", "subnet", "data", 48)
        },
        Step {
            danger: Danger::Downtime,
            changes: vec![
                change("backup retention", "7 days", "28 days"),
                Change { danger: Danger::Downtime, ..change("sku", "B1ms", "D2ds_v5") },
                Change { drifted: true, danger: Danger::Cosmetic, ..change("tags.owner", "nobody", "platform") },
            ],
            ..step(3, Update, "data", "postgres server", "xat-pg", 61)
        },
        Step {
            after: vec![3, 7],
            changes: vec![Change { known_after_apply: true, ..secret("value") }],
            ..step(4, Create, "data", "vault secret", "database-url", 74)
        },
        Step {
            after: vec![1, 3, 6, 7],
            because: vec!["it was applied before and is gone: someone deleted it".to_owned()],
            changes: vec![
                unknown("principal"),
                unknown("scope"),
                change("role", "none", "Key Vault Secrets User"),
            ],
            ..step(5, Create, "app", "role assignment", "secrets-user.xat-backend-web-identity.xat-backend-kv", 91)
        },
        Step { ..step(6, Adopt, "network", "virtual network", "xat-vnet", 44) },
        Step {
            moved_from: Some("data/key_vault.xat-kv".to_owned()),
            because: vec!["it exists and is not in the state: it is adopted".to_owned()],
            ..step(7, Move, "data", "key vault", "xat-backend-kv", 66)
        },
        Step {
            danger: Danger::DataLoss,
            declared_at: None,
            because: vec!["the stack no longer has it".to_owned()],
            ..step(8, Delete, "app", "container registry", "xatlegacyregistry", 1)
        },
        Step { declared_at: None, ..step(9, Forget, "app", "log analytics workspace", "xat-logs", 1) },
        Step {
            changes: vec![change("purge protection", "none", "yes")],
            ..step(10, Recover, "data", "key vault", "xat-audit-kv", 69)
        },
        Step {
            danger: Danger::Exposure,
            changes: vec![
                Change { danger: Danger::Exposure, ..change("public network access", "no", "yes") },
                change("health check path", "/healthz", "none"),
            ],
            ..step(11, Update, "app", "web app", "xat-backend", 102)
        },
    ];
    Plan {
        stack: "xat-internal".to_owned(),
        environment: Some("production".to_owned()),
        live: "recorded estate of 2026-01-02".to_owned(),
        declared: 41,
        found: 29,
        steps,
        unchanged: vec![
            kept("network", "private dns zone", "privatelink.postgres.database.azure.com", 52),
            kept("", "resource group", "xat-shared-rg", 33),
        ],
        unmanaged: Vec::new(),
        diagnostics: vec![
            Diagnostic::error("refused-data-loss", "replacing `data` would take xat-pg with it")
                .at(Spot::new(FILE, 48, 5), "declared here"),
            Diagnostic::warning("end-of-life-version", "PostgreSQL 13 gets no fixes")
                .at(Spot::new(FILE, 61, 9), "set here")
                .help("use `PgVersion::V17`"),
        ],
    }
}

/// What is hard to lay out: long values and names, wide characters, escapes, and what nobody declares.
pub(crate) fn wide() -> Plan {
    use Action::*;
    let id = |name: &str| {
        format!(
            "/subscriptions/7d2f3a1e-58b4-4c7f-9d10-6f2b8f0e4a55/resourceGroups/xat-backend-internal-rg/providers/\
             Microsoft.Network/virtualNetworks/xat-vnet/subnets/{name}"
        )
    };
    let words = "a list of words that goes on and on, ".repeat(12);
    let steps = vec![
        Step {
            changes: vec![
                change("subnet", &id("apps"), &id("data")),
                change("description", &format!("{words}one{words}"), &format!("{words}two{words}")),
                change(
                    "greeting",
                    "こんにちは世界、これは長い値です",
                    "您好，世界，这是一个很长的值，需要折叠",
                ),
                change("face", "👩‍👩‍👧‍👦 ☁️", "👍🏽"),
                change("script", "a\nb\x1b[31mred", ""),
                change("blank", " x", "x "),
                Change {
                    forces_replacement: true,
                    drifted: true,
                    danger: Danger::Downtime,
                    ..change(
                        "a property whose label is much longer than anyone would like it to be",
                        "no",
                        "yes",
                    )
                },
            ],
            danger: Danger::Downtime,
            ..step(
                1,
                ReplaceCreateFirst,
                "plattform/größe",
                "private endpoint of an application",
                "日本語の鍵-日本語の鍵",
                1,
            )
        },
        Step {
            danger: Danger::Cost,
            because: vec!["x".repeat(180), "it waits".to_owned()],
            declared_at: Some(Spot::new(
                "a/very_long_file_name_for_a_stack_of_a_large_estate_in_production.rs",
                12345,
                1,
            )),
            refused: Some(Refusal {
                code: "refused-protected",
                why: "y".repeat(150),
                help: "two\nlines".to_owned(),
            }),
            ..step(
                2,
                Delete,
                "",
                "virtual network gateway connection shared key",
                &"k".repeat(150),
                2,
            )
        },
    ];
    let unmanaged = vec![
        Unmanaged { address: None, id: id("legacy"), paths: Vec::new() },
        Unmanaged {
            address: Some("network/subnet.data".to_owned()),
            id: id("data"),
            paths: (0..20).map(|n| format!("properties.something.undeclared{n}")).collect(),
        },
    ];
    Plan {
        stack: "名前".to_owned(), live: id("where-this-came-from"), steps, unmanaged, ..empty()
    }
}

/// Nothing to do.
pub(crate) fn empty() -> Plan {
    Plan {
        stack: "demo".to_owned(),
        live: "nothing".to_owned(),
        declared: 2,
        found: 2,
        unchanged: vec![
            kept("", "resource group", "demo-rg", 3),
            kept("", "key vault", "demo-kv", 4),
        ],
        ..Plan::default()
    }
}

/// A plan with secrets where the planner never puts them.
pub(crate) fn leaky() -> Plan {
    let mut plan = rich();
    for change in plan.steps.iter_mut().flat_map(|step| &mut step.changes).filter(|c| c.secret) {
        (change.before, change.after) = (shown("hunter2"), shown("hunter2-new"));
    }
    plan
}

/// Text without its ANSI escapes.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once('m').map_or(piece, |(_, rest)| rest))
}
