//! Sweeps over every type of the catalogue: its example in every reading, its registration, its facts.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;
use xat_infra::catalog::types;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Options};
use xat_infra::schema::{Fact, Kind, Property, ResourceType};
use xat_infra::state::{Salt, State};
use xat_infra::value::{Fields, Value};
use xat_infra::wire;

use crate::snapshots;

/// The graph of a type's example, and the example's node in it.
fn example(build: xat_infra::schema::Example) -> (Graph, usize) {
    let mut stack = xat_tests::examples::stack();
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

/// Outputs as a person reads them, for clouds whose bodies have no expressions.
struct Plain<'g>(&'g Graph);

impl wire::Expressions for Plain<'_> {
    fn text(&self, text: &xat_infra::value::Text) -> String {
        self.0.show(text)
    }

    fn secret(&self, _: &xat_infra::value::SecretText) -> String {
        "(secret)".to_owned()
    }
}

/// Every reading of a type's example, as one reviewable page.
fn page(graph: &Graph, at: usize) -> String {
    let node = &graph.nodes[at];
    let terraform = wire::Terraform::new(graph);
    let mut out = format!("address: {}\nid: {}\n\n# Property tree\n\n", node.address, node.id);
    tree(graph, node.ty.props, &node.fields, 0, &mut out);
    let azure = node.ty.provider.name == "azure";
    out.push_str(if azure { "\n# ARM\n\n" } else { "\n# REST\n\n" });
    for body in wire::lower_rest(node, &node.fields) {
        let _ = writeln!(out, "{}@{} {}", body.kind, node.api, body.suffix);
        let rendered = if azure {
            wire::Arm::of(graph, node).body(node, &body)
        } else {
            wire::render(&body.value, &Plain(graph))
        };
        let _ = writeln!(out, "{}", pretty(&rendered));
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
    for registered in types() {
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
    for registered in types() {
        let (graph, at) = example(registered.example);
        let node = &graph.nodes[at];
        let bodies: Vec<(String, Value)> = model::bodies(&graph, node)
            .into_iter()
            .map(|found| (found.id.to_lowercase(), xat_infra::value::from_json(&found.body)))
            .collect();
        let id = model::id(node).to_lowercase();
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

/// The resource types that a file declares, also by a macro of its own.
fn declared_in(text: &str) -> Vec<String> {
    let word = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
    let mut out = Vec::new();
    for (at, _) in text.match_indices("#[derive(Resource)]") {
        let name = text[at..].split("pub struct ").nth(1).unwrap();
        if !name.starts_with('$') {
            out.push(word(name));
            continue;
        }
        let rules = text[..at].rsplit("macro_rules! ").next().unwrap();
        let call = format!("\n{}! {{", word_of_macro(rules));
        for made in text.split(&call).skip(1) {
            let name = made
                .lines()
                .map(str::trim)
                .find(|line| !line.is_empty() && !line.starts_with("///"));
            out.push(word(name.unwrap()));
        }
    }
    out
}

fn word_of_macro(rules: &str) -> &str {
    rules.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap()
}

/// A type's file that nobody registered would be a type that nobody tests.
#[test]
fn every_type_file_is_registered() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xat-infra/src/catalog");
    let mut declared = Vec::new();
    for cloud in ["azure", "gcp"] {
        for entry in std::fs::read_dir(catalogue.join(cloud)).unwrap() {
            let path = entry.unwrap().path();
            // Beside the types lie the templates of what delivers to them.
            if path.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            declared.extend(declared_in(&text));
        }
    }
    declared.sort();
    let registered = types();
    let mut registered: Vec<&str> = registered.iter().map(|t| (t.ty)().rust).collect();
    registered.sort_unstable();
    assert_eq!(declared, registered);
}

/// The description's own rules: unique names and slugs, room in the reader's masks, keys that exist.
/// The properties and outputs that a fact names and the type does not have.
fn unknown_in(ty: &ResourceType, fact: Fact) -> Vec<&'static str> {
    fn is_in(props: &[Property], path: &str) -> bool {
        let (name, inner) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
        props.iter().find(|property| property.name == name).is_some_and(|property| {
            let block = property.kind.block().map_or(&[][..], |block| block.props);
            inner.is_none_or(|inner| is_in(block, inner))
        })
    }
    let known = |path: &&str| is_in(ty.props, path);
    let mut unknown: Vec<&str> =
        fact.properties().into_iter().filter(|path| !known(path)).collect();
    if let Fact::Needs { output, .. } = fact {
        unknown.extend(ty.output(output).is_none().then_some(output));
    }
    unknown
}

#[test]
fn a_fact_about_what_is_not_there_is_noticed() {
    let secret = <xat_infra::azure::VaultSecret as xat_infra::dsl::Resource>::resource_type();
    let wrong = [
        Fact::Joins("nowhere"),
        Fact::Tells(&["value", "value.inner"]),
        Fact::Needs { output: "nothing", roles: &[], give: "" },
    ];
    assert!(wrong.into_iter().all(|fact| unknown_in(secret, fact).len() == 1));
    assert!(unknown_in(secret, Fact::Joins("vault")).is_empty());
}

#[test]
fn descriptions_are_sound() {
    for cloud in [xat_infra::azure::TYPES, xat_infra::gcp::TYPES] {
        assert!(cloud.is_sorted_by_key(|registered| (registered.ty)().slug), "by slug");
    }
    // Addresses say no cloud, and a stack may hold several.
    let mut slugs: Vec<&str> = types().iter().map(|t| (t.ty)().slug).collect();
    slugs.sort_unstable();
    assert!(slugs.windows(2).all(|two| two[0] != two[1]), "slugs are unique over all clouds");
    for registered in types() {
        let ty = (registered.ty)();
        // The reader's set of wanted leaves has 256 places; more would only be slow, but nobody needs more.
        assert!(ty.props.len() + ty.outputs.len() <= 256, "{}", ty.slug);
        assert!(ty.source.starts_with("https://"), "{}", ty.slug);
        for fact in ty.facts {
            assert_eq!(unknown_in(ty, *fact), Vec::<&str>::new(), "{} has none of these", ty.slug);
        }
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
