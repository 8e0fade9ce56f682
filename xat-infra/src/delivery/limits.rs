//! What a workload may ask for at all, and of the service that hosts it.

use super::{AppSecret, Delivery, Target};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Place;

/// Below this, only root may bind a port.
const UNPRIVILEGED: u16 = 1024;

/// Everything that cannot be as it is said.
pub(super) fn check(delivery: &Delivery, problems: &mut Diagnostics) {
    let (workload, host) = (&delivery.workload, delivery.target.host);
    let mut refuse = |what: String, at: Place, help: String| {
        problems.push(Diagnostic::error("delivery-limit", what).at(at, "said here").help(help));
    };

    if workload.port.value < UNPRIVILEGED {
        refuse(
            format!("a user who is not root cannot bind port {}", workload.port.value),
            workload.port.at,
            format!("say a port from {UNPRIVILEGED} on; callers still reach the service at 443"),
        );
    }
    if workload.workers.value.number() == 0 {
        refuse(
            "no worker serves any request".to_owned(),
            workload.workers.at,
            "say one or more, or take them from the machine: `Workers::on(machine)`".to_owned(),
        );
    }
    if let Some(bounds) = &workload.instances
        && !(bounds.value.0 <= bounds.value.1 && bounds.value.1 > 0)
    {
        refuse(
            format!("no number of instances is {} to {}", bounds.value.0, bounds.value.1),
            bounds.at,
            "say the fewest first, and one or more at most: `.instances(1, 4)`".to_owned(),
        );
    }
    if let Some(machine) = &workload.machine
        && (machine.value.cores == 0 || machine.value.memory == 0)
    {
        refuse(
            "a machine without cores or without memory runs nothing".to_owned(),
            machine.at,
            "say its cores, and its memory in MiB".to_owned(),
        );
    }
    for (what, most, seconds) in [
        ("a request", host.request, workload.request),
        ("ending the service", host.shutdown, workload.shutdown),
    ] {
        if seconds.value == 0 || seconds.value > most {
            refuse(
                format!("{} allows {what} 1 to {most} s, and not {}", host.name, seconds.value),
                seconds.at,
                format!("the provider's reference: {}", host.source),
            );
        }
    }
    for path in [workload.ready, workload.alive] {
        if !is_path(path.value) {
            refuse(
                format!("`{}` is no path that a probe can ask", path.value),
                path.at,
                "a path begins with `/` and has letters, digits and `/-_.~` in it".to_owned(),
            );
        }
    }
    if workload.ready.value == workload.alive.value {
        refuse(
            format!("`{}` is asked for both readiness and liveness", workload.ready.value),
            workload.alive.at,
            "give them two paths: what restarts on the second mends no database".to_owned(),
        );
    }
    size(delivery, &mut refuse);
    names(delivery, &mut refuse);
    reasons(delivery, problems);
}

/// How big an instance is, and how many there are.
fn size(delivery: &Delivery, refuse: &mut dyn FnMut(String, Place, String)) {
    let (workload, host) = (&delivery.workload, delivery.target.host);
    if let Some(said) = &workload.machine
        && (said.value.cores == 0 || said.value.memory == 0)
    {
        refuse(
            "a machine without cores or without memory runs nothing".to_owned(),
            said.at,
            "say both: `Machine { cores: 2, memory: 2048 }`, in MiB".to_owned(),
        );
    }
    if let Some(said) = &workload.instances
        && (said.value.1 == 0 || said.value.0 > said.value.1)
    {
        let (least, most) = said.value;
        refuse(
            format!("there cannot be {least} instances at least and {most} at most"),
            said.at,
            "say how few, then how many at most: `.instances(2, 10)`".to_owned(),
        );
    }
    let unsaid = [
        (workload.machine.is_none(), "how big an instance is", "`.machine(Machine { .. })`"),
        (workload.instances.is_none(), "how many instances there are", "`.instances(2, 10)`"),
    ];
    for (_, what, call) in unsaid.into_iter().filter(|(unsaid, ..)| *unsaid && host.by_files) {
        refuse(
            format!("{} is told {what}, and the workload does not say it", host.name),
            workload.at,
            format!("say it: {call}"),
        );
    }
}

