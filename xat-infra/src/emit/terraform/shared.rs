//! Labels that most resources have alike, said once: as a local value.

use std::collections::HashMap;

use super::syntax::{Body, Expr, Item};

/// Takes the labels that the most resources have alike out of them; what the local value is then called, and is.
///
/// Labels with references in them stay: every resource would wait for what they refer to.
pub(super) fn take_labels(resources: &mut Body, names: &[&'static str]) -> Option<Body> {
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    let mut labels: Vec<&mut Expr> = Vec::new();
    for item in &mut resources.0 {
        let Item::Block(block) = item else { continue };
        for item in &mut block.body.0 {
            if let Item::Attr(name, value @ Expr::Object(_)) = item
                && names.contains(&name.as_str())
            {
                labels.push(value);
            }
        }
    }
    for (at, value) in labels.iter().enumerate() {
        if let Some(key) = literal(value) {
            counts.entry(key).or_insert((0, at)).0 += 1;
        }
    }
    // The first of those that are alike decides between equals.
    let (most, _) = counts.into_iter().max_by_key(|(_, (count, at))| (*count, usize::MAX - at))?;
    let alike = |value: &&mut Expr| literal(value).as_ref() == Some(&most);
    let mut alike: Vec<&mut Expr> = labels.into_iter().filter(|value| alike(value)).collect();
    if alike.len() < 2 {
        return None;
    }
    let mut shared = Expr::Null;
    for value in &mut alike {
        shared = std::mem::replace(*value, Expr::Template("${local.tags}".into()));
    }
    let mut locals = Body::default();
    locals.attr("tags", shared);
    Some(locals)
}

/// What labels say, where nothing in them is known only later.
fn literal(value: &Expr) -> Option<String> {
    let Expr::Object(entries) = value else { return None };
    let mut out = String::new();
    for (key, value) in entries {
        let Expr::Template(text) = value else { return None };
        if text.replace("$${", "").contains("${") {
            return None;
        }
        out.push_str(&format!("{key:?}={text:?},"));
    }
    (!out.is_empty()).then_some(out)
}
