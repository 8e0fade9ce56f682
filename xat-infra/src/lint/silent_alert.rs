//! `silent-alert`: something that is to tell people, and is told nobody to tell.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;
use crate::value::Value;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let telling = super::with_fact(graph, |fact| match fact {
        Fact::Tells(properties) => Some(properties),
        _ => None,
    });
    for (alert, properties) in telling {
        let says_whom = |value: &&Value| !matches!(value, Value::List(items) if items.is_empty());
        let tells =
            properties.iter().any(|path| super::declared(alert, path).iter().any(says_whom));
        if !tells {
            let what = format!("this {} tells nobody", alert.ty.label);
            let setters: Vec<String> = properties
                .iter()
                .filter_map(|path| {
                    let property = alert.ty.props.iter().find(|p| p.name == *path)?;
                    Some(format!("`.{}(..)`", property.each.unwrap_or(property.name)))
                })
                .collect();
            let help = match setters.as_slice() {
                [] => "give it an action group".to_owned(),
                setters => format!("say whom: {}", setters.join(", ")),
            };
            report(
                alert,
                Diagnostic::warning("silent-alert", what)
                    .at(alert.declared_at(), "nobody hears of this")
                    .help(help),
            );
        }
    }
}
