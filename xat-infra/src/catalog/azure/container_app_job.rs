//! Container apps jobs: containers that run to their end, by the clock, by an event or when someone starts them.

use super::container_workload::names::*;
use super::container_workload::{container_workload, say_workload, workload_limits};
use crate::azure::{ContainerImage, ContainerSize, JobScaleRule, KeyVault};
use crate::schema::Saying;
use crate::value::Secret;
use crate::{Choice, name, tag};

container_workload! {
    /// A job of Container Apps.
    ///
    /// Its constructor says what starts it. A replica that takes longer than its time is stopped and tried again.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// # fn stack(
    /// #     stack: &mut Stack, group: Handle<ResourceGroup>, environment: Handle<ContainerAppEnvironment>,
    /// #     image: ContainerImage,
    /// # ) {
    /// let backup = ContainerAppJob::scheduled(name!("backup"), group, environment, "30 2 * * *")
    ///     .container(AppContainer::of("backup", image, ContainerSize::cores(0.5)))
    ///     .timeout(3600);
    /// stack.add(backup);
    /// # }
    /// ```
    #[derive(Resource)]
    #[resource(
        arm = "Microsoft.App/jobs@2026-01-01",
        terraform = "azurerm_container_app_job",
        private_new,
        import = say,
        check = workload_limits,
        check = limits,
        fact = Fact::Acts { through: &["registries.server"], identity: "registries.identity" },
        fact = Fact::Acts { through: &["secrets.reference"], identity: "secrets.reader" },
        source = "https://learn.microsoft.com/azure/templates/microsoft.app/jobs"
    )]
    pub struct ContainerAppJob {
        /// The job's name, unique in its group.
        #[name(
            len = 2..=32, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
            no_double_hyphen,
            source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp"
        )]
        name: Name<Self>,
        /// The group that holds it.
        #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
        group: Ref<ResourceGroup>,
        /// The region; the group's, unless said.
        #[prop(arm = "location", tf = "location", inherited, replace)]
        location: Option<Region>,
        /// What starts it.
        #[prop(arm = "properties.configuration.triggerType", replace, canon = canons::CASE)]
        trigger: JobTrigger,
        /// When it is started, in UTC: five fields as in a crontab (`30 2 * * *`).
        #[prop(arm = "properties.configuration.scheduleTriggerConfig.cronExpression",
            tf = "schedule_trigger_config.cron_expression", no_setter)]
        schedule: Option<Text>,
        /// How many replicas of a scheduled job run at a time.
        #[prop(arm = "properties.configuration.scheduleTriggerConfig.parallelism",
            tf = "schedule_trigger_config.parallelism", label = "parallel by schedule", service = 1, no_setter)]
        schedule_parallelism: Option<u16>,
        /// How many replicas of a scheduled job must end well.
        #[prop(arm = "properties.configuration.scheduleTriggerConfig.replicaCompletionCount",
            tf = "schedule_trigger_config.replica_completion_count", label = "completions by schedule", service = 1,
            no_setter)]
        schedule_completions: Option<u16>,
        /// How many replicas run at a time when someone starts it.
        #[prop(arm = "properties.configuration.manualTriggerConfig.parallelism",
            tf = "manual_trigger_config.parallelism", label = "parallel by hand", service = 1, no_setter)]
        manual_parallelism: Option<u16>,
        /// How many replicas must end well when someone starts it.
        #[prop(arm = "properties.configuration.manualTriggerConfig.replicaCompletionCount",
            tf = "manual_trigger_config.replica_completion_count", label = "completions by hand", service = 1,
            no_setter)]
        manual_completions: Option<u16>,
        /// How many replicas run at a time for an event.
        #[prop(arm = "properties.configuration.eventTriggerConfig.parallelism",
            tf = "event_trigger_config.parallelism", label = "parallel by event", service = 1, no_setter)]
        event_parallelism: Option<u16>,
        /// How many replicas must end well for an event.
        #[prop(arm = "properties.configuration.eventTriggerConfig.replicaCompletionCount",
            tf = "event_trigger_config.replica_completion_count", label = "completions by event", service = 1,
            no_setter)]
        event_completions: Option<u16>,
        /// What is watched for events.
        #[prop(arm = "properties.configuration.eventTriggerConfig.scale.rules",
            tf = "event_trigger_config.scale.rules", key = "name", no_setter, danger = Cost)]
        events: Option<Vec<JobScaleRule>>,
        /// The fewest starts each time it is looked.
        #[prop(arm = "properties.configuration.eventTriggerConfig.scale.minExecutions",
            tf = "event_trigger_config.scale.min_executions", label = "fewest starts", service = 0, danger = Cost)]
        least_starts: Option<u16>,
        /// The most starts each time it is looked.
        #[prop(arm = "properties.configuration.eventTriggerConfig.scale.maxExecutions",
            tf = "event_trigger_config.scale.max_executions", label = "most starts", service = 100, danger = Cost)]
        most_starts: Option<u16>,
        /// How often it is looked for events.
        #[prop(arm = "properties.configuration.eventTriggerConfig.scale.pollingInterval",
            tf = "event_trigger_config.scale.polling_interval_in_seconds", unit = "seconds", service = 30)]
        polling: Option<u32>,
        /// How many seconds a replica may take.
        #[prop(arm = "properties.configuration.replicaTimeout", tf = "replica_timeout_in_seconds", unit = "seconds",
            default = 1800)]
        timeout: u32,
        /// How often a replica that failed is tried again.
        #[prop(arm = "properties.configuration.replicaRetryLimit", tf = "replica_retry_limit", default = 0, service = 0)]
        retries: u16,
    }
}

