//! What scripts lay over what is live: what nobody declares any more goes, what is left to others stays, and a stack of both
//! clouds is one script. Run by a real bash and jq against doubles of the clouds.

use serde_json::{Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::gcp::GoogleScope as _;
use xat_infra::gcp::prelude::{
    AutomaticReplication, Location, SecretManagerSecret, SecretVersion, ServiceAccount,
};
use xat_infra::graph::Graph;
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action};
use xat_infra::state::{Salt, State};
use xat_tests::spec::CANARY;

use crate::emit_steps_google::{built, emit, is_as_declared};
use crate::steps_place::{Place, file, planned, secrets, text};

const SUBSCRIPTION: &str = "5a1e0000-0000-4000-8000-000000000001";

/// A shop: before, with all that it had, and after, without.
fn shop(before: bool) -> Graph {
    let mut stack = Stack::new("shop")
        .subscription(SUBSCRIPTION)
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let mut group = ResourceGroup::new(name!("shop-rg"), Region::WestEurope).tag("owner", "shop");
    let mut rules = VaultNetworkRules::new().bypass(Bypass::None);
    if before {
        group = group.tag("cost", "12");
        rules = rules.ip_rule("203.0.113.7");
    }
    let group = stack.add(group);
    stack.add(KeyVault::new(name!("shop-kv"), group).network_rules(rules));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "web", tag!("1.0.0"));
    let mut web = WebApp::container(name!("shop-web"), group, plan, image)
        .port(8000)
        .ignore(WebApp::IMAGE)
        .setting("MODE", "production");
    let image = ContainerImage::tag(registry, "job", tag!("1.0.0"));
    let mut bare = WebApp::container(name!("shop-bare"), group, plan, image);
    if before {
        web = web.setting("OLD", "1").vnet_route_all(true).client_certificate(true);
        bare = bare.setting("ONLY", "1");
    }
    stack.add(web);
    stack.add(bare);
    built(stack)
}

