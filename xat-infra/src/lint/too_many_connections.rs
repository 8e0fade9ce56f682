//! `too-many-connections`: applications that may together open more connections than their database takes.
//!
//! Source: <https://cloud.google.com/sql/docs/postgres/quotas#maximum_concurrent_connections>.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::{DeclaredBlock, Fact};
use crate::value::{Text, Value};

/// An application, how many of it there may be, and how many connections each has open.
type User<'g> = (&'g Node, i64, i64);

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let mut users: BTreeMap<u32, Vec<User<'_>>> = BTreeMap::new();
    let connecting = super::with_fact(graph, |fact| match fact {
        Fact::Connects { to, each, instances, unless_said } => {
            Some((to, each, instances, unless_said))
        }
        _ => None,
    });
    for (user, (to, each, instances, unless_said)) in connecting {
        let number = |path: &str| super::declared(user, path).first().and_then(|v| v.as_int());
        let most = number(instances).unwrap_or(unless_said);
        let references = super::declared(user, to);
        let counts = super::declared(user, each);
        for (reference, count) in references.into_iter().zip(counts) {
            let of = reference.as_text().and_then(Text::output).map(|output| output.node.index);
            if let (Some(database), Some(count)) = (of, Value::as_int(count)) {
                users.entry(database).or_default().push((user, most, count));
            }
        }
    }
    for (database, users) in users {
        let Some(node) = graph.nodes.get(database as usize) else { continue };
        let takes = node.ty.facts.iter().find_map(|fact| match fact {
            Fact::Accepts(takes) => takes(&DeclaredBlock::of(&node.fields, node.ty.props)),
            _ => None,
        });
        let Some(takes) = takes else { continue };
        let all: i64 = users.iter().map(|(_, most, each)| most * each).sum();
        if all <= takes {
            continue;
        }
        let sums: Vec<String> = users
            .iter()
            .map(|(user, most, each)| format!("`{}` {most} × {each}", user.key))
            .collect();
        let what = format!(
            "`{}` takes {takes} connections, and up to {all} are opened: {}",
            node.key,
            sums.join(", ")
        );
        let Some((first, ..)) = users.first() else { continue };
        let mut problem = Diagnostic::error("too-many-connections", what);
        for (user, ..) in &users {
            problem = problem.at(user.declared_at(), "opens connections");
        }
        report(
            first,
            problem.at(node.declared_at(), "takes them").help(
                "allow fewer instances, give each fewer connections, or take a larger machine",
            ),
        );
    }
}
