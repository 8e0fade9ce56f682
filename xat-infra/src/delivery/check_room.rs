//! The workload against what it runs on: the size of a machine, and how many of them there are.

use super::check::differs;
use super::{Machine, Room, Surroundings};
use crate::diagnostic::Diagnostics;
use crate::graph::Node;

/// Everything in which an application runs on something else than the workload says.
pub(super) fn check(of: &Surroundings<'_>, problems: &mut Diagnostics) {
    for app in &of.target.apps {
        if let Some(node) = of.graph.of(*app) {
            application(of, node, (of.target.host.room)(of, *app), problems);
        }
    }
}

fn application(of: &Surroundings<'_>, app: &Node, room: Room, problems: &mut Diagnostics) {
    let (workload, host) = (of.workload, of.target.host);
    if let Some(said) = &workload.machine
        && room.machine != Some(said.value)
    {
        let seen = room.machine.map_or("one that is not said".to_owned(), shown);
        let what = format!(
            "the workload is for machines with {}, and `{}` runs on {seen}",
            shown(said.value),
            app.name
        );
        let help = format!("say the same in both: {}", host.help.machine);
        problems.push(differs(what, said.at, app, &help));
    }
    if let Some(said) = &workload.instances
        && room.instances != Some(said.value)
    {
        let bounds = |(least, most): (u16, u16)| format!("{least} to {most}");
        let seen = room.instances.map_or("a number that is not said".to_owned(), bounds);
        let what = format!(
            "the workload is for {} instances, and `{}` has {seen}",
            bounds(said.value),
            app.name
        );
        let help = format!("say the same in both: {}", host.help.instances);
        problems.push(differs(what, said.at, app, &help));
    }
}

/// A machine as a message has it.
fn shown(machine: Machine) -> String {
    let cores = if machine.cores == 1 { "core" } else { "cores" };
    format!("{} {cores} and {} MiB", machine.cores, machine.memory)
}