/// Names that other programs read.
fn names(delivery: &Delivery, refuse: &mut dyn FnMut(String, Place, String)) {
    let workload = &delivery.workload;
    if !is_identifier(workload.project) {
        refuse(
            format!("`{}` is no package that Python can import", workload.project),
            workload.at,
            "name the folder with the project's `settings.py`, letters, digits and `_`".to_owned(),
        );
    }
    let repository = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./".contains(c);
    if !workload.name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        || !workload.name.chars().all(repository)
    {
        refuse(
            format!("`{}` cannot name the repository of an image", workload.name),
            workload.at,
            "letters in lower case, digits and `-_./`, a letter or digit first".to_owned(),
        );
    }
    if let Some(database) = &workload.database {
        for (what, name) in [("a database", database.value.name), ("a user", database.value.user)] {
            if !is_identifier(name) {
                refuse(
                    format!("`{name}` cannot name {what} without quotes"),
                    database.at,
                    "letters, digits and `_`, no digit first".to_owned(),
                );
            }
        }
    }
    let settings = workload.settings.iter().map(|(variable, value)| (*variable, value.at));
    let secrets = workload.secrets.iter().map(|secret| (secret.value.variable(), secret.at));
    let mut seen: Vec<&str> = super::facts::OWN_VARIABLES.to_vec();
    seen.extend(delivery.target.host.variables);
    for (variable, at) in settings.chain(secrets) {
        if !is_identifier(variable) {
            refuse(
                format!("`{variable}` cannot name a variable of the environment"),
                at,
                "letters, digits and `_`, no digit first".to_owned(),
            );
        }
        if seen.contains(&variable) {
            refuse(
                format!("`{variable}` is set twice"),
                at,
                format!("{} are set already; say any other once", taken(&delivery.target)),
            );
        }
        seen.push(variable);
    }
    let has = |wanted: fn(&AppSecret) -> bool| workload.secrets().any(|secret| wanted(&secret));
    if !has(AppSecret::is_signing_key) {
        refuse(
            "Django cannot start without a key to sign with".to_owned(),
            workload.at,
            "name the secret: `.secret(AppSecret::signing_key(\"django-secret-key\"))`".to_owned(),
        );
    }
    if let Some(database) = &workload.database
        && !has(AppSecret::is_database_url)
    {
        refuse(
            "nothing tells the service how to reach its database".to_owned(),
            database.at,
            "name the secret: `.secret(AppSecret::database_url(\"database-url\"))`".to_owned(),
        );
    }
}

/// Whether a variable is said by more than one, the workload and its host included.
pub(super) fn is_taken(delivery: &Delivery, variable: &str) -> bool {
    let workload = &delivery.workload;
    let said = workload.settings.iter().map(|(variable, _)| *variable);
    let said = said.chain(workload.secrets().map(|secret| secret.variable()));
    super::facts::OWN_VARIABLES.contains(&variable)
        || delivery.target.host.variables.contains(&variable)
        || said.filter(|said| *said == variable).count() > 1
}

/// The variables that the workload sets itself, and its host.
fn taken(target: &Target) -> String {
    let all = super::facts::OWN_VARIABLES.iter().chain(target.host.variables);
    all.map(|variable| format!("`{variable}`")).collect::<Vec<_>>().join(", ")
}

/// Reasons for versions past their end of life.
fn reasons(delivery: &Delivery, problems: &mut Diagnostics) {
    let workload = &delivery.workload;
    let python = &workload.python.version;
    let mut reasons = vec![(format!("Python {}", python.as_str()), python.reason(), workload.at)];
    if let Some(database) = &workload.database {
        let postgres = database.value.version();
        let what = format!("PostgreSQL {}", postgres.as_str());
        reasons.push((what, postgres.reason(), database.at));
    }
    for (what, reason, at) in reasons {
        match reason {
            Some(reason) if reason.trim().is_empty() => problems.push(
                Diagnostic::error("empty-reason", "a reason is needed here")
                    .at(at, format!("nobody mends {what} any more"))
                    .help("write in words why it is still wanted: the review shows it"),
            ),
            _ => {}
        }
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~".contains(c))
}
