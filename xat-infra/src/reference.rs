//! The reference pages of the book, as Markdown: one for each resource type and one for each diagnostic code.
//!
//! Everything on a type's page comes from its static description, so that a page cannot say anything else than the
//! planner does. Writing the pages to disk is the caller's: a test keeps `book/src/reference/` equal to them.

mod markdown;
mod tables;

use std::fmt::Write;

use crate::catalog;
use crate::diagnostic::{CODES, Code};
use crate::schema::{BlockType, ChoiceType, Kind, Property, ResourceType, Scope};
use markdown::{capital, cell, path, prose};

/// The name of the file that holds a type's page (`azure.key_vault.md`).
pub fn type_file(ty: &ResourceType) -> String {
    format!("{}.md", ty.name())
}

/// The name of the file that holds a code's page (`invalid-name.md`).
pub fn code_file(code: &Code) -> String {
    format!("{}.md", code.id)
}

/// Every page: the name of its file, and its text.
pub fn pages() -> Vec<(String, String)> {
    let types = catalog::types().into_iter().map(|registered| (registered.ty)());
    let types = types.map(|ty| (type_file(ty), type_page(ty)));
    types.chain(CODES.iter().map(|code| (code_file(code), code_page(code)))).collect()
}

/// The end of the book's table of contents: every page of the reference, by name.
///
/// ```
/// let summary = xat_infra::reference::summary();
/// assert!(summary.contains("- [Key vault](reference/azure.key_vault.md)"));
/// ```
pub fn summary() -> String {
    let mut out = String::new();
    let mut cloud = "";
    for registered in catalog::types() {
        let ty = (registered.ty)();
        if ty.provider.label != cloud {
            let gap = if cloud.is_empty() { "" } else { "\n" };
            cloud = ty.provider.label;
            let _ = writeln!(out, "{gap}# Resource types of {cloud}\n");
        }
        let _ = writeln!(out, "- [{}](reference/{})", capital(ty.label), type_file(ty));
    }
    out.push_str("\n# Diagnostic codes\n\n");
    for code in CODES {
        let _ = writeln!(out, "- [{}](reference/{})", code.id, code_file(code));
    }
    out
}

/// The page of a diagnostic code.
pub fn code_page(code: &Code) -> String {
    format!(
        "# {}\n\n*{}*\n\n{}\n\nThe same on the command line: `xat explain {}`.\n",
        code.id,
        capital(code.title),
        prose(code.text),
        code.id
    )
}

/// The page of a resource type.
pub fn type_page(ty: &ResourceType) -> String {
    let mut out = format!("# {}\n\n{}\n\n", capital(ty.label), prose(ty.doc));
    facts(ty, &mut out);
    required(ty, &mut out);
    out.push_str("\n## Properties\n\n");
    tables::properties(ty, ty.props, &mut out);
    let mut nested = Nested::default();
    nested.gather(ty.props);
    for block in &nested.blocks {
        let _ = write!(out, "\n## {}\n\n{}\n\n", block.rust, prose(block.doc));
        tables::properties(ty, block.props, &mut out);
    }
    for choice in &nested.choices {
        let _ = write!(out, "\n## {}\n\n{}\n\n", choice.rust, prose(choice.doc));
        tables::choice(ty, choice, &mut out);
    }
    outputs(ty, &mut out);
    apart(ty, &mut out);
    out
}

/// What is said of the type as a whole, a row each.
fn facts(ty: &ResourceType, out: &mut String) {
    out.push_str("| | |\n|---|---|\n");
    let mut row = |what: &str, text: &str| {
        let _ = writeln!(out, "| {what} | {} |", cell(text));
    };
    row("In Rust", &format!("`{}`", ty.rust));
    row("In addresses", &format!("`{}`", ty.slug));
    if ty.wire == "raw" {
        row("REST type", "any: the stack says it, with its API version");
    } else {
        row("REST type", &format!("`{}`, API version `{}`", ty.wire, ty.api));
    }
    match ty.terraform {
        "" => row("Terraform", "none"),
        terraform => row("Terraform", &format!("`{terraform}`")),
    }
    let holder = match ty.scope {
        Scope::Root => "the subscription or project",
        Scope::Group => "a resource group",
        Scope::Child => "another resource, as part of it",
        Scope::Extension => "any resource, beside it",
    };
    row("Held by", holder);
    match (ty.name_rule, ty.fixed_name) {
        (Some(rule), _) => {
            let global = if rule.global { "; unique in the whole cloud" } else { "" };
            row("Name", &format!("{rule}{global} ([source]({}))", rule.source));
        }
        (None, Some(name)) => row("Name", &format!("always `{name}`: there is one in each")),
        (None, None) => row("Name", &format!("derived from {}", code_list(ty.derived_name))),
    }
    if let Some(by) = ty.found_by {
        let how = format!(
            "made up by the service; a live one is recognised by its `{by}`, until a state knows the ID"
        );
        row("ID", &how);
    }
    if ty.holds_data {
        row("Holds data", "yes: a plan that deletes or replaces it is refused without leave");
    }
    if let Some(action) = ty.action {
        let how = format!(
            "a POST to its ID and `/{}`, without a body, and taken back by `/{}`; ARM templates cannot make it",
            action.make, action.unmake
        );
        row("Made by", &how);
    }
    if ty.undeletable {
        row("When taken out", "it stays as it is: the service knows no way to delete it");
    }
    if ty.soft_delete.is_some() {
        row("When deleted", "the service keeps it for a while, and it can be recovered");
    }
    row("The provider's reference", &format!("<{}>", ty.source));
}

