//! Terraform's JSON syntax: <https://developer.hashicorp.com/terraform/language/syntax/json>.

use serde_json::{Map, Value as Json};

use super::syntax::{Block, Body, Expr, Item};

/// A module as JSON.
pub(super) fn write(header: &[String], body: &Body) -> String {
    let mut root = Map::new();
    root.insert("//".into(), Json::from(header.join(" ")));
    fill(body, &mut root);
    let mut out = serde_json::to_string_pretty(&Json::Object(root)).unwrap_or_default();
    out.push('\n');
    out
}

fn fill(body: &Body, into: &mut Map<String, Json>) {
    for item in &body.0 {
        match item {
            Item::Attr(name, value) => {
                into.insert(name.clone(), expression(value));
            }
            Item::Block(block) => fill_block(block, into),
            Item::Absent(name) => {
                into.insert((*name).to_owned(), Json::Null);
            }
            Item::Gap => {}
        }
    }
}

fn fill_block(block: &Block, into: &mut Map<String, Json>) {
    let mut inner = Map::new();
    fill(&block.body, &mut inner);
    // Blocks of one kind with labels share the object of that kind; those without become a list.
    let Some((last, outer)) = block.labels.split_last() else {
        if block.element {
            into.entry(block.kind.clone()).or_insert_with(|| Json::Array(Vec::new()));
        }
        return push(into, &block.kind, Json::Object(inner));
    };
    let mut at = into;
    for key in std::iter::once(&block.kind).chain(outer) {
        let next = at.entry(key.clone()).or_insert_with(|| Json::Object(Map::new()));
        match next {
            Json::Object(map) => at = map,
            _ => return,
        }
    }
    push(at, last, Json::Object(inner));
}

fn push(into: &mut Map<String, Json>, key: &str, value: Json) {
    match into.get_mut(key) {
        None => {
            into.insert(key.to_owned(), value);
        }
        Some(Json::Array(items)) => items.push(value),
        Some(first) => *first = Json::Array(vec![std::mem::take(first), value]),
    }
}

fn expression(value: &Expr) -> Json {
    match value {
        Expr::Null => Json::Null,
        Expr::Bool(value) => Json::from(*value),
        Expr::Int(value) => Json::from(*value),
        Expr::Float(value) => Json::from(*value),
        Expr::Template(text) | Expr::Bare(text) => Json::from(text.clone()),
        Expr::List(items) => Json::Array(items.iter().map(expression).collect()),
        Expr::Object(entries) => Json::Object(
            entries.iter().map(|(key, value)| (key.clone(), expression(value))).collect(),
        ),
    }
}
