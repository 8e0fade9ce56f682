//! Bodies as jq programs: outputs and secrets come from the environment, so that neither ever stands in an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::bash::word;
use super::google::Subject;
use crate::graph::Graph;
use crate::value::{OutputRef, Piece, SecretPart, SecretText, Text, Value};

/// A body that is only whole when it is sent.
pub(super) struct Program {
    /// The program's text.
    pub(super) text: String,
    /// What is read before, by the variable that takes it: the command that reads it.
    pub(super) outputs: BTreeMap<String, String>,
    /// The variables that secrets come from.
    pub(super) secrets: BTreeSet<String>,
    template: Json,
}

impl Program {
    pub(super) fn of(graph: &Graph, value: &Value) -> Self {
        let mut writer = Writer { graph, outputs: BTreeMap::new(), secrets: BTreeSet::new() };
        let mut text = String::new();
        writer.value(value, 0, &mut text);
        let template = writer.template(value);
        Self { text, outputs: writer.outputs, secrets: writer.secrets, template }
    }

    /// The body for machines: what is only known later is an object with one key that starts with a dollar sign.
    pub(super) fn json(&self) -> &Json {
        &self.template
    }
}

/// The environment variable that a secret of this name comes from.
pub(in crate::emit) fn variable(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("XAT_SECRET_{}", name.chars().map(word).collect::<String>())
}

struct Writer<'g> {
    graph: &'g Graph,
    outputs: BTreeMap<String, String>,
    secrets: BTreeSet<String>,
}

