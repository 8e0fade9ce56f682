//! What a version of App Engine's flexible environment is made of.

use super::common::SECONDS;
use crate::dsl::Ref;
use crate::gcp::Network;
use crate::schema::CheckContext;
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// When an instance is given requests.
#[derive(Clone, Block)]
pub struct AppReadiness {
    /// The path that is asked.
    #[prop(rest = "path", tf = "path")]
    path: Text,
    /// The host that is said to be asked.
    #[prop(rest = "host", tf = "host")]
    host: Option<Text>,
    /// So many failures, and it is given none.
    #[prop(rest = "failureThreshold", tf = "failure_threshold", service = 2u32)]
    failures: Option<u32>,
    /// So many answers, and it is given requests.
    #[prop(rest = "successThreshold", tf = "success_threshold", service = 2u32)]
    successes: Option<u32>,
    /// How often it is asked, in seconds.
    #[prop(rest = "checkInterval", tf = "check_interval", codec = SECONDS, tf_codec = SECONDS, service = 5u32,
        unit = "seconds")]
    check_seconds: Option<u32>,
    /// How long an answer may take, in seconds.
    #[prop(rest = "timeout", tf = "timeout", codec = SECONDS, tf_codec = SECONDS, service = 4u32, unit = "seconds")]
    timeout_seconds: Option<u32>,
    /// How long it may take until it answers at all, in seconds.
    #[prop(rest = "appStartTimeout", tf = "app_start_timeout", codec = SECONDS, tf_codec = SECONDS, service = 300u32,
        unit = "seconds")]
    app_start_seconds: Option<u32>,
}

/// When an instance is started again.
#[derive(Clone, Block)]
pub struct AppLiveness {
    /// The path that is asked.
    #[prop(rest = "path", tf = "path")]
    path: Text,
    /// The host that is said to be asked.
    #[prop(rest = "host", tf = "host")]
    host: Option<Text>,
    /// So many failures, and it is started again.
    #[prop(rest = "failureThreshold", tf = "failure_threshold", service = 4u32)]
    failures: Option<u32>,
    /// So many answers, and it is well.
    #[prop(rest = "successThreshold", tf = "success_threshold", service = 2u32)]
    successes: Option<u32>,
    /// How often it is asked, in seconds.
    #[prop(rest = "checkInterval", tf = "check_interval", codec = SECONDS, tf_codec = SECONDS, service = 30u32,
        unit = "seconds")]
    check_seconds: Option<u32>,
    /// How long an answer may take, in seconds.
    #[prop(rest = "timeout", tf = "timeout", codec = SECONDS, tf_codec = SECONDS, service = 4u32, unit = "seconds")]
    timeout_seconds: Option<u32>,
    /// How long it is left alone at first, in seconds.
    #[prop(rest = "initialDelay", tf = "initial_delay", codec = SECONDS, tf_codec = SECONDS, service = 300u32,
        unit = "seconds")]
    initial_delay_seconds: Option<u32>,
}

/// How many instances there are, by load.
#[derive(Clone, Block)]
pub struct AppScaling {
    /// Which part of the processors should be busy, from 0 to 1.
    #[prop(rest = "cpuUtilization.targetUtilization", tf = "cpu_utilization.target_utilization")]
    cpu: f64,
    /// The fewest instances.
    #[prop(rest = "minTotalInstances", tf = "min_total_instances", service = 2u32)]
    min_instances: Option<u32>,
    /// The most instances.
    #[prop(rest = "maxTotalInstances", tf = "max_total_instances", service = 20u32)]
    max_instances: Option<u32>,
    /// How long a new instance is not counted in, in seconds.
    #[prop(rest = "coolDownPeriod", tf = "cool_down_period", codec = SECONDS, tf_codec = SECONDS, service = 120u32,
        unit = "seconds")]
    cool_down_seconds: Option<u32>,
    /// How many requests an instance may answer at a time.
    #[prop(rest = "maxConcurrentRequests", tf = "max_concurrent_requests")]
    concurrent_requests: Option<u32>,
}

/// How big an instance is.
#[derive(Clone, Block)]
pub struct AppResources {
    /// Processors: 1, or an even number.
    #[prop(rest = "cpu", tf = "cpu", service = 1.0)]
    cpu: Option<f64>,
    /// Memory in gigabytes.
    #[prop(rest = "memoryGb", tf = "memory_gb")]
    memory_gb: Option<f64>,
    /// Disk in gigabytes: 10 or more.
    #[prop(rest = "diskGb", tf = "disk_gb", service = 10.0)]
    disk_gb: Option<f64>,
}

/// The network of a version's machines.
#[derive(Clone, Block)]
pub struct AppNetwork {
    /// The network.
    #[prop(rest = "name", tf = "name", via = "name")]
    network: Ref<Network>,
    /// Its subnet, by name.
    #[prop(rest = "subnetworkName", tf = "subnetwork")]
    subnetwork: Option<Text>,
    /// Whether a caller is answered by the same instance again.
    #[prop(rest = "sessionAffinity", tf = "session_affinity", service = false)]
    session_affinity: Option<bool>,
    /// Whether its machines have addresses on the internet. Without them the subnet needs private access to Google.
    #[prop(rest = "instanceIpMode", tf = "instance_ip_mode", default = AppIpMode::Internal,
        service = AppIpMode::External)]
    ip_mode: AppIpMode,
}

/// Whether machines have addresses on the internet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum AppIpMode {
    /// In their network alone.
    #[choice("INTERNAL")]
    Internal,
    /// On the internet too.
    #[choice("EXTERNAL")]
    External,
}

/// What is wrong with how big instances are: <https://cloud.google.com/appengine/docs/flexible/reference/app-yaml#resource-settings>.
pub(super) fn oversized(check: &CheckContext<'_>) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for resources in check.blocks("resources") {
        let number = |property| match resources.get(property) {
            Some(Value::Float(number)) => Some(*number),
            _ => None,
        };
        let cores = number("cpu").unwrap_or(1.0);
        let every = |step: f64| cores % step == 0.0;
        if cores != 1.0
            && !((2.0..=32.0).contains(&cores) && every(2.0)
                || (32.0..=80.0).contains(&cores) && every(4.0))
        {
            found.push((
                "an instance has 1 processor, an even number up to 32, or one that 4 divides up to 80",
                "say one of these",
            ));
        }
        // The system keeps 0.4 GB of it.
        let held = |memory: f64| (cores..=cores * 6.5).contains(&(memory + 0.4));
        if number("memory_gb").is_some_and(|memory| !held(memory)) {
            found.push((
                "each processor comes with 1 to 6.5 GB of memory, of which 0.4 GB are the system's",
                "say less or more memory, or another number of processors",
            ));
        }
        if number("disk_gb").is_some_and(|disk| !(10.0..=10240.0).contains(&disk)) {
            found.push(("a disk has 10 to 10240 GB", "say a size between"));
        }
    }
    found
}

/// What is wrong with how instances come and go.
pub(super) fn refused(check: &CheckContext<'_>) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for scaling in check.blocks("scaling") {
        let cpu = match scaling.get("cpu") {
            Some(Value::Float(cpu)) => *cpu,
            _ => continue,
        };
        if !(0.0..=1.0).contains(&cpu) || cpu == 0.0 {
            found.push(("a part of the processors is between 0 and 1", "say 0.5, for one"));
        }
        let count = |property, otherwise| scaling.int(property).unwrap_or(otherwise);
        if count("min_instances", 2) > count("max_instances", 20) {
            found.push(("the fewest instances are more than the most", "say a higher most"));
        }
    }
    found
}