/// What the state owns and nobody declares any more goes back to what the service assumes: tags, settings, leaves, leaves of
/// blocks. What others said beside it stays, and what is left to others is as it is live.
#[test]
fn an_update_takes_back_what_nobody_declares() {
    let (old, new) = (shop(true), shop(false));
    let Some(place) = Place::new(&old) else { return };
    emit(&place, &old, &planned(&old, &Estate::empty(), &State::empty()));
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    is_as_declared(&place, &old);

    let find = |bodies: &serde_json::Map<String, Json>, end: &str| -> String {
        bodies.keys().find(|id| id.ends_with(end)).unwrap_or_else(|| panic!("no {end}")).clone()
    };
    let mut bodies = place.bodies();
    let (group, web) = (find(&bodies, "/shop-rg"), find(&bodies, "/shop-web"));
    let settings = find(&bodies, "/shop-web/config/appsettings");
    let bare = find(&bodies, "/shop-bare/config/appsettings");
    let vault = find(&bodies, "/shop-kv");
    // Others say theirs, in spellings of the service, and a delivery has brought another image.
    bodies[&group]["tags"] = json!({"Owner": "shop", "Cost": "12", "theirs": "x"});
    bodies[&web]["properties"]["siteConfig"]["linuxFxVersion"] = json!("DOCKER|shop/web:2.0.0");
    bodies[&web]["properties"]["theirs"] = json!(true);
    bodies[&settings]["properties"]["THEIRS"] = json!("y");
    bodies[&bare]["properties"]["THEIRS"] = json!("z");
    bodies[&vault]["properties"]["networkAcls"]["defaultAction"] = json!("Deny");
    std::fs::write(place.path("estate.json"), Json::Object(bodies).to_string()).unwrap();
    let state = plan::record(&old, &place.estate(&old), Salt::new("salt"), 1);

    let changed = planned(&new, &place.estate(&new), &state);
    assert!(changed.steps.iter().all(|s| s.action == Action::Update), "{:#?}", changed.steps);
    let paths: Vec<&str> =
        changed.steps.iter().flat_map(|s| s.changes.iter().map(|c| c.path.as_str())).collect();
    for path in
        ["tags.cost", "network_rules.ip_rules", "settings.OLD", "settings.ONLY", "vnet_route_all"]
    {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    emit(&place, &new, &changed);
    place.model(&new);
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    let after = place.bodies();
    assert_eq!(after[&group]["tags"], json!({"Owner": "shop", "theirs": "x"}));
    assert_eq!(after[&web]["properties"]["siteConfig"]["linuxFxVersion"], "DOCKER|shop/web:2.0.0");
    assert_eq!(after[&web]["properties"]["theirs"], true);
    assert_eq!(after[&web]["properties"]["vnetRouteAllEnabled"], false);
    assert_eq!(after[&web]["properties"]["clientCertEnabled"], false);
    let said = &after[&settings]["properties"];
    assert_eq!(
        (&said["THEIRS"], &said["MODE"], said.get("OLD")),
        (&json!("y"), &json!("production"), None)
    );
    assert_eq!(after[&bare]["properties"]["THEIRS"], "z");
    assert_eq!(after[&bare]["properties"].get("ONLY"), None);
    let rules = &after[&vault]["properties"]["networkAcls"];
    assert_eq!((&rules["bypass"], rules.get("ipRules")), (&json!("None"), None));
    assert_eq!(rules["defaultAction"], "Deny");
    let left = planned(&new, &place.estate(&new), &state).steps;
    assert!(left.is_empty(), "{left:#?}");

    // Run again without its journal, it is the same; the first plan's scripts leave the delivered image alone too.
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    assert!(place.run("apply.sh", &[], &[]).status.success());
    assert_eq!(place.bodies(), after);
    emit(&place, &new, &planned(&new, &Estate::empty(), &State::empty()));
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    assert_eq!(
        place.bodies()[&web]["properties"]["siteConfig"]["linuxFxVersion"],
        "DOCKER|shop/web:2.0.0"
    );
}

/// A stack on both clouds, whose resources name each other's.
fn both() -> Graph {
    let mut stack = Stack::new("both")
        .subscription(SUBSCRIPTION)
        .tenant("5a1e0000-0000-4000-8000-000000000002")
        .project("shop")
        .region(Location::EUROPE_WEST4);
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    stack.add(VirtualNetwork::new(name!("shop-vnet"), group, cidr!("10.0.0.0/16")));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-id"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    stack.add(VaultSecret::new(name!("key"), vault, Secret::supplied("key")));
    let account = ServiceAccount::new(name!("shop-run"))
        .display_name(text!("Reads of {}", identity.principal_id()));
    let account = stack.add(account);
    let key = stack
        .add(SecretManagerSecret::new(name!("key")).automatic(AutomaticReplication::default()));
    stack.add(SecretVersion::new(key, Secret::supplied("key")));
    let body = RawBody::new(json!({"properties": {}})).with("properties.account", account.id());
    stack.add(
        RawArm::new("Shop.Things/things", "2026-01-01", name!("last"), group, body)
            .depends_on(account),
    );
    built(stack)
}

/// One script makes a stack on both clouds from nothing, is stopped between the clouds, goes on where it is told to, has nothing
/// to do when it is run again, and takes all away, users before what they use.
#[test]
fn a_stack_on_both_clouds_is_one_script() {
    let graph = both();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    emit(&place, &graph, &plan);
    let names = secrets(&graph, &plan);
    assert_eq!(names, ["XAT_SECRET_KEY"]);
    let env = [("XAT_SECRET_KEY", CANARY)];
    let stopped = place.run("apply.sh", &[], &[env[0], ("FAKE_FAIL", "serviceAccounts")]);
    assert!(!stopped.status.success(), "{}", text(&stopped));
    let account =
        plan.steps.iter().find(|step| step.type_name.ends_with("service_account")).unwrap();
    let step = format!("step_{:03}", account.id);
    let said = text(&stopped);
    assert!(said.contains(&format!("{step} create")), "{said}");
    assert!(place.bodies().keys().any(|id| id.ends_with("/shop-id")));
    assert!(!place.bodies().keys().any(|id| id.ends_with("/last")));
    assert!(!place.google().to_string().contains("serviceAccounts"));

    let done = place.run("apply.sh", &["--from", &step], &env);
    assert!(done.status.success(), "{}", text(&done));
    assert!(!text(&done).contains("step_001 create"), "{}", text(&done));
    is_as_declared(&place, &graph);
    let things = place.google()["things"].clone();
    let shown = things.as_object().unwrap().iter().find(|(key, _)| key.contains("serviceAccounts"));
    let shown = shown.unwrap().1["displayName"].as_str().unwrap().to_owned();
    assert!(shown.starts_with("Reads of shop-id"), "{shown}");

    let before = (place.bodies(), place.google());
    let again = place.run("apply.sh", &[], &env);
    assert!(again.status.success(), "{}", text(&again));
    assert_eq!((place.bodies(), place.google()), before);
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    assert!(place.run("apply.sh", &[], &env).status.success());
    assert_eq!(
        (place.bodies(), place.google()["things"].clone()),
        (before.0, before.1["things"].clone())
    );
    for out in [&stopped, &done, &again] {
        assert!(!text(out).contains(CANARY));
    }

    let args = all_data(&place, &graph);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let kept = place.run("destroy.sh", &["--list"], &[]);
    assert!(place.bodies().len() > 5 && kept.status.success());
    let gone = place.run("destroy.sh", &args, &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    assert!(place.bodies().keys().all(|id| id.contains("/deletedvaults/")), "{:?}", place.bodies());
    assert_eq!(place.google()["things"], json!({}));
    let said = text(&gone);
    let at = |what: &str| said.find(what).unwrap_or_else(|| panic!("no {what} in {said}"));
    assert!(at("raw_arm.last") < at("service_account.shop-run"));
    assert!(at("service_account.shop-run") < at("user_assigned_identity.shop-id"));
    assert!(!file(&place.path("argv.log")).contains(CANARY));
}

/// The arguments by which everything is deleted.
pub(crate) fn all_data(place: &Place, graph: &Graph) -> Vec<String> {
    let listed = text(&place.run("destroy.sh", &["--list"], &[]));
    let named =
        graph.nodes.iter().filter(|node| listed.contains(&format!("delete {}\n", node.address)));
    named.flat_map(|node| ["--data".to_owned(), node.address.clone()]).collect()
}

/// Whoever runs a script is told what it wants, all at once, before anything is done.
#[test]
fn the_scripts_say_what_they_want() {
    let graph = both();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    emit(&place, &graph, &plan);
    for script in ["apply.sh", "destroy.sh"] {
        for help in ["--help", "-h"] {
            let out = place.run(script, &[help], &[]);
            let said = String::from_utf8_lossy(&out.stdout).into_owned();
            assert!(out.status.success() && said.contains("--from STEP"), "{}", text(&out));
            assert_eq!(said.contains("--data ADDRESS"), script == "destroy.sh");
        }
        let wrong: &[(&[&str], &str)] = &[
            (&["--form", "x"], "unknown argument --form"),
            (&["--from", "step_999"], "no step is called step_999"),
            (&["--from"], "--from wants the name of a step"),
            (&["step_001"], "unknown argument step_001"),
        ];
        for (args, why) in wrong {
            let out = place.run(script, args, &[]);
            assert!(!out.status.success() && text(&out).contains(why), "{args:?}: {}", text(&out));
        }
    }
    let out = place.run("destroy.sh", &["--data", "key_vault.shop-kw"], &[]);
    assert!(
        !out.status.success() && text(&out).contains("nothing here deletes key_vault.shop-kw"),
        "{}",
        text(&out)
    );
    // Without its secrets and its tools it names them all.
    let found = |tool: &str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths)
            .map(|folder| folder.join(tool))
            .find(|tool| tool.exists())
            .unwrap()
    };
    std::fs::create_dir(place.path("few")).unwrap();
    for tool in ["cat", "dirname"] {
        let as_found = std::fs::read(found(tool)).unwrap();
        std::fs::write(place.path("few").join(tool), as_found).unwrap();
        std::fs::set_permissions(
            place.path("few").join(tool),
            std::fs::metadata(found(tool)).unwrap().permissions(),
        )
        .unwrap();
    }
    let out = std::process::Command::new(found("bash"))
        .arg(place.path("apply.sh"))
        .env("PATH", place.path("few"))
        .env_remove("XAT_SECRET_KEY")
        .output()
        .unwrap();
    let said = text(&out);
    assert!(!out.status.success(), "{said}");
    for what in [
        "needs az",
        "needs curl",
        "needs gcloud",
        "needs jq",
        "the secret XAT_SECRET_KEY is not set",
    ] {
        assert!(said.contains(what), "{what} is not in {said}");
    }
    assert!(place.bodies().is_empty() && place.google() == json!({}));
    assert!(file(&place.path("argv.log")).is_empty());
}
