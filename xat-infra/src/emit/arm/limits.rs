//! What Azure takes in one template:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits>.

use super::template::Template;
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;

pub(super) const MOST_RESOURCES: usize = 800;
pub(super) const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_PARAMETERS: usize = 256;
const MOST_OUTPUTS: usize = 64;

/// Whether a template has more of something than Azure takes.
pub(super) fn check(template: &Template, what: &str, graph: &Graph) -> Vec<Diagnostic> {
    let counts = [
        ("resources", template.resources.len(), MOST_RESOURCES),
        ("parameters", template.secrets.len(), MOST_PARAMETERS),
        ("outputs", template.outputs.len(), MOST_OUTPUTS),
    ];
    let over = counts.into_iter().filter(|(_, count, most)| count > most);
    over.map(|(of, count, most)| {
        let problem = limit(format!("{what} would have {count} {of}, and Azure takes {most}"));
        match graph.outputs.get(most).filter(|_| of == "outputs") {
            Some(output) => problem.at(output.at, "the first that is too many"),
            None => somewhere(problem, graph),
        }
    })
    .collect()
}

/// Whether a template is larger than Azure takes.
pub(super) fn size(text: &str, what: &str, graph: &Graph) -> Option<Diagnostic> {
    (text.len() > MOST_BYTES).then(|| {
        let megabytes = text.len() as f64 / 1024.0 / 1024.0;
        let what = format!("{what} would have {megabytes:.1} MB, and Azure takes 4 MB");
        somewhere(limit(what), graph)
    })
}

/// What is true of all points at what comes first.
fn somewhere(problem: Diagnostic, graph: &Graph) -> Diagnostic {
    match graph.order.first().map(|&first| &graph.nodes[first as usize]) {
        Some(first) => problem.at(first.declared_at(), "the stack begins here"),
        None => problem,
    }
}

fn limit(message: String) -> Diagnostic {
    Diagnostic::error("emit-limit", message)
        .help("give parts of the estate stacks of their own, or write this one in another format")
}
