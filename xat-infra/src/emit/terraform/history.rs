//! What became of what Terraform knew, and what it has yet to learn of: `import`, `moved` and `removed` blocks.

use std::collections::BTreeMap;

use super::carrier::{Lowered, with_tail};
use super::syntax::{Body, Expr};
use super::{Existing, Options};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::{Kind, OutputSource, Property, ResourceType, TerraformProvider, TfPart};
use crate::value::{Piece, Place, Text, Value};
use crate::wire::{self, Terraform};

/// The `import` and `moved` blocks of a resource: one for each Terraform resource that carries it.
pub(super) fn of_node(
    graph: &Graph,
    spell: &Terraform<'_>,
    (node, carriers): (&Node, &[Lowered]),
    options: &Options<'_>,
    told: &mut Body,
    problems: &mut Diagnostics,
) {
    let raw = graph.at(&node.address).is_some_and(|index| spell.is_raw(index as usize));
    for lowered in carriers {
        let to = format!("{}.{}", lowered.kind, lowered.label);
        if let Some(existing) = &options.existing
            && (existing.adopted)(&node.address)
        {
            let import = Import { graph, node, existing, raw };
            match import.id(lowered) {
                Ok(Some(id)) => {
                    let mut body = Body::default();
                    body.attr("to", Expr::Bare(to.clone()));
                    body.attr("id", Expr::text(&id));
                    told.block("import", &[], body);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        for (old, _) in &node.meta.was {
            let mut body = Body::default();
            let label = with_tail(&old_label(node, old), &lowered.tail);
            body.attr("from", Expr::Bare(format!("{}.{label}", lowered.kind)));
            body.attr("to", Expr::Bare(to.clone()));
            told.block("moved", &[], body);
        }
    }
}

/// One live resource, to be taken over.
struct Import<'i> {
    graph: &'i Graph,
    node: &'i Node,
    existing: &'i Existing<'i>,
    raw: bool,
}

impl Import<'_> {
    /// By what Terraform imports a resource, or a part of it; `None` where there is no such part yet.
    fn id(&self, lowered: &Lowered) -> Result<Option<String>, Diagnostic> {
        if let (true, Some(raw)) = (self.raw, &self.node.ty.provider.terraform_raw) {
            let id = match &*lowered.suffix {
                "" => self.node.id.clone(),
                suffix => format!("{}/{suffix}", self.node.id),
            };
            // A part may be declared and not be there yet.
            if lowered.part.is_some() && (self.existing.body)(&id).is_none() {
                return Ok(None);
            }
            let word = |word: &str| match word {
                "id" => Some(id.clone()),
                "api" => Some(self.node.api.to_string()),
                _ => None,
            };
            return self.fill(raw.import, &word).map(Some);
        }
        let part = self.node.ty.tf_parts.iter().find(|part| lowered.part == Some(part.key));
        let Some(part) = part else {
            if self.node.ty.tf_import.is_empty() {
                return Ok(None);
            }
            return self.fill(self.node.ty.tf_import, &|word| self.word(word)).map(Some);
        };
        let element = self.element(part, &lowered.value);
        if !self.has(part, element.as_deref()) {
            return Ok(None);
        }
        let word = |word: &str| match word {
            "element" => element.clone(),
            word => self.word(word),
        };
        self.fill(part.import, &word).map(Some)
    }

    /// What stands for a word of a template.
    fn word(&self, word: &str) -> Option<String> {
        match word {
            "id" => Some(self.node.reference().to_owned()),
            "name" => Some(self.node.name.clone()),
            "parent" => {
                let provider = self.node.ty.provider;
                let parent = (provider.parent_of_id)(&self.node.id)?;
                Some((provider.reference)(&parent).to_owned())
            }
            "parent_name" => {
                let parent = (self.node.ty.provider.parent_of_id)(&self.node.id)?;
                parent.rsplit('/').next().map(str::to_owned)
            }
            parameter if parameter.contains('.') => self.graph.scope.get(parameter).cloned(),
            property if self.node.ty.prop(property).is_some() => {
                let value = self.node.fields.named(self.node.ty.props, property)?;
                self.filled(value.as_text()?)
            }
            output => {
                let output = self.node.ty.output(output)?;
                if let Some(known) = self.node.known(output) {
                    return Some(known.to_owned());
                }
                let live = self.live(&self.node.id)?;
                live.at(output.wire)?.as_str().map(str::to_owned)
            }
        }
    }

    fn fill(
        &self,
        template: &str,
        word: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, Diagnostic> {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            rest = after;
            match name.strip_suffix('?') {
                // What sets it apart goes with it.
                Some(name) if !self.says(name) => out.truncate(out.trim_end().len()),
                optional => {
                    let name = optional.unwrap_or(name);
                    out.push_str(&word(name).ok_or_else(|| self.unknown(name))?);
                }
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    /// Whether the resource says a property.
    fn says(&self, property: &str) -> bool {
        self.node.fields.named(self.node.ty.props, property).is_some()
    }

    fn unknown(&self, word: &str) -> Diagnostic {
        Diagnostic::error(
            "emit-import",
            format!(
                "Terraform imports `{}` by its `{word}`, and what is live does not say it",
                self.node.address
            ),
        )
        .at(self.node.declared_at(), "declared here")
        .help("read the estate anew, or emit without --live and run `terraform import` by hand")
    }

    fn live(&self, id: &str) -> Option<Value> {
        serde_json::from_str(&(self.existing.body)(id)?).ok()
    }

    /// The ID that an element of a list is, in a resource that stands for it alone.
    fn element(&self, part: &TfPart, value: &Value) -> Option<String> {
        let Value::Map(entries) = value else { return None };
        let (_, element) = entries.iter().find(|(key, _)| part.each && *key != part.attribute())?;
        self.resolved(element.as_text()?)
    }

    /// A text with the outputs in it: known before anything is made, or live.
    fn filled(&self, text: &Text) -> Option<String> {
        let known = |piece| match piece {
            Piece::Literal(literal) => Some(literal.to_owned()),
            Piece::Output(output) => {
                let node = self.graph.node(output.node)?;
                node.known(output.output).map(str::to_owned).or_else(|| {
                    self.live(&node.id)?.at(output.output.wire)?.as_str().map(str::to_owned)
                })
            }
        };
        text.parts().map(known).collect()
    }

    fn resolved(&self, text: &Text) -> Option<String> {
        match text.output() {
            Some(output) if matches!(output.output.source, OutputSource::Id) => {
                Some(self.graph.node(output.node)?.id.clone())
            }
            Some(_) => None,
            None => text.literal().map(str::to_owned),
        }
    }

    /// Whether a part is there, or this element of it.
    fn has(&self, part: &TfPart, element: Option<&str>) -> bool {
        let node = self.node;
        let own = node.ty.props.iter().filter(|p| p.tf.is_some_and(|tf| tf.part == Some(part.key)));
        own.filter_map(|property| Some((property, property.wire.as_ref()?))).any(
            |(property, wire)| {
                let rest = node.ty.parts.iter().find(|rest| wire.part == Some(rest.key));
                let id = rest
                    .map_or_else(|| node.id.clone(), |rest| format!("{}/{}", node.id, rest.suffix));
                let value = self.live(&id).and_then(|body| body.at(wire.path).cloned());
                let value = value.and_then(|value| wire::decode(property, value).ok().flatten());
                match (value, element) {
                    (None, _) => false,
                    (Some(Value::List(items)), Some(element)) => items.iter().any(|item| {
                        told_apart(property, item)
                            .is_some_and(|id| id.eq_ignore_ascii_case(element))
                    }),
                    (Some(_), _) => true,
                }
            },
        )
    }
}

/// What tells an element of a list apart: the element itself, or a block's key.
fn told_apart<'v>(property: &Property, element: &'v Value) -> Option<&'v str> {
    let (Some(key), Some(block)) = (property.key, property.kind.block()) else {
        return element.as_str();
    };
    element.as_block()?.named(block.props, key)?.as_str()
}

/// The label of a resource by the key or address that it had before.
pub(super) fn old_label(node: &Node, old: &str) -> String {
    let (component, key) = split(old, node.ty.slug)
        .unwrap_or_else(|| (node.component.as_deref().map(str::to_owned), old.to_owned()));
    Terraform::label_of(component.as_deref(), &key)
}

/// Component and key of a full address of this type.
fn split(address: &str, slug: &str) -> Option<(Option<String>, String)> {
    let (component, rest) = match address.rsplit_once('/') {
        Some((component, rest)) => (Some(component.to_owned()), rest),
        None => (None, address),
    };
    let key = rest.strip_prefix(slug)?.strip_prefix('.')?;
    Some((component, key.to_owned()))
}

/// The `removed` blocks of what the stack forgets: without one, Terraform would delete it.
pub(super) fn of_forgotten(
    graph: &Graph,
    options: &Options<'_>,
    told: &mut Body,
    providers: &mut BTreeMap<&'static str, &'static TerraformProvider>,
    problems: &mut Diagnostics,
) {
    for (forgotten, at) in &graph.forgets {
        let known = options.types.iter().find_map(|ty| Some((*ty, split(forgotten, ty.slug)?)));
        let Some((ty, (component, key))) = known else {
            problems.push(nameless(forgotten, at));
            continue;
        };
        if let Some(part) = ty.tf_parts.iter().find(|part| part.each) {
            problems.push(many(forgotten, part, at));
            continue;
        }
        let label = Terraform::label_of(component.as_deref(), &key);
        for (kind, label) in addresses(ty, &label, providers) {
            let mut keep = Body::default();
            keep.attr("destroy", Expr::Bool(false));
            let mut body = Body::default();
            body.attr("from", Expr::Bare(format!("{kind}.{label}")));
            body.block("lifecycle", &[], keep);
            told.block("removed", &[], body);
        }
    }
}

/// Everything that may stand for a resource of a type in Terraform's state. A block for what is not there does nothing.
fn addresses(
    ty: &'static ResourceType,
    label: &str,
    providers: &mut BTreeMap<&'static str, &'static TerraformProvider>,
) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if !ty.terraform.is_empty() {
        providers.insert(ty.provider.terraform.name, &ty.provider.terraform);
        out.push((ty.terraform, label.to_owned()));
        out.extend(ty.tf_parts.iter().map(|part| (part.resource, label.to_owned())));
    }
    if let Some(raw) = &ty.provider.terraform_raw
        && (ty.terraform.is_empty() || secret_kept(ty.props))
    {
        providers.insert(raw.provider.name, &raw.provider);
        out.push((raw.resource, label.to_owned()));
        let parts = ty.parts.iter();
        out.extend(parts.map(|part| (raw.resource, with_tail(label, &format!("_{}", part.key)))));
    }
    out
}

/// Whether a secret may stand at an argument that Terraform keeps: such a resource goes through the raw provider.
fn secret_kept(props: &'static [Property]) -> bool {
    props.iter().any(|property| {
        let Some(tf) = &property.tf else { return false };
        let safe = tf.path.last().is_some_and(|last| last.ends_with("_wo"));
        !safe && holds_secret(property.kind)
    })
}

fn holds_secret(kind: &'static Kind) -> bool {
    match kind {
        Kind::Secret => true,
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => holds_secret(inner),
        Kind::Block(block) => secret_kept(block.props),
        _ => false,
    }
}

fn nameless(forgotten: &str, at: Place) -> Diagnostic {
    Diagnostic::error(
        "emit-forget",
        format!("Terraform has to be told what `{forgotten}` is, or it deletes what is forgotten"),
    )
    .at(at, "forgotten here")
    .help("say its whole address, with the type, as previews show it: `stack.forget(\"key_vault.app\")`")
}

fn many(forgotten: &str, part: &TfPart, at: Place) -> Diagnostic {
    Diagnostic::error(
        "emit-forget",
        format!(
            "`{forgotten}` has resources of its own for each element in Terraform ({}), and what they are called is not known \
             any more",
            part.resource
        ),
    )
    .at(at, "forgotten here")
    .help("take them and it out of Terraform's state by `terraform state rm`, and this line out of the stack")
}

/// Resources that claim one old address.
pub(super) fn ambiguous(graph: &Graph) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(&str, String), &Node> = BTreeMap::new();
    let mut out = Vec::new();
    for node in graph.order.iter().map(|&index| &graph.nodes[index as usize]) {
        for (old, at) in &node.meta.was {
            if let Some(first) = seen.insert((node.ty.slug, old_label(node, old)), node) {
                let what = format!("`{}` and `{}` were both `{old}`", first.address, node.address);
                out.push(
                    Diagnostic::error("ambiguous-move", what)
                        .at(*at, "said here")
                        .help("keep `.was(..)` on the one that it became"),
                );
            }
        }
    }
    out
}
