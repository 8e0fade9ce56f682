//! The service's limits on web applications and their slots.

use crate::azure::common::said;
use crate::azure::site_auth;
use crate::azure::site_parts::{AccessRestriction, Cors, SiteLogs, StorageMount};
use crate::azure::web_app_image::check_image;
use crate::schema::CheckContext;
use crate::value::{Fields, Value};

const HEALTH: &str = "https://learn.microsoft.com/azure/app-service/monitor-instances-health-check";
const SCALING: &str = "https://learn.microsoft.com/azure/app-service/manage-automatic-scaling";
const RESTRICTIONS: &str =
    "https://learn.microsoft.com/azure/app-service/overview-access-restrictions";
const LOGS: &str = "https://learn.microsoft.com/azure/templates/microsoft.web/sites/config-logs";
const CORS: &str =
    "https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-rest-api";
const JAVA: &str =
    "https://learn.microsoft.com/azure/app-service/configure-language-java-deploy-run";
const MOUNTS: &str =
    "https://learn.microsoft.com/azure/app-service/configure-connect-to-azure-storage";

/// What the service refuses in a site.
pub(crate) fn limits(check: &mut CheckContext<'_>) {
    check.range("health_check_eviction", 2..=10, HEALTH);
    check.range("minimum_elastic", 1..=100, SCALING);
    check.range("pre_warmed", 0..=10, SCALING);
    check_image(check, "image");
    check_image(check, "windows_image");
    let mut found: Vec<(&'static str, String, &'static str)> = Vec::new();
    if let Some(path) = check.get("health_check_path").and_then(Value::as_str)
        && !path.starts_with('/')
    {
        found.push((
            "health_check_path",
            format!("the path `{path}` does not start with `/`"),
            HEALTH,
        ));
    }
    // The service takes these on Linux without a word, and drops them.
    let linux = check.get("image").is_some_and(|image| image.as_str() != Some(""));
    for property in ["java", "java_container", "java_container_version"] {
        if linux && check.get(property).is_some() {
            let problem = "on Linux, what the application runs says its Java (`JAVA|21-java21`)";
            found.push((property, problem.to_owned(), JAVA));
        }
    }
    for property in ["access_rules", "scm_access_rules"] {
        if let Some(Value::List(rules)) = check.get(property) {
            found.extend(rules_problem(rules).map(|problem| (property, problem, RESTRICTIONS)));
        }
    }
    if let Some(logs) = block(check, "logs") {
        let size = said::<SiteLogs>(logs, "http_size").and_then(Value::as_int);
        if let Some(size) = size.filter(|size| !(25..=100).contains(size)) {
            found.push(("logs", format!("{size} MB of calls is outside 25 to 100"), LOGS));
        }
    }
    if let Some(cors) = block(check, "cors")
        && let Some(Value::List(origins)) = said::<Cors>(cors, "origins")
        && origins.iter().any(|origin| origin.as_str() == Some("*"))
        && matches!(said::<Cors>(cors, "credentials"), Some(Value::Bool(true)))
    {
        found.push(("cors", "credentials cannot be sent from any site (`*`)".to_owned(), CORS));
    }
    if let Some(Value::Map(mounts)) = check.get("mounts") {
        found.extend(mounts_problems(mounts.iter()).map(|problem| ("mounts", problem, MOUNTS)));
    }
    found.extend(
        site_auth::problems(check).into_iter().map(|(what, source)| ("auth", what, source)),
    );
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// What is wrong with a list of access rules, if anything.
fn rules_problem(rules: &[Value]) -> Option<String> {
    // The service takes 512 for the application and its deployment site each.
    if rules.len() > 512 {
        return Some(format!("{} access rules are more than 512", rules.len()));
    }
    let name = |rule: &Value| {
        let name = said::<AccessRestriction>(rule.as_block()?, "name")?;
        Some(name.as_str()?.to_ascii_lowercase())
    };
    let names: Vec<Option<String>> = rules.iter().map(name).collect();
    let twice =
        names.iter().enumerate().find(|(at, name)| name.is_some() && names[..*at].contains(name));
    twice.and_then(|(_, name)| Some(format!("two access rules have the name `{}`", name.as_ref()?)))
}

/// What is wrong with an application's mounts.
fn mounts_problems<'a>(
    mounts: impl Iterator<Item = (&'a str, &'a Value)>,
) -> impl Iterator<Item = String> {
    let mounts: Vec<(&str, &Value)> = mounts.collect();
    let many = (mounts.len() > 5).then(|| format!("{} mounts are more than five", mounts.len()));
    let bad = mounts.into_iter().filter_map(|(name, mount)| {
        let path = said::<StorageMount>(mount.as_block()?, "path")?.as_str()?.trim_end_matches('/');
        let kept = ["", "/home", "/tmp"].contains(&path) || path.starts_with("/tmp/");
        kept.then(|| format!("`{name}` would hide `{path}/`, which the service keeps for itself"))
    });
    many.into_iter().chain(bad.collect::<Vec<_>>())
}

