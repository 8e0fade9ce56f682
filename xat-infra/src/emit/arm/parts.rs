//! Which template each resource of the subscription, and each nested deployment, stands in: one for all, unless Azure would
//! not take it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io;

use serde_json::Value as Json;

use super::limits::{self, MOST_BYTES, MOST_RESOURCES};
use super::template::{self, Template};
use crate::diagnostic::Diagnostics;
use crate::emit::File;
use crate::emit::steps::variable;
use crate::graph::Graph;
use crate::wire::Arm;

/// The schema of a template that is deployed to a subscription.
const SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";
/// What is left to a template for its head: parameters, outputs, what is made beforehand.
const HEAD: usize = 256 * 1024;

/// What a template deploys to the subscription: a resource, or a nested deployment.
pub(super) struct Unit {
    /// Its ID as an expression, by which others wait for it.
    pub(super) id: String,
    pub(super) body: Json,
    pub(super) secrets: BTreeSet<String>,
}

/// The templates, each with the file of its parameters.
pub(super) fn files(
    graph: &Graph,
    units: Vec<Unit>,
    by_hand: Vec<String>,
    outputs: BTreeMap<String, Json>,
    problems: &mut Diagnostics,
) -> Vec<File> {
    let mut parts = packed(units, MOST_BYTES - HEAD);
    let count = parts.len();
    let mut files = Vec::with_capacity(2 * count);
    for (at, part) in parts.iter_mut().enumerate() {
        let mut template = Template::new(SCHEMA);
        let name = match at {
            0 => "main".to_owned(),
            at => format!("main.{}", at + 1),
        };
        let mut about = format!(
            "Written by xat-infra from the stack {}. Change the stack, not this file.",
            graph.stack
        );
        if count > 1 {
            let _ = write!(about, " Part {} of {count}, to be deployed in this order.", at + 1);
        }
        template.metadata = Some(about);
        if at == 0 {
            template.by_hand.clone_from(&by_hand);
        }
        // Everything that an output may name is there at the end.
        if at + 1 == count {
            template.outputs.clone_from(&outputs);
        }
        for unit in part.drain(..) {
            template.resources.push(unit.body);
            template.secrets.extend(unit.secrets);
        }
        let what = format!("the template `{name}.json`");
        problems.extend(limits::check(&template, &what, graph));
        let parameters = parameters(&name, &template.secrets);
        let mut text = serde_json::to_string_pretty(&template.json()).unwrap_or_default();
        text.push('\n');
        problems.extend(limits::size(&text, &what, graph));
        let environment = graph.environment.as_deref().unwrap_or("default");
        files.push(File::text(format!("{name}.json"), text));
        files.push(File::text(format!("{name}.{environment}.bicepparam"), parameters));
    }
    files
}

/// The parameters of a template: each secret from the variable that the steps take it from too. JSON has no way to say that
/// without the value, so the file is Bicep's
/// (<https://learn.microsoft.com/azure/azure-resource-manager/bicep/parameter-files>).
fn parameters(name: &str, secrets: &BTreeSet<String>) -> String {
    let mut out = format!("using './{name}.json'\n");
    if !secrets.is_empty() {
        out.push('\n');
    }
    for secret in secrets {
        let (parameter, variable) = (Arm::parameter(secret), variable(secret));
        let _ = writeln!(out, "param {parameter} = readEnvironmentVariable('{variable}')");
    }
    out
}

/// The units of each template, in an order in which the templates can be deployed.
fn packed(units: Vec<Unit>, most: usize) -> Vec<Vec<Unit>> {
    let sizes: Vec<usize> = units.iter().map(|unit| written(&unit.body)).collect();
    if sizes.iter().sum::<usize>() <= most && units.len() <= MOST_RESOURCES {
        return vec![units];
    }
    let places: HashMap<String, usize> =
        units.iter().enumerate().map(|(at, unit)| (unit.id.clone(), at)).collect();
    let waits: Vec<Vec<usize>> = units
        .iter()
        .map(|unit| {
            let ids = template::waits(&unit.body);
            ids.filter_map(|id| places.get(id).copied()).collect()
        })
        .collect();
    let mut part_of: Vec<usize> = vec![0; units.len()];
    let mut part = 0;
    let (mut bytes, mut held) = (0, 0);
    for at in in_order(&waits) {
        if held > 0 && (bytes + sizes[at] > most || held == MOST_RESOURCES) {
            (part, bytes, held) = (part + 1, 0, 0);
        }
        part_of[at] = part;
        bytes += sizes[at];
        held += 1;
    }
    let mut parts: Vec<Vec<Unit>> = Vec::new();
    parts.resize_with(part + 1, Vec::new);
    for (at, mut unit) in units.into_iter().enumerate() {
        // A template can wait only for what stands in it; what an earlier one makes is there.
        template::keep_waits(&mut unit.body, |id| {
            places.get(id).is_some_and(|to| part_of[*to] == part_of[at])
        });
        parts[part_of[at]].push(unit);
    }
    parts
}

/// The units with what they wait for before them, else as they come.
fn in_order(waits: &[Vec<usize>]) -> Vec<usize> {
    let mut out = Vec::with_capacity(waits.len());
    let mut seen = vec![false; waits.len()];
    for root in 0..waits.len() {
        // What is above on the stack comes first; a unit is met again when all that it waits for is out.
        let mut open = vec![(root, false)];
        while let Some((at, ready)) = open.pop() {
            if ready {
                out.push(at);
            } else if !std::mem::replace(&mut seen[at], true) {
                open.push((at, true));
                open.extend(waits[at].iter().rev().map(|to| (*to, false)));
            }
        }
    }
    out
}

/// How many bytes a body has where it stands in a template.
fn written(body: &Json) -> usize {
    let mut count = Count { bytes: 0, lines: 1 };
    // Nothing that counts can fail.
    let _ = serde_json::to_writer_pretty(&mut count, body);
    // Each line is indented by the depth of a template's resources, and a comma and a line end separate them.
    count.bytes + 4 * count.lines + 2
}

struct Count {
    bytes: usize,
    lines: usize,
}

impl io::Write for Count {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.bytes += text.len();
        self.lines += text.iter().filter(|byte| **byte == b'\n').count();
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
