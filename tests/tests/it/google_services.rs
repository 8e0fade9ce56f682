//! Cloud SQL and Cloud Run together: what waits for what, the URLs of databases, and what Terraform is told.

use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::{self, Syntax};
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action, Options};
use xat_infra::report;
use xat_infra::state::{Salt, State};
use xat_tests::examples;

use crate::emit_forms::{json, module};

const CANARY: &str = "canary-in-a-password";

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn warnings(graph: &Graph) -> Vec<&'static str> {
    let plan = plan::plan(graph, &Estate::empty(), &State::empty(), &Options::default());
    plan.expect("a plan").diagnostics.iter().map(|warning| warning.code).collect()
}

/// An instance inside a network, with a database.
fn instance(stack: &mut Stack, version: PostgresVersion) -> Handle<SqlInstance> {
    let network = stack.add(Network::new(name!("shop")));
    let range = stack.add(GlobalAddress::for_peering(name!("shop-services"), network, 20));
    let connection = stack.add(ServiceConnection::new(network, [Ref::from(range)]));
    let tier = SqlTier::custom(2, 7680);
    stack.add(SqlInstance::private(name!("shop"), version, tier, connection))
}

fn secret(stack: &mut Stack, name: Name<SecretManagerSecret>, value: Secret) {
    let holder = SecretManagerSecret::new(name).automatic(AutomaticReplication::default());
    let holder = stack.add(holder);
    stack.add(SecretVersion::new(holder, value));
}

/// The shop: a service that finds its database by a URL in a secret, over the socket or the private address.
fn shop(password: Secret) -> Stack {
    let mut stack = examples::stack();
    let instance = instance(&mut stack, PostgresVersion::V17);
    let database = stack.add(SqlDatabase::new(name!("orders"), instance));
    let user = stack.add(SqlUser::built_in("shop@app", instance, password));
    secret(&mut stack, name!("database-url"), database.socket_url(user));
    secret(&mut stack, name!("reports-url"), database.url(user));
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    stack.add(SqlUser::service_account(account, instance));
    stack
}

/// A replica says its primary by name and waits for it, has no backups, and reads back as it was said.
#[test]
fn a_replica_repeats_its_primary() {
    let mut stack = examples::stack();
    let primary = instance(&mut stack, PostgresVersion::V17);
    let tier = SqlTier::custom(2, 7680);
    let replica = SqlInstance::public(name!("shop-reports"), PostgresVersion::V17, tier);
    let replica = stack.add(replica.replica_of(primary)).node();
    let graph = built(stack);
    let node = graph.node(replica).expect("the replica");
    let on =
        graph.nodes.iter().position(|node| node.name == "shop" && node.ty.slug == "sql_instance");
    assert!(node.edges.iter().any(|edge| Some(edge.to as usize) == on));
    let body = xat_infra::live::model::bodies(&graph, node).swap_remove(0).body;
    assert_eq!(body["masterInstanceName"], "shop");
    assert_eq!(body["instanceType"], "READ_REPLICA_INSTANCE");
    assert_eq!(body["settings"]["backupConfiguration"]["enabled"], false);
    let terraform = json(&module(&graph, Syntax::Json));
    let instances = terraform["resource"]["google_sql_database_instance"].as_object();
    let said =
        instances.expect("instances").values().find_map(|of| of["master_instance_name"].as_str());
    assert!(said.is_some_and(|said| said.ends_with(".shop.name}")), "{said:?}");

    // The service answers with the project in front.
    let applied = xat_infra::live::model::applied(&graph).to_string();
    let live =
        applied.replace("\"masterInstanceName\":\"shop\"", "\"masterInstanceName\":\"demo:shop\"");
    assert_ne!(applied, live);
    let live = Estate::from_text("live", live).unwrap();
    let plan = plan::plan(&graph, &live, &State::empty(), &Options::default()).unwrap();
    assert!(plan.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", plan.steps);
}

/// Nothing can be written in a replica: its databases and users are its primary's.
#[test]
fn a_replica_has_no_databases_of_its_own() {
    let mut stack = examples::stack();
    let primary = instance(&mut stack, PostgresVersion::V17);
    let tier = SqlTier::custom(2, 7680);
    let replica = SqlInstance::public(name!("shop-reports"), PostgresVersion::V17, tier);
    let replica = stack.add(replica.replica_of(primary));
    stack.add(SqlDatabase::new(name!("orders"), replica));
    stack.add(SqlUser::built_in("shop", replica, Secret::supplied("shop-db")));
    let problems = graph::build(stack).err().expect("problems");
    let told = problems.iter().filter(|p| p.to_string().contains("nothing can be written")).count();
    assert_eq!(told, 2, "{problems:#?}");
}

#[test]
fn what_is_needed_is_made_first() {
    let graph = built(shop(Secret::generated("shop-db")));
    let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &Options::default());
    let plan = plan.expect("a plan");
    let place = |address: &str| {
        let step = plan.steps.iter().position(|step| step.address == address);
        step.unwrap_or_else(|| panic!("{address} is not in {:?}", plan.steps.len()))
    };
    assert!(plan.steps.iter().all(|step| step.action == Action::Create));
    for (first, then) in [
        ("service_connection.shop", "sql_instance.shop"),
        ("sql_instance.shop", "sql_user.shop@app"),
        ("service_account.shop-run", "sql_user.shop-run"),
        ("sql_user.shop@app", "secret_version.database-url"),
        ("sql_database.orders", "secret_version.database-url"),
    ] {
        assert!(place(first) < place(then), "{first} before {then}");
    }
}

