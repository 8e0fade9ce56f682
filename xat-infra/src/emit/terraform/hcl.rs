//! Terraform's own syntax, spaced as `terraform fmt` spaces it.
//!
//! What `fmt` asks for: two blanks a level; the equals signs of neighbouring one-line attributes in one column, where an
//! attribute that opens brackets on its line is no neighbour
//! (<https://developer.hashicorp.com/terraform/language/style#code-formatting>).

use super::syntax::{Block, Body, Expr, Item};

/// A module as HCL.
pub(super) fn write(header: &[String], body: &Body) -> String {
    let mut out: String = header.iter().map(|line| format!("# {line}\n")).collect();
    for item in &body.0 {
        if let Item::Block(block) = item {
            out.push('\n');
            write_block(block, 0, &mut out);
        }
    }
    out
}

fn write_block(block: &Block, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push_str(&block.kind);
    for label in &block.labels {
        out.push_str(&format!(" {}", quoted(label)));
    }
    if block.body.0.is_empty() {
        out.push_str(" {}\n");
        return;
    }
    out.push_str(" {\n");
    write_body(&block.body, depth + 1, out);
    indent(depth, out);
    out.push_str("}\n");
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut before: Option<&Item> = None;
    for item in &body.0 {
        match item {
            Item::Attr(name, value) => {
                if matches!(before, Some(Item::Block(_))) {
                    out.push('\n');
                }
                let value = expression(value, depth);
                if value.contains('\n') {
                    write_rows(&mut rows, depth, out);
                    indent(depth, out);
                    out.push_str(&format!("{name} = {value}\n"));
                } else {
                    rows.push((name.clone(), value));
                }
            }
            Item::Block(block) => {
                write_rows(&mut rows, depth, out);
                if matches!(before, Some(Item::Attr(..) | Item::Block(_))) {
                    out.push('\n');
                }
                write_block(block, depth, out);
            }
            Item::Absent(_) => continue,
            Item::Gap => {
                write_rows(&mut rows, depth, out);
                if before.is_some() {
                    out.push('\n');
                }
            }
        }
        before = Some(item);
    }
    write_rows(&mut rows, depth, out);
}

/// Neighbouring one-line attributes, their equals signs in one column.
fn write_rows(rows: &mut Vec<(String, String)>, depth: usize, out: &mut String) {
    let width = rows.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
    for (name, value) in rows.drain(..) {
        indent(depth, out);
        out.push_str(&name);
        out.push_str(&" ".repeat(width - columns(&name)));
        out.push_str(&format!(" = {value}\n"));
    }
}

/// `fmt` counts what a reader sees as one letter as one column.
fn columns(text: &str) -> usize {
    text.chars().count()
}

fn expression(value: &Expr, depth: usize) -> String {
    match value {
        Expr::Null => "null".into(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => value.to_string(),
        Expr::Bare(text) => text.clone(),
        Expr::Template(text) => template(text),
        Expr::List(items) if items.is_empty() => "[]".into(),
        Expr::List(items) if items.iter().all(is_short) && fits(items, depth) => {
            let items: Vec<String> = items.iter().map(|item| expression(item, depth)).collect();
            format!("[{}]", items.join(", "))
        }
        Expr::List(items) => {
            let mut out = String::from("[\n");
            for item in items {
                indent(depth + 1, &mut out);
                out.push_str(&format!("{},\n", expression(item, depth + 1)));
            }
            indent(depth, &mut out);
            out.push(']');
            out
        }
        Expr::Object(entries) if entries.is_empty() => "{}".into(),
        Expr::Object(entries) => {
            let mut out = String::from("{\n");
            let mut rows = Vec::new();
            for (key, value) in entries {
                let (key, value) = (object_key(key), expression(value, depth + 1));
                if value.contains('\n') {
                    write_rows(&mut rows, depth + 1, &mut out);
                    indent(depth + 1, &mut out);
                    out.push_str(&format!("{key} = {value}\n"));
                } else {
                    rows.push((key, value));
                }
            }
            write_rows(&mut rows, depth + 1, &mut out);
            indent(depth, &mut out);
            out.push('}');
            out
        }
    }
}

/// Whether a list of more than one is no longer than a line.
fn fits(items: &[Expr], depth: usize) -> bool {
    items.len() == 1
        || items.iter().map(|item| expression(item, depth).len() + 2).sum::<usize>() <= 80
}

fn is_short(value: &Expr) -> bool {
    match value {
        Expr::List(items) => items.is_empty(),
        Expr::Object(entries) => entries.is_empty(),
        _ => true,
    }
}

/// A key that is a word stands bare, any other in quotes; one that is an expression in brackets.
fn object_key(key: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let plain = !key.is_empty()
        && key.chars().all(word)
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !["null", "true", "false", "for", "if"].contains(&key);
    match lone_expression(key) {
        Some(inner) => format!("({inner})"),
        None if plain => key.to_owned(),
        None => quoted(key),
    }
}

/// A template: an expression alone needs no quotes.
fn template(text: &str) -> String {
    lone_expression(text).map_or_else(|| quoted(text), str::to_owned)
}

/// The expression, where a template is nothing else.
pub(super) fn lone_expression(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    // A second one inside would mean that the first ended earlier; our expressions have braces in quotes only.
    (!inner.contains("${") || inner.starts_with("urlencode("))
        .then_some(inner)
        .filter(|inner| balanced(inner))
}

fn balanced(inner: &str) -> bool {
    let mut depth = 0i32;
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Quoted text whose expressions stay as they are.
fn quoted(template: &str) -> String {
    let mut out = String::with_capacity(template.len() + 2);
    out.push('"');
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            out.push_str(&rest[..3]);
            rest = &rest[3..];
            continue;
        }
        if rest.starts_with("${") {
            let end = end_of_expression(rest);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out.push('"');
    out
}

/// Where the expression that a template starts with ends, behind its brace.
fn end_of_expression(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn indent(depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
}