/// The properties that a constructor asks for.
fn required(ty: &ResourceType, out: &mut String) {
    let names: Vec<&str> = ty.props.iter().filter(|p| p.required).map(|p| p.name).collect();
    if !names.is_empty() {
        let _ = writeln!(out, "\nIt cannot do without {}.", code_list(&names));
    }
}

fn outputs(ty: &ResourceType, out: &mut String) {
    out.push_str("\n## Outputs\n\nBeside `id()` and `name()`, which every handle has:\n\n");
    if ty.outputs.is_empty() {
        out.truncate(out.len() - "Beside `id()` and `name()`, which every handle has:\n\n".len());
        out.push_str("`id()` and `name()`, which every handle has, and no others.\n");
        return;
    }
    out.push_str("| output | what it is | in the REST body | in Terraform |\n|---|---|---|---|\n");
    for output in ty.outputs {
        let (wire, tf) = (path(output.wire), tables::code(output.tf));
        let _ =
            writeln!(out, "| `{}()` | {} | {wire} | {tf} |", output.name, cell(&prose(output.doc)));
    }
}

/// What is written elsewhere than in the resource's own body or block.
fn apart(ty: &ResourceType, out: &mut String) {
    let mut lines = Vec::new();
    if !ty.through.is_empty() {
        lines.push(format!("In its ID, `{}` stands behind what holds it.", ty.through));
    }
    for part in ty.parts {
        lines.push(format!(
            "REST keeps the part `{}` in a body of its own, `{}`, at `{}` below the resource.",
            part.key, part.wire, part.suffix
        ));
    }
    for mirror in ty.mirrors {
        lines.push(format!(
            "What is written at {} is read back from the body at `{}` below the resource.",
            path(mirror.at),
            mirror.suffix
        ));
    }
    for part in ty.tf_parts {
        let each = if part.each { ", one for each element" } else { "" };
        lines.push(format!(
            "Terraform keeps the part `{}` in a resource of its own, `{}`{each}.",
            part.key, part.resource
        ));
    }
    for constant in ty.constants {
        let value = tables::literal(&(constant.value)());
        let places = [("in the REST body", constant.wire), ("in Terraform", constant.tf)];
        for (place, at) in places.into_iter().filter_map(|(place, at)| Some((place, at?))) {
            lines.push(format!("{} {place} is always {value}.", path(at)));
        }
    }
    for (attribute, ancestor, output) in ty.tf_ancestors {
        lines.push(format!(
            "`{attribute}` in Terraform is the `{output}` of the `{ancestor}` that holds it."
        ));
    }
    if !lines.is_empty() {
        let _ = writeln!(out, "\n## Elsewhere\n\n- {}", lines.join("\n- "));
    }
}

/// The blocks and choices below a list of properties, each once, in the order in which they are met.
#[derive(Default)]
struct Nested {
    blocks: Vec<&'static BlockType>,
    choices: Vec<&'static ChoiceType>,
}

impl Nested {
    fn gather(&mut self, props: &'static [Property]) {
        props.iter().for_each(|property| self.kind(property.kind));
    }

    fn kind(&mut self, kind: &'static Kind) {
        match kind {
            Kind::Block(block) if self.blocks.iter().all(|b| b.rust != block.rust) => {
                self.blocks.push(block);
                self.gather(block.props);
            }
            Kind::Choice(choice) if self.choices.iter().all(|c| c.rust != choice.rust) => {
                self.choices.push(choice);
            }
            Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => self.kind(inner),
            _ => {}
        }
    }
}

fn code_list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
