//! JSON that knows where it stands: each value with the byte at which it starts. Comments are allowed, as in templates.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value and where it starts.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    /// Keys with where they start.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The value at a key, whatever its case: Resource Manager does not see it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Kind::Object(entries) = &self.kind else { return None };
        entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, node)| node)
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// Keys and values, where this is an object.
    pub(super) fn entries(&self) -> &[(String, Node)] {
        if let Kind::Object(entries) = &self.kind { entries } else { &[] }
    }

    /// The items, where this is a list.
    pub(super) fn items(&self) -> &[Node] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }
}

/// Reads JSON.
///
/// # Errors
/// What is wrong, and the byte at which reading stopped.
pub(super) fn parse(text: &str) -> Result<Node, (String, usize)> {
    let text = without_comments(text);
    let raw: &RawValue = serde_json::from_str(&text).map_err(|error| {
        let line = error.line().saturating_sub(1);
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default().to_owned();
        (why, (start + error.column().saturating_sub(1)).min(text.len()))
    })?;
    node(raw, text.as_ptr() as usize).map_err(|error| (error.to_string(), 0))
}

fn node(raw: &RawValue, start: usize) -> Result<Node, serde_json::Error> {
    let text = raw.get();
    let kind = match text.as_bytes().first() {
        Some(b'{') => {
            let Pairs(pairs) = serde_json::from_str(text)?;
            let entries =
                pairs.into_iter().map(|(key, raw)| Ok((key.into_owned(), node(raw, start)?)));
            Kind::Object(entries.collect::<Result<_, serde_json::Error>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            Kind::List(items.into_iter().map(|raw| node(raw, start)).collect::<Result<_, _>>()?)
        }
        _ => match serde_json::from_str(text)? {
            serde_json::Value::Bool(value) => Kind::Bool(value),
            serde_json::Value::Number(number) => Kind::Number(number),
            serde_json::Value::String(text) => Kind::Text(text),
            _ => Kind::Null,
        },
    };
    // Raw values borrow from the text: their addresses are offsets into it.
    Ok(Node { at: text.as_ptr() as usize - start, kind })
}

/// An object's keys and raw values, in order.
struct Pairs<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'t> Deserialize<'t> for Pairs<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'t> Visitor<'t> for PairsVisitor {
            type Value = Pairs<'t>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Pairs<'t>, A::Error> {
                let mut out = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    out.push((Cow::Owned(key), map.next_value()?));
                }
                Ok(Pairs(out))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

/// The text with blanks in the place of comments, so that every byte stays where it was.
fn without_comments(text: &str) -> String {
    let mut out: Vec<u8> = text.as_bytes().to_vec();
    let (mut at, mut in_text) = (0, false);
    // A byte order mark is no part of the text.
    if out.starts_with(b"\xef\xbb\xbf") {
        out[..3].fill(b' ');
    }
    while at < out.len() {
        match (in_text, out[at], out.get(at + 1)) {
            (true, b'\\', _) => at += 1,
            (_, b'"', _) => in_text = !in_text,
            (false, b'/', Some(b'/')) => {
                let end = out[at..].iter().position(|b| *b == b'\n').map_or(out.len(), |n| at + n);
                out[at..end].fill(b' ');
                at = end;
            }
            (false, b'/', Some(b'*')) => {
                let end = out[at..].windows(2).position(|two| two == b"*/");
                let end = end.map_or(out.len(), |n| at + n + 2);
                // Lines stay lines.
                out[at..end].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_where_it_stands() {
        let text = "{ // note \"x\"\n \"a\": /* b */ [1, {\"c\": \"//no\"}] }";
        let node = parse(text).unwrap();
        let list = node.get("A").unwrap();
        assert_eq!(&text[list.at..=list.at], "[");
        let inner = list.items()[1].get("c").unwrap();
        assert_eq!((inner.text(), &text[inner.at..inner.at + 3]), (Some("//no"), "\"//"));
        let broken = "{\n \"a\": }";
        assert_eq!(parse(broken).unwrap_err().1, broken.len() - 1);
        assert!(parse("").is_err());
    }
}
