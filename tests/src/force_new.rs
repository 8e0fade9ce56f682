//! Which properties replace a resource, held against what the Terraform provider says.
//!
//! `tests/azurerm-force-new.txt` and `tests/google-force-new.txt` have the providers' facts: `cargo run --bin force-new-facts -- FOLDER`
//! writes them from the providers' flags. Where a type says something else, `tests/replace-differences.tsv` says why.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use xat_infra::schema::{Property, ResourceType};

/// For each Terraform resource the attributes whose change makes a new one.
pub type Facts = BTreeMap<String, BTreeSet<String>>;

/// The Terraform providers that there are facts of.
pub const PROVIDERS: &[&str] = &["azurerm", "google"];

const FACTS: &[&str] =
    &[include_str!("../azurerm-force-new.txt"), include_str!("../google-force-new.txt")];
const REVIEWED: &str = include_str!("../replace-differences.tsv");

/// The facts that the tests keep.
#[must_use]
pub fn kept() -> Facts {
    FACTS.iter().flat_map(|text| parse(text)).collect()
}

/// The same from the lines of a file: a Terraform resource and its attributes, apart by blanks.
#[must_use]
pub fn parse(text: &str) -> Facts {
    let words = text.lines().filter(|line| !line.starts_with('#')).map(str::split_whitespace);
    words
        .filter_map(|mut words| {
            Some((words.next()?.to_owned(), words.map(str::to_owned).collect()))
        })
        .collect()
}

/// The facts as the lines of a file, from the provider's flags: for each resource and attribute an object, in which
/// `force_new` may be true.
#[must_use]
pub fn from_flags(provider: &str, flags: &Json) -> String {
    let mut out = format!(
        "# Attributes whose change makes a new resource, by Terraform resource ({provider}).\n\
         # Written by `cargo run --bin force-new-facts -- FOLDER`.\n",
    );
    let resources: BTreeMap<&String, &Json> = flags.as_object().into_iter().flatten().collect();
    for (resource, attributes) in resources {
        let fixed: BTreeSet<&str> = attributes
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, flags)| flags["force_new"] == true)
            .map(|(attribute, _)| attribute.as_str())
            .collect();
        out.push_str(resource);
        for attribute in fixed {
            out.push(' ');
            out.push_str(attribute);
        }
        out.push('\n');
    }
    out
}

/// A property of which a type and the provider do not say the same.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The type's slug.
    pub slug: &'static str,
    /// The property, with full stops before what is in it.
    pub property: String,
    /// Whether the type replaces; if not, the Terraform provider does.
    pub ours: bool,
}

/// All differences of a type. Attributes of a Terraform resource of their own are left out: replacing that is no loss of
/// the main one.
#[must_use]
pub fn differences(ty: &'static ResourceType, facts: &Facts) -> Vec<Difference> {
    let mut out = Vec::new();
    if let Some(fixed) = facts.get(ty.terraform) {
        let mut walk = Walk { slug: ty.slug, fixed, out: &mut out };
        walk.properties(ty.props, "", "");
    }
    out
}

struct Walk<'a> {
    slug: &'static str,
    fixed: &'a BTreeSet<String>,
    out: &'a mut Vec<Difference>,
}

impl Walk<'_> {
    fn properties(&mut self, props: &'static [Property], name: &str, at: &str) {
        for property in props {
            // Name and holder stand in the ID: another is another resource.
            if property.is_parent || property.is_name {
                continue;
            }
            let Some(tf) = property.tf.filter(|tf| tf.part.is_none()) else { continue };
            let name = joined(name, property.name);
            let at = joined(at, &tf.path.join("."));
            let ours = property.replace;
            // An empty path is no attribute: what is merged stands at attributes of its own.
            if !tf.path.is_empty() && ours != self.fixed.contains(&at) {
                self.out.push(Difference { slug: self.slug, property: name.clone(), ours });
            }
            // A codec gives its blocks another shape.
            if let Some(block) = property.kind.block().filter(|_| tf.codec.is_none()) {
                self.properties(block.props, &name, &at);
            }
        }
    }
}

fn joined(above: &str, own: &str) -> String {
    let parts: Vec<&str> = [above, own].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(".")
}

/// The reviewed differences: type, property, who replaces (`ours` or `terraform`), reason.
///
/// # Errors
/// A row has not four columns, or no reason.
pub fn reviewed() -> Result<BTreeSet<(String, String, bool)>, String> {
    let rows = REVIEWED.lines().enumerate().skip(1);
    rows.map(|(number, line)| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [slug, property, who @ ("ours" | "terraform"), reason] if !reason.trim().is_empty() => {
            Ok(((*slug).to_owned(), (*property).to_owned(), *who == "ours"))
        }
        _ => Err(format!("replace-differences.tsv:{}: type, property, who, reason", number + 1)),
    })
    .collect()
}
