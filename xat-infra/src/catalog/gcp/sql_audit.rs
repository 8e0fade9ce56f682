//! What audits ask of the log of a Cloud SQL instance.

use super::SqlInstance;

/// The flags of [`SqlInstance::audit_log`].
const AUDIT: [(&str, &str); 9] = [
    ("cloudsql.enable_pgaudit", "on"),
    ("log_checkpoints", "on"),
    ("log_connections", "on"),
    ("log_disconnections", "on"),
    ("log_duration", "on"),
    ("log_hostname", "on"),
    ("log_lock_waits", "on"),
    ("log_min_error_statement", "error"),
    ("log_statement", "ddl"),
];

impl SqlInstance {
    /// Notes in its log who comes and goes, what waits for locks, how long statements take, and each change of a table: the nine
    /// settings that audits ask for (CIS Google Cloud Platform Foundation Benchmark, section 6.2). The extension pgAudit is loaded,
    /// which restarts the instance; what it notes beside that is said by the flag `pgaudit.log`.
    /// <https://cloud.google.com/sql/docs/postgres/flags>
    #[track_caller]
    #[must_use]
    pub fn audit_log(self) -> Self {
        AUDIT.iter().fold(self, |instance, (flag, value)| instance.flag(*flag, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::AUDIT;
    use crate::azure::refusals::refused;
    use crate::dsl::Stack;
    use crate::gcp::prelude::*;

    #[test]
    fn the_flags_are_said_as_any_others() {
        let tier = SqlTier::custom(2, 7680);
        let instance = || SqlInstance::public(name!("shop"), PostgresVersion::V17, tier.clone());
        assert_eq!(refused(instance().audit_log()), [""; 0]);
        let mut stack = Stack::new("shop").project("shop").region("europe-west4");
        // What is said later holds.
        let louder = instance().audit_log().flag("log_statement", "all");
        let node = stack.add(louder).node();
        let graph = crate::graph::build(stack).unwrap();
        let node = graph.node(node).unwrap();
        let flags = node.fields.named(node.ty.props, "flags").unwrap();
        let of = |flag: &str| flags.at(&[flag]).and_then(|value| value.as_str());
        assert_eq!(AUDIT.iter().filter(|(flag, _)| of(flag).is_some()).count(), 9);
        assert_eq!((of("log_connections"), of("log_statement")), (Some("on"), Some("all")));
    }
}
