//! Backups of a workload's database: when they are made, for how long they are kept, and what of a stack makes and keeps them.

use std::collections::BTreeMap;

use super::{AppSecret, Delivery, Workload};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Piece, Place, Text, Value};

/// Backups of the database: dumps in a container or bucket, made by the clock and kept for a time.
///
/// ```
/// use xat_infra::delivery::{AppSecret, Backups};
/// const URL: AppSecret = Backups::database_url("shop-backup-url");
/// let backups = Backups::scheduled("30 1 * * *", URL).kept_days(28).image_tag("17-1");
/// assert_eq!((backups.schedule(), backups.days()), ("30 1 * * *", 28));
/// ```
#[derive(Clone, Debug)]
pub struct Backups {
    pub(super) schedule: &'static str,
    pub(super) url: AppSecret,
    pub(super) days: u16,
    pub(super) place: &'static str,
    pub(super) tag: &'static str,
}

impl Backups {
    /// The variable that says which store dumps go into.
    pub const STORE: &'static str = "BACKUP_STORE";
    /// The variable with the URL of the database.
    pub const DATABASE_URL: &'static str = "BACKUP_DATABASE_URL";

    /// Backups at these times, in UTC, by five fields as in a crontab (`30 1 * * *`), of the database that this secret says how
    /// to reach. They are kept for 28 days in the place `database-backups`, unless said.
    #[must_use]
    pub const fn scheduled(schedule: &'static str, url: AppSecret) -> Self {
        Self { schedule, url, days: 28, place: "database-backups", tag: "1" }
    }

    /// The secret with the URL of the database, by its name in the store that keeps secrets. It goes to the server itself: a pooler
    /// that lends connections for one transaction cannot be dumped through.
    #[must_use]
    pub const fn database_url(name: &'static str) -> AppSecret {
        AppSecret::own(Self::DATABASE_URL, name)
    }

    /// For how many days each is kept: 1 to 3650. Nothing is deleted by what makes them: the store does that by its own rule.
    #[must_use]
    pub const fn kept_days(mut self, days: u16) -> Self {
        self.days = days;
        self
    }

    /// The container or bucket that they are kept in.
    #[must_use]
    pub const fn place(mut self, place: &'static str) -> Self {
        self.place = place;
        self
    }

    /// The tag of the image that makes them. An image is made once for each tag: say another when the files below `backup` change.
    #[must_use]
    pub const fn image_tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// When they are made.
    #[must_use]
    pub const fn schedule(&self) -> &'static str {
        self.schedule
    }

    /// For how many days they are kept.
    #[must_use]
    pub const fn days(&self) -> u16 {
        self.days
    }

    /// The name of the container or bucket.
    #[must_use]
    pub const fn place_name(&self) -> &'static str {
        self.place
    }

    /// The secret with the URL of the database.
    #[must_use]
    pub const fn url(&self) -> AppSecret {
        self.url
    }

    /// The tag of the image.
    #[must_use]
    pub const fn tag(&self) -> &'static str {
        self.tag
    }
}

impl Workload {
    /// How its database is backed up, if it is.
    #[must_use]
    pub fn backed_up(&self) -> Option<&Backups> {
        self.backups.as_ref().map(|said| &said.value)
    }

    /// The repository of the image that makes its backups.
    #[must_use]
    pub fn backup_repository(&self) -> String {
        format!("{}-backup", self.name)
    }
}

/// A service that runs backups, and how it and the store are told. The catalogue of each cloud has a constant.
#[derive(Debug)]
pub struct BackupHost {
    /// What the job is told.
    pub told: for<'n> fn(DeclaredBlock<'n>) -> BackupTold<'n>,
    /// When what starts the job does so: five fields, in UTC.
    pub starts: for<'n> fn(DeclaredBlock<'n>) -> Option<&'n str>,
    /// After how many days what deletes old objects of a place does so.
    pub keeps: fn(DeclaredBlock<'_>, &str) -> Option<i64>,
    /// How people work with it, by the full IDs of the job and of the place.
    pub words: fn(&str, &str) -> BackupWords,
}

/// What a job is told of backups.
#[derive(Default)]
pub struct BackupTold<'n> {
    /// The image that it runs.
    pub image: Option<&'n Value>,
    /// Its environment. A secret stands as the reference to it.
    pub variables: BTreeMap<&'n str, &'n Value>,
}

/// How people work with backups of a cloud: what the runbook tells them to type.
#[derive(Clone, serde::Serialize)]
pub struct BackupWords {
    /// The address of the place, as `BACKUP_STORE` has it.
    pub address: String,
    /// Starts the job at once.
    pub start: String,
    /// Shows the last runs of the job.
    pub runs: String,
    /// Prints a token for the store, for whoever has the role.
    pub token: String,
    /// What deletes old backups.
    pub rule: &'static str,
}

