//! Secrets in a Terraform module: variables that Terraform neither shows nor keeps, taken by write-only arguments alone.
//!
//! A secret that one vault secret holds and nothing else uses can be made by Terraform itself, once; every other is
//! handed in, so that all who use it get the same value however often one of them is made anew.
//!
//! Terraform cannot see that a write-only value changed; it goes by the version beside it. That version follows the host
//! names and addresses inside the secret, and a number that whoever changes a secret counts up.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::{Body, Expr};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::unsafe_secret;
use crate::graph::{Graph, Node};
use crate::value::{SecretPart, SecretText, Text};
use crate::wire::{Expressions, Terraform};

/// What a module's secrets come from.
#[derive(Default)]
pub(super) struct Secrets {
    /// How often each generated secret is used, and whether one use is more than the secret alone.
    generated: BTreeMap<String, Uses>,
    /// Names of secrets that are handed in.
    variables: BTreeSet<String>,
    /// Names of secrets that Terraform makes.
    made: BTreeSet<String>,
    problems: Diagnostics,
}

#[derive(Default)]
struct Uses {
    alone: usize,
    within: usize,
}

impl Secrets {
    /// Counts the uses of every generated secret.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut secrets = Self::default();
        for node in &graph.nodes {
            for field in node.fields.iter() {
                field.value.each_secret(&mut |secret| secrets.count(secret));
            }
        }
        secrets
    }

    fn count(&mut self, secret: &SecretText) {
        let alone = secret.parts().len() == 1;
        for part in secret.parts() {
            match part {
                SecretPart::Generated { name } => {
                    let uses = self.generated.entry(name.clone()).or_default();
                    *(if alone { &mut uses.alone } else { &mut uses.within }) += 1;
                }
                SecretPart::Encoded(inner) => {
                    for name in inner.names() {
                        self.generated.entry(name).or_default().within += 1;
                    }
                }
                _ => {}
            }
        }
    }

    /// The expression of a secret at a write-only argument.
    pub(super) fn write(
        &mut self,
        spell: &Terraform<'_>,
        node: &Node,
        path: &str,
        secret: &SecretText,
    ) -> Expr {
        if !secret.is_named() {
            self.problems.push(unsafe_secret(
                node,
                "Terraform",
                path,
                "its value stands in the program: say `Secret::supplied(\"name\")` and hand it in when applying",
            ));
            return Expr::Null;
        }
        if let [SecretPart::Generated { name }] = secret.parts()
            && self.generated.get(name).is_some_and(|uses| uses.alone == 1 && uses.within == 0)
        {
            self.made.insert(name.clone());
            return Expr::Template(format!("${{ephemeral.random_password.{}.result}}", word(name)));
        }
        self.variables.extend(secret.names());
        Expr::Template(spell.secret(secret))
    }

    /// The version beside a secret at a write-only argument.
    pub(super) fn version(&self, spell: &Terraform<'_>, secret: &SecretText) -> Expr {
        let mut texts: Vec<&Text> = Vec::new();
        secret.each_text(&mut |text| texts.push(text));
        let mut versions: Vec<String> = secret
            .names()
            .iter()
            .map(|name| format!("lookup(var.secret_versions, \"{name}\", 1)"))
            .collect();
        let outputs: Vec<String> = texts
            .iter()
            .flat_map(|text| text.outputs())
            .map(|output| spell.traversal(output))
            .collect();
        if outputs.is_empty() && versions.len() == 1 {
            return Expr::Template(format!("${{{}}}", versions.remove(0)));
        }
        versions.extend(outputs);
        let all = match versions.as_slice() {
            [one] => one.clone(),
            all => format!("join(\"|\", [{}])", all.join(", ")),
        };
        Expr::Template(format!("${{parseint(substr(sha256({all}), 0, 7), 16)}}"))
    }

    /// Reports a secret at an argument that Terraform would keep.
    pub(super) fn refuse(&mut self, node: &Node, path: &str) {
        self.problems.push(unsafe_secret(
            node,
            "Terraform",
            path,
            "put the secret into a vault and refer to it from here, or write this resource in another format",
        ));
    }

    /// What is wrong with the secrets.
    pub(super) fn problems(&mut self) -> impl Iterator<Item = Diagnostic> + use<> {
        std::mem::take(&mut self.problems).into_iter()
    }

    /// Whether the module makes secrets.
    pub(super) fn makes_some(&self) -> bool {
        !self.made.is_empty()
    }

    /// The variables and ephemeral values.
    pub(super) fn declare(&self, module: &mut Body) {
        for name in &self.variables {
            let mut body = Body::default();
            body.attr("type", Expr::Bare("string".into()));
            body.attr(
                "description",
                Expr::text(&format!("The secret `{name}`: handed in, never kept.")),
            );
            body.attr("ephemeral", Expr::Bool(true));
            body.attr("sensitive", Expr::Bool(true));
            module.block("variable", &[&word(name)], body);
        }
        if !self.variables.is_empty() || !self.made.is_empty() {
            let mut body = Body::default();
            body.attr("type", Expr::Bare("map(number)".into()));
            body.attr(
                "description",
                Expr::text("Counted up by the secret's name whenever a secret has a new value."),
            );
            body.attr("default", Expr::Object(Vec::new()));
            module.block("variable", &["secret_versions"], body);
        }
        for name in &self.made {
            let mut body = Body::default();
            body.attr("length", Expr::Int(64));
            body.attr("special", Expr::Bool(false));
            module.block("ephemeral", &["random_password", &word(name)], body);
        }
    }
}

/// A secret's name as Terraform names things.
fn word(name: &str) -> String {
    Terraform::label_of(None, name).replace('-', "_")
}
