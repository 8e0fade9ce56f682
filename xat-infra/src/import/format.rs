//! The source as it is handed out: parsed, formatted, its comments and its JSON laid out.

use super::write::NOTE;
use crate::diagnostic::Diagnostic;

/// The formatted source.
///
/// # Errors
/// It is not Rust: a type's description says an expression that is none.
pub(super) fn format(source: &str, comments: &[String]) -> Result<String, Diagnostic> {
    let file = syn::parse_file(source).map_err(|error| {
        // Each statement is a line of its own.
        let fits = |line: &&str| syn::parse_str::<syn::Block>(&format!("{{{line}}}")).is_err();
        let mut lines = source.lines().filter(|line| line.contains("stack.add("));
        let line = lines.find(fits).unwrap_or_default();
        Diagnostic::error("import-not-rust", format!("what was to be written is not Rust: {error}"))
            .help(format!(
                "please report this line, which a type's description made: {}",
                line.trim()
            ))
    })?;
    let mut out = String::new();
    let formatted = prettyplease::unparse(&file);
    let mut lines = formatted.lines().peekable();
    // How far the lines of a statement stand in for the break that is taken out before `.add(`.
    let mut less = 0;
    while let Some(line) = lines.next() {
        let added = lines.peek().is_some_and(|next| next.trim_start().starts_with(".add("));
        if added && line.ends_with("stack") {
            out.push_str(line);
            less = 4;
            continue;
        }
        let joins = less > 0 && line.trim_start().starts_with(".add(") && out.ends_with("stack");
        let line = match line.get(..less).filter(|start| start.trim().is_empty()) {
            _ if joins => line.trim_start(),
            Some(_) => &line[less..],
            None => line,
        };
        if line == "    );" || (joins && line.ends_with(");")) {
            less = 0;
        }
        // Documentation of the file stands apart from what follows, and of the function from what is before.
        if line.starts_with("use ") || line.starts_with("///") {
            out.push('\n');
        }
        let indent = line.len() - line.trim_start().len();
        match note(line).and_then(|number| comments.get(number)) {
            Some(comment) => out.push_str(&wrapped(comment, indent)),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(lay_out(&out))
}

/// The number of the comment that a line stands for.
fn note(line: &str) -> Option<usize> {
    line.trim().strip_prefix(NOTE)?.strip_prefix("!(")?.strip_suffix(");")?.parse().ok()
}

/// A comment on lines of its own.
fn wrapped(comment: &str, indent: usize) -> String {
    let lead = format!("{}//", " ".repeat(indent));
    let mut out = lead.clone();
    let mut column = lead.len();
    for word in comment.split_whitespace() {
        if column + 1 + word.len() > WIDTH && column > lead.len() {
            out.push('\n');
            out.push_str(&lead);
            column = lead.len();
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.chars().count();
    }
    out
}

/// The widest line of comments and JSON.
const WIDTH: usize = 100;

/// Lays the arguments of `json!` out, which the formatter leaves as they are.
fn lay_out(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, behind)) = split_json(rest) {
        out.push_str(before);
        out.push_str("json!(");
        let line = out.rsplit('\n').next().unwrap_or_default();
        let (column, indent) = (line.len(), line.len() - line.trim_start().len());
        let (tokens, behind) = tokens(behind);
        let flat = one_line(&tokens);
        if column + flat.len() + 2 <= WIDTH {
            out.push_str(&flat);
        } else {
            out.push_str(&many_lines(&tokens, indent));
        }
        rest = behind;
    }
    out + rest
}

/// The source before and behind the next `json!(`.
fn split_json(source: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let at = from + source[from..].find("json!")?;
        let behind = source[at + "json!".len()..].trim_start();
        // Inside a literal of text, or part of another word, it means nothing.
        let line = source[..at].rsplit('\n').next().unwrap_or_default();
        let quotes = line.matches('"').count() - line.matches("\\\"").count();
        if let Some(behind) = behind.strip_prefix('(').filter(|_| quotes.is_multiple_of(2)) {
            return Some((&source[..at], behind));
        }
        from = at + "json!".len();
    }
}

/// The tokens of JSON up to the closing parenthesis, and what is behind, the parenthesis first.
fn tokens(source: &str) -> (Vec<&str>, &str) {
    let (mut out, mut rest) = (Vec::new(), source.trim_start());
    while let Some(first) = rest.chars().next() {
        let len = match first {
            ')' => break,
            '"' => {
                let mut escaped = false;
                let end = rest[1..].char_indices().find(|(_, c)| {
                    let ends = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |(at, _)| at + 2)
            }
            '{' | '}' | '[' | ']' | ':' | ',' => 1,
            _ => rest
                .find(|c: char| c.is_whitespace() || "{}[]:,)".contains(c))
                .unwrap_or(rest.len())
                .max(1),
        };
        let (token, behind) = rest.split_at(len);
        out.push(token);
        rest = behind.trim_start();
    }
    (out, rest)
}

fn one_line(tokens: &[&str]) -> String {
    let mut out = String::new();
    for token in tokens {
        out.push_str(token);
        if *token == ":" || *token == "," {
            out.push(' ');
        }
    }
    out
}

fn many_lines(tokens: &[&str], indent: usize) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&" ".repeat(indent + 4 * depth));
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).copied().unwrap_or_default();
        match *token {
            "{" | "[" => {
                out.push_str(token);
                depth += 1;
                if next != "}" && next != "]" {
                    new_line(&mut out, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                let before = at.checked_sub(1).map_or("", |before| tokens[before]);
                if before != "{" && before != "[" {
                    new_line(&mut out, depth);
                }
                out.push_str(token);
            }
            "," => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            other => out.push_str(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_expression_is_noticed() {
        assert!(format("fn a() -> Stack { stack.add(KeyVault::new(\"x\", ) ) }", &[]).is_ok());
        let problem = format("fn a() {\n stack.add(KeyVault::new(\"x\" ;\n }", &[]).unwrap_err();
        assert_eq!(problem.code, "import-not-rust");
        assert!(problem.help.is_some_and(|help| help.contains("KeyVault")));
    }

    #[test]
    fn comments_and_json_are_laid_out() {
        let long = "x".repeat(80);
        let source = format!(
            "fn a() {{ {NOTE}!(0); f(json!({{\"a\": [1, {{}}], \"b\": \"{long}\"}})); g(json!([])); }}"
        );
        let comment = format!("what \"x\" is {}", "y".repeat(90));
        let out = format(&source, &[comment]).unwrap();
        let body = format!(
            "json!({{\n            \"a\": [\n                1,\n                {{}}\n            ],\n            \
             \"b\": \"{long}\"\n        }})"
        );
        let expected = format!(
            "fn a() {{\n    // what \"x\" is\n    // {}\n    f(\n        {body},\n    );\n    g(json!([]));\n}}\n",
            "y".repeat(90)
        );
        assert_eq!(out, expected);
    }
}
