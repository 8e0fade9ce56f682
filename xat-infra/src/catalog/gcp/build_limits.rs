//! What Cloud Build refuses of a trigger.

use super::build_parts::BuildLogging;
use super::common::exactly_one;
use crate::schema::CheckContext;
use crate::value::Value;

/// The page of triggers.
const TRIGGERS: &str =
    "https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers";
/// The page of values that builds put in.
const NAMES: &str = "https://cloud.google.com/build/docs/build-config-file-schema#substitutions";
/// The page of builds that run as an account of one's own.
const ACCOUNTS: &str =
    "https://cloud.google.com/build/docs/securing-builds/configure-user-specified-service-accounts";

/// What one trigger says against itself.
pub(super) fn limits(check: &mut CheckContext<'_>) {
    exactly_one(
        check,
        &["file", "build"],
        "either a file or the stack says what is built",
        TRIGGERS,
    );
    exactly_one(check, &["github", "repository"], "events come from one repository", TRIGGERS);
    for property in ["github", "repository"] {
        let mut found = Vec::new();
        for source in check.blocks(property) {
            if source.get("push").is_some() == source.get("pull_request").is_some() {
                found.push("either pushes are built or pull requests");
            }
            let push = source.blocks("push").into_iter().next();
            if push.is_some_and(|push| push.get("branch").is_some() == push.get("tag").is_some()) {
                found.push("either branches are built or tags");
            }
        }
        for message in found {
            check.report(property, message, format!("say one of them: {TRIGGERS}"));
        }
    }
    let mut found = Vec::new();
    for key in keys(check.get("substitutions")) {
        found.push(("substitutions", key));
    }
    let mut problems = Vec::new();
    for build in check.blocks("build") {
        for key in keys(build.get("substitutions")) {
            found.push(("build", key));
        }
        if !build.int("timeout_seconds").is_none_or(|seconds| (1..=86_400).contains(&seconds)) {
            problems.push((
                "a build takes at most a day".to_owned(),
                "say 1 to 86400 seconds",
                TRIGGERS,
            ));
        }
        // As an account of one's own, nothing says where else logs would go.
        let logging = build.text("logging");
        let to_bucket = [Some(BuildLogging::Bucket.word()), Some(BuildLogging::Both.word())];
        if build.get("logs_bucket").is_none() && (logging.is_none() || to_bucket.contains(&logging))
        {
            let help = "say `.logging(BuildLogging::CloudLogging)`, or `.logs_bucket(..)`";
            problems.push(("its logs have no place to go to".to_owned(), help, ACCOUNTS));
        }
        let steps = build.blocks("steps");
        if steps.is_empty() {
            problems.push(("it has no steps".to_owned(), "say `Build::new([..])`", TRIGGERS));
        }
        let named: Vec<&str> =
            build.blocks("secrets").iter().filter_map(|one| one.text("env")).collect();
        for step in &steps {
            for wanted in texts(step.get("secret_env")).filter(|name| !named.contains(name)) {
                let message =
                    format!("a step uses the secret `{wanted}`, which the build does not name");
                problems.push((message, "also say `.secret(BuildSecret::new(..))`", TRIGGERS));
            }
            if step.get("script").is_some() && step.get("args").is_some() {
                let message = "a step has a script or arguments".to_owned();
                problems.push((message, "leave one of them out", TRIGGERS));
            }
        }
    }
    for (message, help, source) in problems {
        check.report("build", message, format!("{help}: {source}"));
    }
    for (property, key) in found {
        let message = format!("`{key}` cannot be a name of one's own");
        let help = format!("start with `_`, and use capital letters, digits and `_`: {NAMES}");
        check.report(property, message, help);
    }
}

/// Names of values that are not one's own to give.
fn keys(substitutions: Option<&Value>) -> Vec<String> {
    let Some(Value::Map(entries)) = substitutions else { return Vec::new() };
    let legal = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let bad = entries.iter().map(|(key, _)| key).filter(|key| {
        !key.starts_with('_') || key.len() < 2 || key.len() > 100 || !key.chars().all(legal)
    });
    bad.map(str::to_owned).collect()
}

/// The literal texts of a list.
fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match list {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::dsl::Ref;
    use crate::gcp::{
        Build, BuildLogging, BuildStep, BuildTrigger, GitHubSource, Push, RepositoryEvents,
    };
    use crate::name;

    fn trigger() -> BuildTrigger {
        let account = Ref::existing("projects/p/serviceAccounts/build@p.iam.gserviceaccount.com");
        BuildTrigger::new(name!("main"), account)
    }

    fn on_main() -> BuildTrigger {
        trigger().github(GitHubSource::branch("example", "shop", "^main$"))
    }

    fn build() -> Build {
        Build::new([BuildStep::new("ubuntu").script("make")]).logging(BuildLogging::CloudLogging)
    }

    #[test]
    fn a_trigger_says_one_source_and_one_build() {
        assert_eq!(refused(on_main().file("cloudbuild.yaml")), [""; 0]);
        assert_eq!(refused(on_main().build(build())), [""; 0]);
        assert_eq!(refused(on_main()), ["file"]);
        assert_eq!(refused(on_main().file("x").build(build())), ["build"]);
        assert_eq!(refused(trigger().file("x")), ["github"]);
        let both = RepositoryEvents::new("r").push(Push::new().branch("a").tag("b"));
        assert_eq!(refused(trigger().file("x").repository(both)), ["repository"]);
        let none = RepositoryEvents::new("r");
        assert_eq!(refused(trigger().file("x").repository(none)), ["repository"]);
    }

    #[test]
    fn builds_are_what_the_service_takes() {
        let of = |build| refused(on_main().build(build));
        assert_eq!(of(Build::new([BuildStep::new("ubuntu")])), ["build"]);
        assert_eq!(of(build().timeout_seconds(86_401)), ["build"]);
        assert_eq!(of(Build::new([]).logging(BuildLogging::CloudLogging)), ["build"]);
        let step = BuildStep::new("ubuntu").secret_env(["TOKEN"]);
        assert_eq!(of(Build::new([step]).logging(BuildLogging::Nowhere)), ["build"]);
        let step = BuildStep::new("ubuntu").script("a").args(["b"]);
        assert_eq!(of(Build::new([step]).logging(BuildLogging::Nowhere)), ["build"]);
        assert_eq!(of(build().substitution("_a", "b")), ["build"]);
        assert_eq!(of(build().logging(BuildLogging::Bucket)), ["build"]);
        assert_eq!(of(build().logging(BuildLogging::Bucket).logs_bucket("gs://logs")), [""; 0]);
        let named = on_main().file("x").substitution("PROJECT_ID", "y");
        assert_eq!(refused(named), ["substitutions"]);
    }
}
