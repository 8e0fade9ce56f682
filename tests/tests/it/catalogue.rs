//! Sweeps over every type of the catalogue: its example in every reading, its registration, its facts.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;
use xat_infra::azure::TYPES;
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Options};
use xat_infra::schema::{Kind, Property};
use xat_infra::state::{Salt, State};
use xat_infra::value::{Fields, Value};
use xat_infra::wire;

use crate::snapshots;

/// The graph of a type's example, and the example's node in it.
fn example(build: xat_infra::schema::Example) -> (Graph, usize) {
    let mut stack = Stack::new("example")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let reference = build(&mut stack);
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let at = graph
        .nodes
        .iter()
        .position(|node| std::ptr::eq(node, graph.node(reference).unwrap()))
        .unwrap();
    (graph, at)
}

/// A property tree as text: one line a leaf.
fn tree(
    graph: &Graph,
    props: &'static [Property],
    fields: &Fields,
    indent: usize,
    out: &mut String,
) {
    for field in fields.iter() {
        let property = &props[field.prop as usize];
        let pad = "  ".repeat(indent);
        let default = if field.by_default { "  (default)" } else { "" };
        match (&field.value, property.kind.block()) {
            (Value::Block(inner), Some(block)) => {
                let _ = writeln!(out, "{pad}{}:{default}", property.name);
                tree(graph, block.props, inner, indent + 1, out);
            }
            (Value::List(items), Some(block)) => {
                let _ = writeln!(out, "{pad}{}:{default}", property.name);
                for item in items {
                    let _ = writeln!(out, "{pad}  -");
                    tree(graph, block.props, item.as_block().unwrap(), indent + 2, out);
                }
            }
            (value, _) => {
                let json = xat_infra::value::to_json_lossy(value, &|text| graph.show(text));
                let _ = writeln!(out, "{pad}{}: {json}{default}", property.name);
            }
        }
    }
}

fn pretty(json: &Json) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

/// Every reading of a type's example, as one reviewable page.
fn page(graph: &Graph, at: usize) -> String {
    let node = &graph.nodes[at];
    let terraform = wire::Terraform::new(graph);
    let mut out = format!("address: {}\nid: {}\n\n# Property tree\n\n", node.address, node.id);
    tree(graph, node.ty.props, &node.fields, 0, &mut out);
    out.push_str("\n# ARM\n\n");
    for body in wire::lower_rest(node, &node.fields) {
        let _ = writeln!(out, "{}@{} {}", body.kind, node.api, body.suffix);
        let _ =
            writeln!(out, "{}", pretty(&wire::render(&body.value, &wire::Arm::of(graph, node))));
    }
    out.push_str("\n# Terraform\n\n");
    for body in wire::lower_terraform(graph, node) {
        let part = if body.suffix.is_empty() { "" } else { ", part " };
        let label = terraform.label(at);
        let _ = writeln!(out, "{} {label}{part}{}", body.kind, body.suffix);
        let _ = writeln!(out, "{}", pretty(&wire::render(&body.value, &terraform)));
    }
    out
}

#[test]
fn every_example_in_every_reading() {
    for registered in TYPES {
        let (graph, at) = example(registered.example);
        let node = &graph.nodes[at];
        assert_eq!(node.ty.slug, (registered.ty)().slug);
        snapshots::check("catalog", node.ty.slug, &page(&graph, at));
    }
}

/// What an example declares, written and read back through a live body, is the same tree.
#[test]
fn a_live_body_reads_back_to_the_same_tree() {
    let mut noisy: Vec<String> = Vec::new();
    for registered in TYPES {
        let (graph, at) = example(registered.example);
        let node = &graph.nodes[at];
        let bodies: Vec<(String, Value)> = model::bodies(&graph, node)
            .into_iter()
            .map(|body| {
                (body["id"].as_str().unwrap().to_lowercase(), xat_infra::value::from_json(&body))
            })
            .collect();
        let id = node.id.to_lowercase();
        let find = |suffix: &str| {
            let id = if suffix.is_empty() {
                id.clone()
            } else {
                format!("{id}/{}", suffix.to_lowercase())
            };
            bodies.iter().find(|(key, _)| *key == id).map(|(_, body)| body)
        };
        let (raised, bad) = wire::raise(node.ty, find("").unwrap(), &find);
        assert!(bad.is_empty(), "{}: {bad:?}", node.ty.slug);
        for field in node.fields.iter() {
            let property = &node.ty.props[field.prop as usize];
            let kept = property.wire.is_some()
                && !property.write_only
                && !matches!(property.kind, Kind::Json);
            if kept {
                assert!(
                    raised.get(field.prop).is_some(),
                    "{}.{} is not read back",
                    node.ty.slug,
                    property.name
                );
            }
        }
        // The planner is the judge of sameness: against its own bodies the example has nothing to do.
        let estate = Estate::as_applied(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let state = plan::record(&graph, &estate, Salt::new("salt"), 1);
        let plan = plan::plan(&graph, &estate, &state, &Options::default()).unwrap();
        noisy
            .extend(plan.steps.iter().map(|step| format!("{}: {:#?}", node.ty.slug, step.changes)));
        // And without a state everything is adopted as it is.
        let adopted = plan::plan(&graph, &estate, &State::empty(), &Options::default()).unwrap();
        let other = adopted.steps.iter().filter(|step| step.action != Action::Adopt);
        noisy.extend(other.map(|step| format!("{}, adopted: {:#?}", node.ty.slug, step.changes)));
    }
    assert!(noisy.is_empty(), "{}", noisy.join("\n"));
}

/// A type's file that nobody registered would be a type that nobody tests.
#[test]
fn every_type_file_is_registered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xat-infra/src/catalog/azure");
    let mut declared = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("#[derive(Resource)]") {
            rest = &rest[at + 1..];
            let name = rest.split("pub struct ").nth(1).unwrap();
            declared.push(name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned());
        }
    }
    declared.sort();
    let mut registered: Vec<&str> = TYPES.iter().map(|t| (t.ty)().rust).collect();
    registered.sort_unstable();
    assert_eq!(declared, registered);
}

/// The description's own rules: unique names and slugs, room in the reader's masks, keys that exist.
#[test]
fn descriptions_are_sound() {
    let mut slugs: Vec<&str> = TYPES.iter().map(|t| (t.ty)().slug).collect();
    let count = slugs.len();
    slugs.dedup();
    assert_eq!(slugs.len(), count, "slugs are unique and sorted");
    for registered in TYPES {
        let ty = (registered.ty)();
        // The reader's set of wanted leaves has 256 places; more would only be slow, but nobody needs more.
        assert!(ty.props.len() + ty.outputs.len() <= 256, "{}", ty.slug);
        assert!(ty.source.starts_with("https://"), "{}", ty.slug);
        for property in ty.props {
            if let Some(key) = property.key {
                let block = property.kind.block().expect("a key tells blocks apart");
                assert!(
                    block.props.iter().any(|inner| inner.name == key),
                    "{}.{}",
                    ty.slug,
                    property.name
                );
            }
            for wire in [property.wire, property.tf].into_iter().flatten() {
                if let Some(part) = wire.part {
                    let known = ty.parts.iter().any(|p| p.key == part)
                        || ty.tf_parts.iter().any(|p| p.key == part);
                    assert!(known, "{}.{} names the part {part}", ty.slug, property.name);
                }
            }
            if matches!(property.kind, Kind::Secret) {
                assert!(
                    property.write_only,
                    "{}.{} is a secret and readable",
                    ty.slug, property.name
                );
            }
        }
    }
}
