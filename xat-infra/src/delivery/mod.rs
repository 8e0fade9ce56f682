//! Delivery: everything around a service, made from the one [`Workload`] that says what it needs.
//!
//! A stack delivers a workload to a target ([`Stack::deliver`](crate::dsl::Stack::deliver)). From the workload and from the
//! stack's graph come the files that a team would write by hand: the image, the server's configuration, the settings for
//! production. Each file is a template below `templates`; the facts that it may use are one struct. What the stack's resources
//! say beside the workload is held against it, so that the two cannot disagree.

mod actions;
mod backup;
mod check;
mod facts;
mod known;
mod limits;
mod parts;
mod render;
mod said;
mod target;
mod together;
mod version;
mod workload;

pub use backup::{BackupHost, BackupTarget, BackupTold, BackupWords, Backups};
pub use parts::{AppSecret, Database, Machine, Workers};
pub use target::{Delivery, Help, Host, Live, Names, Room, Surroundings, Target, Template, Told};
pub use together::together;
pub use version::{Pinned, Postgres, Python, Sha256};
pub use workload::Workload;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::File;
use crate::graph::Graph;

/// The files around the workload that a stack delivers.
///
/// # Errors
/// The stack delivers none, the workload asks for what cannot be, or the stack's resources say something else than the
/// workload; all of it at once, each at its line of Rust.
pub fn emit(graph: &Graph) -> Result<Vec<File>, Vec<Diagnostic>> {
    let Some((delivery, at)) = &graph.delivery else {
        return Err(vec![nothing(graph)]);
    };
    let mut problems = Diagnostics::new();
    limits::check(delivery, &mut problems);
    check::check(graph, delivery, at, &mut problems);
    backup::check(graph, delivery, &mut problems);
    if !problems.has_errors() {
        check::held(graph, delivery, at, &mut problems);
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let facts = facts::Facts::of(graph, delivery, at).map_err(|unknown| vec![unknown])?;
    render::render(&facts, delivery.target.host, at)
}

fn nothing(graph: &Graph) -> Diagnostic {
    Diagnostic::error(
        "delivery-none",
        format!("the stack `{}` delivers no workload, so there is no file to write", graph.stack),
    )
    .help("say what runs and where: `stack.deliver(Delivery::new(&workload, target))`")
}