impl Writer<'_> {
    /// Writes a value behind what is there: bodies are large, and nothing in them is copied on its way up.
    fn value(&mut self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Null | Value::Block(_) => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Int(value) => drop(write!(out, "{value}")),
            Value::Float(value) => out.push_str(&Json::from(*value).to_string()),
            Value::Text(text) => out.push_str(&joined(self.text(text))),
            Value::Secret(secret) => out.push_str(&joined(self.secret(secret))),
            Value::List(items) if items.is_empty() => out.push_str("[]"),
            Value::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    line(at, depth + 1, out);
                    self.value(item, depth + 1, out);
                }
                end(depth, out);
                out.push(']');
            }
            Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
            Value::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    line(at, depth + 1, out);
                    quote(key, out);
                    out.push_str(": ");
                    self.value(value, depth + 1, out);
                }
                end(depth, out);
                out.push('}');
            }
            Value::Pairs(pairs) => {
                out.push('{');
                for (at, (key, value)) in pairs.iter().enumerate() {
                    line(at, depth + 1, out);
                    let key = joined(self.text(key));
                    let _ = write!(out, "({key}): ");
                    self.value(value, depth + 1, out);
                }
                end(depth, out);
                out.push('}');
            }
        }
    }

    fn text(&mut self, text: &Text) -> Vec<String> {
        let mut pieces: Vec<String> = Vec::new();
        let mut literal = String::new();
        for piece in text.parts() {
            match piece {
                Piece::Literal(text) => literal.push_str(text),
                Piece::Output(output) => match self.known(output) {
                    Some(known) => literal.push_str(&known),
                    None => {
                        if !literal.is_empty() {
                            pieces.push(quoted(&std::mem::take(&mut literal)));
                        }
                        pieces.push(self.output(output));
                    }
                },
            }
        }
        if !literal.is_empty() || pieces.is_empty() {
            pieces.push(quoted(&literal));
        }
        pieces
    }

    /// IDs and names are known before anything exists.
    fn known(&self, output: OutputRef) -> Option<String> {
        let node = self.graph.node(output.node)?;
        node.known(output.output).map(str::to_owned)
    }

    fn output(&mut self, output: OutputRef) -> String {
        let Some(node) = self.graph.node(output.node) else { return "null".into() };
        let path: String = output
            .output
            .wire
            .iter()
            .map(|step| match step.parse::<usize>() {
                Ok(place) => format!("[{place}]"),
                Err(_) => format!(".{step}"),
            })
            .collect();
        let read = match Subject::of_node(self.graph, node, &node.id) {
            Some(subject) => ["fact".into(), word(&subject.to_read()), word(&path)].join(" "),
            None => ["az_value".into(), word(&node.id), word(&node.api), word(&path)].join(" "),
        };
        let taken = self.outputs.iter().find(|(_, known)| **known == read);
        let name = match taken {
            Some((name, _)) => name.clone(),
            None => {
                let name = format!("output_{}", self.outputs.len() + 1);
                self.outputs.insert(name.clone(), read);
                name
            }
        };
        format!("env.{name}")
    }

    fn secret(&mut self, secret: &SecretText) -> Vec<String> {
        let mut pieces = Vec::new();
        for part in secret.parts() {
            match part {
                SecretPart::Plain(text) => pieces.extend(self.text(text)),
                SecretPart::Generated { name } | SecretPart::Supplied { name } => {
                    let name = variable(name);
                    pieces.push(format!("env.{name}"));
                    self.secrets.insert(name);
                }
                SecretPart::Encoded(inner) => {
                    let inner = joined(self.secret(inner));
                    pieces.push(format!("({inner} | @uri)"));
                }
                SecretPart::Base64(inner) => {
                    let inner = joined(self.secret(inner));
                    pieces.push(format!("({inner} | @base64)"));
                }
                // Emission refuses these before anything is written.
                SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => {}
            }
        }
        pieces
    }

    /// The same for machines that have no jq.
    fn template(&mut self, value: &Value) -> Json {
        match value {
            Value::Null | Value::Block(_) => Json::Null,
            Value::Bool(value) => Json::from(*value),
            Value::Int(value) => Json::from(*value),
            Value::Float(value) => Json::from(*value),
            Value::Text(text) => self.pieces(text),
            Value::Secret(secret) => {
                let names: Vec<String> = {
                    self.secret(secret);
                    secret.sources()
                };
                json!({"$secret": names})
            }
            Value::List(items) => {
                Json::Array(items.iter().map(|item| self.template(item)).collect())
            }
            Value::Map(entries) => Json::Object(
                entries.iter().map(|(key, value)| (key.to_owned(), self.template(value))).collect(),
            ),
            Value::Pairs(pairs) => Json::Object(
                pairs
                    .iter()
                    .map(|(key, value)| {
                        let key = match self.pieces(key) {
                            Json::String(key) => key,
                            other => other.to_string(),
                        };
                        (key, self.template(value))
                    })
                    .collect(),
            ),
        }
    }

    fn pieces(&mut self, text: &Text) -> Json {
        let mut parts: Vec<Json> = Vec::new();
        for piece in text.parts() {
            let part = match piece {
                Piece::Literal(text) => Json::from(text.to_owned()),
                Piece::Output(output) => match (self.known(output), self.graph.node(output.node)) {
                    (Some(known), _) => Json::from(known),
                    (None, Some(node)) => {
                        json!({"$output": {"id": node.id, "path": output.output.wire.join(".")}})
                    }
                    (None, None) => Json::Null,
                },
            };
            match (parts.last_mut(), part) {
                (Some(Json::String(last)), Json::String(more)) => last.push_str(&more),
                (_, part) => parts.push(part),
            }
        }
        match parts.len() {
            0 => Json::from(""),
            1 => parts.remove(0),
            _ => json!({"$join": parts}),
        }
    }
}

fn joined(pieces: Vec<String>) -> String {
    match pieces.as_slice() {
        [] => "\"\"".into(),
        [one] => one.clone(),
        _ => format!("({})", pieces.join(" + ")),
    }
}

/// A line of its own for what is in a list or an object.
fn line(at: usize, depth: usize, out: &mut String) {
    out.push_str(if at == 0 { "\n" } else { ",\n" });
    (0..depth).for_each(|_| out.push_str("  "));
}

/// The line on which a list or an object ends.
fn end(depth: usize, out: &mut String) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str("  "));
}

/// A string of JSON is one of jq: an escaped backslash never starts an interpolation.
fn quote(text: &str, out: &mut String) {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    match text.bytes().all(plain) {
        true => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        false => out.push_str(&Json::from(text).to_string()),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}
