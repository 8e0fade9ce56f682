//! `missing-role`: something is used as an identity that has no role for it.
//!
//! Sources: <https://learn.microsoft.com/azure/app-service/overview-managed-identity>,
//! <https://cloud.google.com/run/docs/configuring/services/secrets#access-secret>.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;
use crate::value::Value;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let acting = super::with_fact(graph, |fact| match fact {
        Fact::Acts { through, identity } => Some((through, identity)),
        _ => None,
    });
    for (user, (through, identity)) in acting {
        let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (values, identity) in uses(user, through, identity) {
            let Some(who) = acts_as(graph, user, identity) else { continue };
            for (output, used) in super::outputs(graph, values) {
                let needed = used.ty.facts.iter().find_map(|fact| match fact {
                    Fact::Needs { output: of, roles, give } if *of == output.output.name => {
                        Some((*roles, *give))
                    }
                    _ => None,
                });
                let Some((roles, give)) = needed else { continue };
                // A role over what holds it is enough, and one problem is told once.
                let holder = super::upwards(graph, used).find(|n| decides(n)).unwrap_or(used);
                if !roles_decide(graph, used)
                    || granted(graph, used, who, roles)
                    || !told.insert((&holder.address, &who.address))
                {
                    continue;
                }
                let what = format!(
                    "`{}` uses `{}` as `{}`, which has no role for it",
                    user.key, used.key, who.key
                );
                report(
                    user,
                    Diagnostic::warning("missing-role", what)
                        .at(user.declared_at(), "used here")
                        .at(holder.declared_at(), "no role over this is given to that identity")
                        .help(format!(
                            "give it one: `{}`",
                            give.replace("{used}", &word(holder)).replace("{who}", &word(who))
                        )),
                );
            }
        }
    }
}

/// What is used as whom: the values, and what names the identity. In lists, each block for itself.
fn uses<'g>(
    user: &'g Node,
    through: &[&str],
    identity: &str,
) -> Vec<(Vec<&'g Value>, Option<&'g Value>)> {
    let Some((list, identity)) = identity.split_once('.') else {
        let values = through.iter().flat_map(|path| super::declared(user, path)).collect();
        return vec![(values, super::declared(user, identity).first().copied())];
    };
    let own =
        |path: &&str| path.split_once('.').filter(|(of, _)| *of == list).map(|(_, p)| p.to_owned());
    let through: Vec<String> = through.iter().filter_map(own).collect();
    super::blocks(user, list)
        .into_iter()
        .map(|(fields, props)| {
            let values = through.iter().filter_map(|path| fields.named(props, path)).collect();
            (values, fields.named(props, identity))
        })
        .collect()
}

/// The resource as whom something acts; `None` where that is not of the stack.
fn acts_as<'g>(graph: &'g Graph, user: &'g Node, identity: Option<&'g Value>) -> Option<&'g Node> {
    let Some(identity) = identity else { return Some(user) };
    let own =
        |word: &str| ["system", "systemassigned"].contains(&word.to_ascii_lowercase().as_str());
    match identity.as_str() {
        Some(word) if own(word) => Some(user),
        Some(_) => None,
        None => super::outputs(graph, [identity]).first().map(|(_, node)| *node),
    }
}

/// Whether an identity has one of the roles over a resource, or a role that is not known by its ID.
fn granted(graph: &Graph, used: &Node, who: &Node, roles: &[&str]) -> bool {
    let grants = super::with_fact(graph, |fact| match fact {
        Fact::Grants { role, to } => Some((role, to)),
        _ => None,
    });
    grants.into_iter().any(|(grant, (role, to))| {
        let given = super::outputs(graph, super::declared(grant, to));
        let role = super::declared(grant, role).first().and_then(|role| role.as_str());
        let last = role.and_then(|role| role.rsplit('/').next());
        given.iter().any(|(_, node)| std::ptr::eq(*node, who))
            && last.is_none_or(|last| roles.iter().any(|known| known.eq_ignore_ascii_case(last)))
            && super::is_about(grant, used)
    })
}

fn decides(node: &Node) -> bool {
    node.ty.facts.iter().any(|fact| matches!(fact, Fact::RolesDecide(_)))
}

/// Whether roles decide over a resource: nothing that holds it says otherwise.
fn roles_decide(graph: &Graph, used: &Node) -> bool {
    super::upwards(graph, used).all(|node| {
        node.ty.facts.iter().all(|fact| match fact {
            Fact::RolesDecide(property) => {
                !matches!(super::declared(node, property).first(), Some(Value::Bool(false)))
            }
            _ => true,
        })
    })
}

/// A key as a variable of a stack might be called.
fn word(node: &Node) -> String {
    node.key.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}