#[test]
fn a_database_is_found_by_a_url_that_nobody_sees() {
    let graph = built(shop(Secret::generated("shop-db")));
    let module = json(&module(&graph, Syntax::Json));
    let version = |name: &str| &module["resource"]["google_secret_manager_secret_version"][name];
    let named = "postgresql://${urlencode(\"shop@app\")}:${urlencode(var.shop_db)}@";
    let instance = "google_sql_database_instance.shop";
    let database = "${google_sql_database.orders.name}";
    assert_eq!(
        version("database-url")["secret_data_wo"],
        format!("{named}/{database}?host=/cloudsql/${{{instance}.connection_name}}")
    );
    assert_eq!(
        version("reports-url")["secret_data_wo"],
        format!("{named}${{{instance}.first_ip_address}}:5432/{database}?sslmode=require")
    );
    // Terraform has no attribute for an account's name in a database, which is known beforehand.
    let user = &module["resource"]["google_sql_user"]["shop-run"];
    assert_eq!(user["name"], "shop-run@example-project.iam");
    // The network is named, and its connection waited for.
    let instance = &module["resource"]["google_sql_database_instance"]["shop"];
    let waits = instance["depends_on"].as_array().expect("what it waits for");
    assert!(
        waits.iter().any(|one| one == "google_service_networking_connection.shop"),
        "{waits:?}"
    );

    let graph = built(shop(Secret::new(CANARY)));
    let estate = Estate::as_applied(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let state = plan::record(&graph, &estate, Salt::new("salt"), 1);
    let plan = plan::plan(&graph, &Estate::empty(), &state, &Options::default()).expect("a plan");
    let told = report::to_json(&plan, &report::Options::default()).expect("a report");
    assert!(told.contains("database-url") && !told.contains(CANARY), "{told}");
    let applied = plan::plan(&graph, &estate, &state, &Options::default()).expect("a plan");
    assert!(applied.steps.is_empty(), "{:#?}", applied.steps);
}

#[test]
fn a_password_that_terraform_would_keep_is_refused() {
    let with = |secret: Option<Secret>| -> Vec<Diagnostic> {
        let mut stack = examples::stack();
        let tier = SqlTier::custom(2, 7680);
        let mut instance = SqlInstance::public(name!("shop"), PostgresVersion::V17, tier);
        if let Some(secret) = secret {
            instance = instance.root_password(secret);
        }
        stack.add(instance);
        terraform::emit(&built(stack), &terraform::Options::default()).err().unwrap_or_default()
    };
    assert!(with(None).is_empty());
    let refused = with(Some(Secret::generated("root")));
    assert!(
        refused.iter().any(|problem| problem.message.contains("root_password")),
        "{refused:#?}"
    );
}

#[test]
fn a_version_past_its_end_of_life_is_told() {
    let of = |version| {
        let mut stack = examples::stack();
        instance(&mut stack, version);
        warnings(&built(stack)).contains(&"end-of-life-version")
    };
    assert!(!of(PostgresVersion::V15));
    assert!(of(PostgresVersion::end_of_life("12", "the reporting tool knows no newer one")));
}