/// What starts a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum JobTrigger {
    /// Someone, by `az containerapp job start` or over the API.
    Manual,
    /// The clock.
    Schedule,
    /// An event.
    Event,
}

impl ContainerAppJob {
    /// A job that the clock starts, in UTC, by five fields as in a crontab (`30 2 * * *`).
    #[track_caller]
    #[must_use]
    pub fn scheduled(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        environment: impl Into<Ref<ContainerAppEnvironment>>,
        schedule: impl Into<Text>,
    ) -> Self {
        Self {
            schedule: Some(schedule.into()),
            schedule_parallelism: Some(1),
            schedule_completions: Some(1),
            ..Self::declare_new(name, group, JobTrigger::Schedule, environment)
        }
    }

    /// A job that someone starts.
    #[track_caller]
    #[must_use]
    pub fn manual(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        environment: impl Into<Ref<ContainerAppEnvironment>>,
    ) -> Self {
        Self {
            manual_parallelism: Some(1),
            manual_completions: Some(1),
            ..Self::declare_new(name, group, JobTrigger::Manual, environment)
        }
    }

    /// A job that an event starts, which a scaler of KEDA watches for.
    #[track_caller]
    #[must_use]
    pub fn on_event(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        environment: impl Into<Ref<ContainerAppEnvironment>>,
        event: JobScaleRule,
    ) -> Self {
        Self {
            events: Some(vec![event]),
            event_parallelism: Some(1),
            event_completions: Some(1),
            ..Self::declare_new(name, group, JobTrigger::Event, environment)
        }
    }

    /// How many replicas run at a time, and how many of them must end well. It is one, unless said.
    #[track_caller]
    #[must_use]
    pub fn parallel(mut self, replicas: u16, completions: u16) -> Self {
        let (parallelism, completed) = match self.trigger {
            JobTrigger::Manual => (&mut self.manual_parallelism, &mut self.manual_completions),
            JobTrigger::Schedule => {
                (&mut self.schedule_parallelism, &mut self.schedule_completions)
            }
            JobTrigger::Event => (&mut self.event_parallelism, &mut self.event_completions),
        };
        (*parallelism, *completed) = (Some(replicas), Some(completions));
        self
    }
}

/// How an import says a job: by what starts it.
fn say(job: &mut Saying<'_>) {
    say_workload(job);
    let event = match (job.reads("trigger", "Event"), job.each("events").as_deref()) {
        (true, Some([event])) => Some(event.clone()),
        _ => None,
    };
    let (constructor, last, prefix) =
        match job.text("trigger").map(str::to_ascii_lowercase).as_deref() {
            Some("manual") => ("manual", None, "manual"),
            Some("schedule") => ("scheduled", Some("schedule"), "schedule"),
            Some("event") if event.is_some() => ("on_event", None, "event"),
            _ => return,
        };
    let arguments: Vec<&str> = ["name", "group", "environment"].into_iter().chain(last).collect();
    let said: Option<Vec<String>> =
        arguments.iter().map(|property| job.expression(property)).collect();
    let Some(said) = said else { return };
    let said: Vec<String> = said.into_iter().chain(event).collect();
    job.construct_as(format!("ContainerAppJob::{constructor}({})", said.join(", ")), &arguments);
    if constructor == "on_event" {
        job.settle(&["events"]);
    }
    job.settle(&["trigger"]);
    let (parallelism, completions) =
        (format!("{prefix}_parallelism"), format!("{prefix}_completions"));
    let said = |property: &str| job.expression(property).unwrap_or_else(|| "1".to_owned());
    let both = (said(&parallelism), said(&completions));
    let says = [parallelism.as_str(), completions.as_str()];
    if both == ("1".to_owned(), "1".to_owned()) {
        job.settle(&says);
    } else {
        job.call(format!(".parallel({}, {})", both.0, both.1), &says);
    }
}

const JOBS: &str = "https://learn.microsoft.com/azure/container-apps/jobs";