fn block<'c>(check: &'c CheckContext<'_>, property: &str) -> Option<&'c Fields> {
    check.get(property)?.as_block()
}

#[cfg(test)]
pub(super) mod tests {
    use crate::azure::prelude::*;
    use crate::azure::refusals;

    /// What the checks complain of in an application that is changed so.
    pub(crate) fn refused(change: impl FnOnce(WebApp) -> WebApp) -> Vec<&'static str> {
        let mut stack = Stack::new("test");
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let plan = stack.add(AppServicePlan::linux(name!("p"), group, PlanSku::B1));
        let app = WebApp::code(name!("app"), group, plan, Runtime::other("PYTHON|3.13"));
        refusals::refused(change(app))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let rule = |name: &'static str| AccessRestriction::allow(name, 100, "203.0.113.0/24");
        let mount = |path: &'static str| StorageMount::files("account", "share", path, "KEY");
        let many = |n: usize| {
            move |app: WebApp| {
                (0..n).fold(app, |app, i| {
                    app.access_rule(AccessRestriction::deny(format!("r{i}"), 1, "203.0.113.0/24"))
                })
            }
        };
        let good = |app: WebApp| {
            app.access_rule(rule("a"))
                .access_rule(rule("b"))
                .scm_access_rule(rule("a"))
                .logs(SiteLogs::of(LogLevel::Error).calls(7, 100))
                .cors(Cors::of(["https://a.example.com"]).credentials(true))
                .mount("media", mount("/media"))
                .health_check_path("/health")
                .health_check_eviction(2)
        };
        assert_eq!(refused(good), Vec::<&str>::new());
        assert_eq!(refused(many(512)), Vec::<&str>::new());
        assert_eq!(refused(many(513)), ["access_rules"]);
        assert_eq!(
            refused(|app| app.access_rule(rule("a")).access_rule(rule("A"))),
            ["access_rules"]
        );
        assert_eq!(
            refused(|app| app.scm_access_rule(rule("a")).scm_access_rule(rule("a"))),
            ["scm_access_rules"]
        );
        assert_eq!(refused(|app| app.logs(SiteLogs::of(LogLevel::Off).calls(7, 24))), ["logs"]);
        assert_eq!(refused(|app| app.cors(Cors::of(["*"]).credentials(true))), ["cors"]);
        assert_eq!(refused(|app| app.cors(Cors::of(["*"]))), Vec::<&str>::new());
        for path in ["/", "/home/", "/tmp", "/tmp/cache"] {
            assert_eq!(refused(|app| app.mount("m", mount(path))), ["mounts"], "{path}");
        }
        let six = |app: WebApp| {
            ["a", "b", "c", "d", "e", "f"].iter().fold(app, |app, m| app.mount(*m, mount("/media")))
        };
        assert_eq!(refused(six), ["mounts"]);
        assert_eq!(refused(|app| app.health_check_path("health")), ["health_check_path"]);
        assert_eq!(refused(|app| app.health_check_eviction(11)), ["health_check_eviction"]);
        assert_eq!(refused(|app| app.minimum_elastic(101)), ["minimum_elastic"]);
        assert_eq!(refused(|app| app.java("17")), ["java"]);
        let windows = ContainerImage::at("registry.example.com", "shop", tag!("1"));
        assert_eq!(refused(|app| app.windows_container(windows).java("17")), Vec::<&str>::new());
        assert_eq!(refused(|app| app.pre_warmed(11)), ["pre_warmed"]);
    }
}
