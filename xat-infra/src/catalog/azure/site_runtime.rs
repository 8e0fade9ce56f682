//! How web applications and their slots run: healing, the sharing of calls, the folders of a site on Windows.

use crate::schema::{Set, canons};
use crate::value::Text;
use crate::{Block, Choice};

/// When an application counts as unwell, and what is done then.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let heal = AutoHeal::new(HealAction::Recycle)
///     .requests(RequestTrigger::new(1000, "00:01:00"))
///     .slow_requests(SlowTrigger::new("00:00:30", 20, "00:05:00"))
///     .status(StatusTrigger::new("500-503", 10, "00:01:00"));
/// ```
#[derive(Clone, Block)]
pub struct AutoHeal {
    /// What is done.
    #[prop(arm = "actions.actionType", tf = "action.action_type", danger = Downtime)]
    action: HealAction,
    /// How long a machine must have run before it is recycled (`00:05:00`).
    #[prop(arm = "actions.minProcessExecutionTime", tf = "action.minimum_process_execution_time",
        service = Text::from("00:00:00"))]
    least_run: Option<Text>,
    /// After so many calls.
    #[prop(arm = "triggers.requests", tf = "trigger.requests")]
    requests: Option<RequestTrigger>,
    /// After so many slow calls.
    #[prop(arm = "triggers.slowRequests", tf = "trigger.slow_request")]
    slow_requests: Option<SlowTrigger>,
    /// After so many answers with these states.
    #[prop(arm = "triggers.statusCodesRange", tf = "trigger.status_code", each = "status")]
    statuses: Option<Set<StatusTrigger>>,
}

/// What is done with an unwell application.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HealAction {
    /// It is started anew.
    Recycle,
    /// It is noted.
    LogEvent,
    /// A program is run.
    CustomAction,
}

/// So many calls in so long a time.
#[derive(Clone, Block)]
pub struct RequestTrigger {
    /// How many.
    #[prop(arm = "count", tf = "count")]
    count: u32,
    /// In how long a time (`00:01:00`).
    #[prop(arm = "timeInterval", tf = "interval")]
    interval: Text,
}

/// So many slow calls in so long a time.
#[derive(Clone, Block)]
pub struct SlowTrigger {
    /// From how long on a call is slow (`00:00:30`).
    #[prop(arm = "timeTaken", tf = "time_taken")]
    time_taken: Text,
    /// How many.
    #[prop(arm = "count", tf = "count")]
    count: u32,
    /// In how long a time (`00:05:00`).
    #[prop(arm = "timeInterval", tf = "interval")]
    interval: Text,
}

/// So many answers with some state in so long a time.
#[derive(Clone, Block)]
pub struct StatusTrigger {
    /// The states: one, or a range (`500-503`).
    #[prop(arm = "statusCodes", tf = "status_code_range")]
    codes: Text,
    /// How many.
    #[prop(arm = "count", tf = "count")]
    count: u32,
    /// In how long a time (`00:01:00`).
    #[prop(arm = "timeInterval", tf = "interval")]
    interval: Text,
    /// For calls to this path only.
    #[prop(arm = "path", tf = "path")]
    path: Option<Text>,
}

/// How requests pass through the web server on Windows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PipelineMode {
    /// Server and application share one pipeline.
    Integrated,
    /// The application has its own.
    Classic,
}

/// How calls are shared out over machines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LoadBalancing {
    /// To each in turn, by its weight.
    WeightedRoundRobin,
    /// To the one with the fewest calls.
    LeastRequests,
    /// To the quickest.
    LeastResponseTime,
    /// By weight, over all traffic.
    WeightedTotalTraffic,
    /// By what is called.
    RequestHash,
    /// To each in turn, each application by itself.
    PerSiteRoundRobin,
    /// To the one with the fewest calls, ties decided by the service.
    LeastRequestsWithTieBreaker,
}

/// A folder of a site and what is served from it.
#[derive(Clone, Block)]
pub struct VirtualApplication {
    /// The path that is called (`/`).
    #[prop(arm = "virtualPath", canon = canons::CASE, danger = Downtime)]
    virtual_path: Text,
    /// The folder on the machine (`site\wwwroot`).
    #[prop(arm = "physicalPath", canon = canons::CASE, danger = Downtime)]
    physical_path: Text,
    /// Whether it is loaded before the first call.
    #[prop(arm = "preloadEnabled", service = false)]
    preload: Option<bool>,
}