/// What the service refuses in a job.
fn limits(check: &mut CheckContext<'_>) {
    let number = |property: &str| check.get(property).and_then(Value::as_int);
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if let Some(schedule) = check.get("schedule").and_then(Value::as_str)
        && let Some(problem) = cron_problem(schedule)
    {
        found.push(("schedule", problem));
    }
    if number("timeout") == Some(0) {
        found.push(("timeout", "a replica needs a second at least".to_owned()));
    }
    for kind in ["manual", "schedule", "event"] {
        let both = (number(&format!("{kind}_parallelism")), number(&format!("{kind}_completions")));
        if let (Some(parallel), Some(completions)) = both
            && !(1..=parallel).contains(&completions)
        {
            let what = format!("{completions} of {parallel} replicas cannot end well");
            found.push(("trigger", what));
        }
    }
    if let (Some(least), Some(most)) = (number("least_starts"), number("most_starts"))
        && least > most
    {
        found.push((
            "least_starts",
            format!("{least} starts at least are more than the {most} at most"),
        ));
    }
    for (property, problem) in found {
        check.report(property, problem, format!("the provider's reference: {JOBS}"));
    }
}

/// What is wrong with a schedule, if anything: minute, hour, day, month and day of the week, each a `*` or numbers in
/// their range, with lists (`1,2`), ranges (`1-5`) and steps (`*/15`).
fn cron_problem(schedule: &str) -> Option<String> {
    const FIELDS: [(&str, u8, u8); 5] = [
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("day", 1, 31),
        ("month", 1, 12),
        ("day of the week", 0, 7),
    ];
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Some(format!("`{schedule}` has {} fields, not five", fields.len()));
    }
    let bad = fields.iter().zip(FIELDS).find(|(field, (_, from, to))| {
        let number = |text: &str| text.parse::<u8>().is_ok_and(|n| (*from..=*to).contains(&n));
        let word = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
        let one = |text: &str| number(text) || (*from <= 1 && *to <= 12 && word(text));
        !field.split(',').all(|part| {
            let (range, step) =
                part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            let ranged = match range.split_once('-') {
                Some((first, last)) => one(first) && one(last),
                None => range == "*" || one(range),
            };
            ranged && step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0))
        })
    });
    bad.map(|(field, (what, from, to))| {
        format!("`{field}` is no {what}: it goes from {from} to {to}")
    })
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let environment = stack.add(ContainerAppEnvironment::public(name!("shop-env"), group));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let database =
        stack.add(VaultSecret::new(name!("database-url"), vault, Secret::supplied("database-url")));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-backup-id"), group));
    let image = ContainerImage::tag(registry, "shop-backup", tag!("2026.11.3"));
    let backup = AppContainer::of("backup", image, ContainerSize::cores(0.5))
        .secret_env("DATABASE_URL", "database-url");
    let job = ContainerAppJob::scheduled(name!("shop-backup"), group, environment, "30 2 * * 1-5")
        .parallel(2, 1)
        .container(backup)
        .secret("database-url", database, identity)
        .pull_as(registry, identity)
        .timeout(3600)
        .retries(1)
        .tag("owner", "platform");
    stack.add(job).node()
}

#[cfg(test)]
mod tests {
    use super::{cron_problem, example};
    use crate::azure::prelude::*;
    use crate::azure::refusals::refused;

    #[test]
    fn schedules_have_five_fields_in_their_range() {
        for good in ["30 2 * * *", "*/15 0-6 1,15 * 1-5", "0 0 1 jan sun", "0 0 * * 7"] {
            assert_eq!(cron_problem(good), None, "{good}");
        }
        for bad in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "*/0 * * * *",
            "a * * * *",
        ] {
            assert!(cron_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let mut stack = Stack::new("test");
        let _ = example(&mut stack);
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let environment = stack.add(ContainerAppEnvironment::public(name!("e"), group));
        let image = || ContainerImage::at("registry.example.com", "shop", tag!("1"));
        let container = || AppContainer::of("main", image(), ContainerSize::cores(0.25));
        let manual =
            || ContainerAppJob::manual(name!("jo"), group, environment).container(container());
        let none = Vec::<&str>::new();
        assert_eq!(refused(manual().parallel(3, 3)), none);
        assert_eq!(refused(manual().parallel(3, 4)), ["trigger"]);
        assert_eq!(refused(manual().parallel(0, 0)), ["trigger"]);
        assert_eq!(refused(manual().timeout(0)), ["timeout"]);
        let scheduled = |cron: &'static str| {
            refused(
                ContainerAppJob::scheduled(name!("jo"), group, environment, cron)
                    .container(container()),
            )
        };
        assert_eq!((scheduled("0 1 * * *"), scheduled("0 25 * * *")), (vec![], vec!["schedule"]));
        let event = JobScaleRule::new(
            "orders",
            CustomScale::new("azure-queue").setting("queueName", "orders"),
        );
        let event = ContainerAppJob::on_event(name!("jo"), group, environment, event)
            .container(container());
        assert_eq!(refused(event.least_starts(5).most_starts(4)), ["least_starts"]);
        assert_eq!(
            refused(ContainerAppJob::manual(name!("jo"), group, environment)),
            ["containers"]
        );
    }
}