/// What makes backups of a workload, and what keeps them: resources of the stack.
#[derive(Clone, Debug)]
pub struct BackupTarget {
    /// How they are told.
    pub host: &'static BackupHost,
    /// The job.
    pub job: NodeRef,
    /// What starts the job; it may be the job itself.
    pub clock: NodeRef,
    /// The container or bucket.
    pub place: NodeRef,
    /// What deletes old objects; it may be the bucket itself.
    pub rule: NodeRef,
}

/// Everything of the backups that cannot be, or that the stack says otherwise.
pub(super) fn check(graph: &Graph, delivery: &Delivery, problems: &mut Diagnostics) {
    let Some(said) = &delivery.workload.backups else {
        return;
    };
    let mut refuse = |code, what: String, help: &str| {
        problems.push(Diagnostic::error(code, what).at(said.at, "said here").help(help.to_owned()));
    };
    let backups = &said.value;
    if !(1..=3650).contains(&backups.days) {
        let what = format!("backups are kept for 1 to 3650 days, and not {}", backups.days);
        refuse("delivery-limit", what, "say for how long: `.kept_days(28)`");
    }
    if !is_cron(backups.schedule) {
        let what = format!("`{}` is no schedule", backups.schedule);
        let help = "five fields: minute, hour, day, month, day of the week, as in `30 1 * * *`";
        refuse("delivery-limit", what, help);
    }
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if backups.tag.is_empty() || !backups.tag.chars().all(inside) || backups.tag == "latest" {
        let what = format!("`{}` cannot name an image for good", backups.tag);
        refuse("delivery-limit", what, "letters, digits and `-_.`, and not `latest`");
    }
    if delivery.workload.database.is_none() {
        let what = "there are backups and no database".to_owned();
        refuse("delivery-limit", what, "say which: `.database(Database::postgres(..))`");
    }
    if backups.url.variable() != Backups::DATABASE_URL {
        let what = format!("backups do not read `{}`", backups.url.variable());
        let help = "name the secret by `Backups::database_url(\"NAME\")`";
        refuse("delivery-limit", what, help);
    }
    let Some(target) = &delivery.backups else {
        let what = "nothing of the stack makes the backups".to_owned();
        let help = "say what does: `Delivery::new(..).backups(target)`";
        refuse("delivery-disagrees", what, help);
        return;
    };
    against(graph, &delivery.workload, target, said.at, problems);
}

/// What the resources say.
fn against(
    graph: &Graph,
    workload: &Workload,
    target: &BackupTarget,
    at: Place,
    problems: &mut Diagnostics,
) {
    let nodes = [target.job, target.clock, target.place, target.rule].map(|node| graph.of(node));
    let (Some(backups), [Some(job), Some(clock), Some(place), Some(rule)]) =
        (workload.backups.as_ref().map(|said| &said.value), nodes)
    else {
        problems.push(
            Diagnostic::error("dangling-reference", "backups by resources of another stack")
                .at(at, "the handles come from a stack that is not this one")
                .help("name resources that this stack adds itself"),
        );
        return;
    };
    let mut differs = |code, what: String, node: &Node, help: &str| {
        problems.push(
            Diagnostic::error(code, what)
                .at(at, "the workload says this")
                .at(node.declared_at(), "and the stack something else here")
                .help(help.to_owned()),
        );
    };
    let starts = (target.host.starts)(DeclaredBlock::of(&clock.fields, clock.ty.props));
    if starts != Some(backups.schedule) {
        let seen = starts.unwrap_or("no time in UTC");
        let what = format!(
            "backups are made at `{}`, and `{}` starts them at `{seen}`",
            backups.schedule, clock.name
        );
        let help = "take it from the workload: `backups.schedule()`";
        differs("delivery-disagrees", what, clock, help);
    }
    if place.name != backups.place {
        let what = format!("backups are kept in `{}`, and this is `{}`", backups.place, place.name);
        let help = "take it from the workload: `backups.place_name()`";
        differs("delivery-disagrees", what, place, help);
    }
    let kept = (target.host.keeps)(DeclaredBlock::of(&rule.fields, rule.ty.props), &place.name);
    if kept != Some(i64::from(backups.days)) {
        let seen =
            kept.map_or("for ever".to_owned(), |days| format!("until they are {days} days old"));
        let what =
            format!("backups are kept for {} days, and by `{}` {seen}", backups.days, rule.address);
        let help = "take it from the workload: `backups.days()`";
        differs("delivery-disagrees", what, rule, help);
    }
    let told = (target.host.told)(DeclaredBlock::of(&job.fields, job.ty.props));
    let image = told.image.and_then(Value::as_text).map(said_in);
    let wanted = format!("/{}:{}", workload.backup_repository(), backups.tag);
    if !image.as_deref().is_some_and(|image| image.ends_with(&wanted)) {
        let what = format!(
            "backups are made by the image `{}`, and `{}` runs another",
            &wanted[1..],
            job.name
        );
        let help = "take it from the workload: `workload.backup_repository()` and `backups.tag()`";
        differs("delivery-disagrees", what, job, help);
    }
    let address = (target.host.words)(&job.id, &place.id).address;
    let leads = told
        .variables
        .get(Backups::STORE)
        .map(|value| leads_to(graph, value, target.place, &address));
    if leads != Some(true) {
        let seen = if leads.is_none() { "is not told where to" } else { "is told another place" };
        let what = format!(
            "backups are kept at `{address}`, and `{}` {seen}: `{}`",
            job.name,
            Backups::STORE
        );
        let help = "take its container from the workload: `backups.job_container(..)` or `backups.run_container(..)`";
        differs("delivery-disagrees", what, job, help);
    }
    let secret =
        told.variables.get(Backups::DATABASE_URL).and_then(|value| secret_of(graph, value));
    if secret != Some(backups.url.name()) {
        let seen = secret.map_or("does not give it".to_owned(), |name| format!("gives `{name}`"));
        let what = format!(
            "`{}` is the secret `{}`, and `{}` {seen}",
            Backups::DATABASE_URL,
            backups.url.name(),
            job.name
        );
        let help = "keep the secret in the vault, and give its reference to the job";
        differs("delivery-secret", what, job, help);
    }
}

