//! What a version of App Engine's flexible environment is made of.

use super::common::SECONDS;
use crate::Block;
use crate::dsl::Ref;
use crate::gcp::Network;
use crate::schema::CheckContext;
use crate::value::{Text, Value};

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
