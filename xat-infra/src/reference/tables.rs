//! The tables of a reference page: properties of a type or block, words of a choice.

use std::fmt::Write;

use super::markdown::{cell, path, prose};
use super::type_file;
use crate::schema::{ChoiceType, Danger, Kind, Property, ResourceType, WirePath, canons};
use crate::value::Value;

/// The table of properties: what it is on one side, all about it on the other, so that it fits a page.
pub(super) fn properties(ty: &ResourceType, props: &'static [Property], out: &mut String) {
    out.push_str("| property | what it is |\n|---|---|\n");
    for property in props {
        let named = |name: &str, text: String| (!text.is_empty()).then(|| format!("{name} {text}"));
        let default = property.default.map(|value| literal(&value())).unwrap_or_default();
        let service = property.service.map(|value| literal(&value())).unwrap_or_default();
        let facts = [
            named("by default", default),
            named("the service assumes", service),
            Some(flags(property).join(", ")).filter(|flags| !flags.is_empty()),
            named(ty.provider.rest, wire(ty, property.wire.as_ref())),
            named("Terraform", wire(ty, property.tf.as_ref())),
        ];
        let facts = facts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let left = format!("`{}`<br>{}", property.name, kind(property));
        let right = match facts.as_str() {
            "" => prose(property.doc),
            facts => format!("{}<br>{facts}", prose(property.doc)),
        };
        let _ = writeln!(out, "| {} | {} |", cell(&left), cell(&right));
    }
}

/// The table of a choice's words.
pub(super) fn choice(ty: &ResourceType, choice: &ChoiceType, out: &mut String) {
    let differs = choice.variants.iter().any(|variant| variant.tf != variant.wire);
    let terraform = |text: &str| if differs { format!("{text} | ") } else { String::new() };
    let (rest, terraform_head) = (ty.provider.rest, terraform("Terraform"));
    let _ = writeln!(out, "| in Rust | {rest} | {terraform_head}what it means |");
    let _ = writeln!(out, "|---|---|{}---|", if differs { "---|" } else { "" });
    for variant in choice.variants {
        let _ = writeln!(
            out,
            "| `{}` | `{}` | {}{} |",
            variant.rust,
            variant.wire,
            terraform(&code(variant.tf)),
            cell(&prose(variant.doc.trim()))
        );
    }
}

/// Text as code; nothing for nothing.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A default as it is declared.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Int(value) => format!("`{value}`"),
        Value::Float(value) => format!("`{value}`"),
        Value::Text(text) => match text.literal() {
            Some("") => "empty".into(),
            Some(text) => format!("`{text}`"),
            None => "an output".into(),
        },
        Value::List(items) if items.is_empty() => "none".into(),
        Value::Map(entries) if entries.is_empty() => "none".into(),
        Value::List(items) => items.iter().map(literal).collect::<Vec<_>>().join(", "),
        Value::Map(_) | Value::Pairs(_) | Value::Block(_) => "a block".into(),
        // No type has one as a default; it would not be shown if one did.
        Value::Secret(_) => "(secret)".into(),
    }
}

fn kind(property: &Property) -> String {
    let words = kind_words(property.kind);
    let canon = property.canon();
    // What a value is compared as matters to whoever reads a plan; exact comparison goes without saying.
    let plain = std::ptr::eq(canon, &canons::EXACT)
        || property.is_name
        || matches!(property.kind, Kind::Ref(_) | Kind::AnyRef | Kind::Choice(_));
    let is_text = matches!(innermost(property.kind), Kind::Text(_));
    if plain || !is_text { words } else { format!("{words} ({})", canon.name) }
}

fn innermost(kind: &'static Kind) -> &'static Kind {
    match kind {
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => innermost(inner),
        other => other,
    }
}

fn kind_words(kind: &'static Kind) -> String {
    match kind {
        Kind::Bool => "true or false".into(),
        Kind::Int => "whole number".into(),
        Kind::Float => "number".into(),
        Kind::Text(_) => "text".into(),
        Kind::Secret => "secret".into(),
        Kind::Choice(choice) => anchor(choice.rust),
        Kind::Block(block) => anchor(block.rust),
        Kind::List(inner) => format!("list of {}", kind_words(inner)),
        Kind::Set(inner) => format!("set of {}", kind_words(inner)),
        Kind::Map(inner) => format!("map of {}", kind_words(inner)),
        Kind::Ref(ty) => format!("[{}]({})", ty().label, type_file(ty())),
        Kind::AnyRef => "any resource".into(),
        Kind::Json => "JSON".into(),
    }
}

/// A link to the section of a block or choice on the same page.
fn anchor(rust: &str) -> String {
    format!("[`{rust}`](#{})", rust.to_lowercase())
}

fn flags(property: &Property) -> Vec<String> {
    let mut out = Vec::new();
    let said = [
        (property.required, "required"),
        (property.replace, "replaces"),
        (property.write_only, "write-only"),
        (property.by_record, "compared with the last apply"),
        (matches!(property.kind, Kind::Secret), "secret"),
        (property.exposes.is_some(), "can expose"),
        (property.open, "owns only what it names"),
        (property.is_parent, "what holds it"),
        (property.inherited, "taken from what holds it"),
        (property.parameter.is_some(), "taken from the stack"),
        (property.is_tags, "joins the stack's tags"),
    ];
    out.extend(said.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()));
    out.extend(property.key.map(|key| format!("told apart by `{key}`")));
    if property.danger != Danger::None {
        out.push(format!("danger: {}", property.danger.word()));
    }
    out
}

/// Where a property stands in one format, and how it is spelt there.
fn wire(ty: &ResourceType, wire: Option<&WirePath>) -> String {
    let Some(wire) = wire else { return String::new() };
    let mut out = path(wire.path);
    if let Some(key) = wire.part {
        let rest = ty.parts.iter().find(|part| part.key == key).map(|part| part.wire);
        let terraform = ty.tf_parts.iter().find(|part| part.key == key).map(|part| part.resource);
        out.push_str(&format!(" of `{}`", rest.or(terraform).unwrap_or(key)));
    }
    if let Some(codec) = wire.codec {
        out.push_str(&format!(", as {}", codec.name));
    }
    out
}