/// Whether a value is the address of the place: as plain text, or made of outputs of the place and of what holds it, and of no other's.
fn leads_to(graph: &Graph, value: &Value, place: NodeRef, address: &str) -> bool {
    let (Some(text), Some(node)) = (value.as_text(), graph.of(place)) else { return false };
    if let Some(text) = text.literal() {
        return text.trim_end_matches('/') == address;
    }
    let mut holders = vec![place.index];
    let mut at = node.parent;
    while let Some(index) = at {
        holders.push(index);
        at = graph.nodes.get(index as usize).and_then(|node| node.parent);
    }
    let of_place = text.outputs().all(|output| holders.contains(&output.node.index));
    // Where the place itself is not among them, its name is said.
    let named = text.outputs().any(|output| output.node.index == place.index)
        || said_in(text).trim_end_matches('/').rsplit('/').next() == Some(node.name.as_str());
    of_place && named
}

/// What a text says beside its outputs.
fn said_in(text: &Text) -> String {
    let literal = |piece| match piece {
        Piece::Literal(text) => Some(text),
        Piece::Output(_) => None,
    };
    text.parts().filter_map(literal).collect()
}

/// The name of the secret behind a value.
fn secret_of<'g>(graph: &'g Graph, value: &Value) -> Option<&'g str> {
    let node = value.as_text()?.outputs().next()?.node;
    graph.of(node).map(|secret| secret.name.as_str())
}

/// Whether a text has five fields of a crontab. What each may hold is the service's business, which its type checks.
fn is_cron(text: &str) -> bool {
    let field = |field: &str| {
        field.chars().all(|c| c.is_ascii_digit() || "*,-/".contains(c)) && !field.is_empty()
    };
    let fields: Vec<&str> = text.split(' ').collect();
    fields.len() == 5 && fields.into_iter().all(field)
}

/// What templates say of backups.
#[derive(serde::Serialize)]
pub(super) struct Facts {
    schedule: &'static str,
    days: u16,
    place: &'static str,
    tag: &'static str,
    repository: String,
    secret: &'static str,
    job: String,
    words: BackupWords,
}

impl Facts {
    /// Of a workload that has backups, and resources that make them.
    pub(super) fn of(graph: &Graph, delivery: &Delivery) -> Option<Self> {
        let (said, target) = (delivery.workload.backups.as_ref()?, delivery.backups.as_ref()?);
        let (job, place) = (graph.of(target.job)?, graph.of(target.place)?);
        let backups = &said.value;
        Some(Self {
            schedule: backups.schedule,
            days: backups.days,
            place: backups.place,
            tag: backups.tag,
            repository: delivery.workload.backup_repository(),
            secret: backups.url.name(),
            job: job.name.clone(),
            words: (target.host.words)(&job.id, &place.id),
        })
    }
}
