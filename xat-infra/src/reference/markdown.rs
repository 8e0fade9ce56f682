//! Markdown for the reference pages: prose from doc comments, cells of tables, paths.

use crate::schema::Path;

/// Text with a capital in front.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A doc comment as prose: links to Rust items become their text, because the book has no such targets.
pub(super) fn prose(doc: &str) -> String {
    let mut out = String::with_capacity(doc.len());
    let mut rest = doc;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        let link = &rest[at..];
        let text = link[1..].split_once(']').filter(|(text, _)| text.starts_with('`'));
        rest = match text {
            Some((text, after)) => {
                out.push_str(text);
                match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
                    Some((_, after)) => after,
                    None => after,
                }
            }
            None => {
                out.push('[');
                &link[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// Text that fits into a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("\n\n", " ")
}

/// A path of keys, as code; the empty path is the body itself.
pub(super) fn path(path: Path) -> String {
    if path.is_empty() { "the body itself".into() } else { format!("`{}`", path.join(".")) }
}

#[cfg(test)]
mod tests {
    use super::{cell, prose};

    #[test]
    fn links_to_rust_become_text() {
        assert_eq!(prose("Prefer [`Subnet`](crate::azure::Subnet): it"), "Prefer `Subnet`: it");
        assert_eq!(prose("See [`Other`] and a[0]."), "See `Other` and a[0].");
        assert_eq!(cell("a | b"), "a \\| b");
    }
}
