//! Ways to every diagnostic: small stacks, estates and states with one thing wrong in each.

use serde_json::{Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::{self, Graph};
use xat_infra::lint;
use xat_infra::live::{Estate, Fault, model};
use xat_infra::plan::{self, Options};
use xat_infra::state::{Salt, State};
use xat_tests::thing::Thing;

use crate::live;

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("provocations.rs");

const SUBSCRIPTION: &str = "5a1e0000-0000-4000-8000-000000000001";
const TENANT: &str = "5a1e0000-0000-4000-8000-000000000002";

/// One way to a diagnostic.
pub(crate) struct Case {
    pub(crate) code: &'static str,
    pub(crate) what: &'static str,
    pub(crate) provoke: fn() -> Vec<Diagnostic>,
}

pub(crate) const fn case(
    code: &'static str,
    what: &'static str,
    provoke: fn() -> Vec<Diagnostic>,
) -> Case {
    Case { code, what, provoke }
}

fn blank() -> Stack {
    Stack::new("demo").subscription(SUBSCRIPTION).tenant(TENANT)
}

pub(crate) fn grouped() -> (Stack, Handle<ResourceGroup>) {
    let mut stack = blank();
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    (stack, group)
}

pub(crate) fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn bad_build(stack: Stack) -> Vec<Diagnostic> {
    graph::build(stack).err().expect("a stack with something wrong in it")
}

fn linted(stack: Stack) -> Vec<Diagnostic> {
    lint::lint(&built(stack))
}

/// The plan's own diagnostics, or those that stand in its place.
fn planned(graph: &Graph, estate: &Estate, state: &State, options: &Options) -> Vec<Diagnostic> {
    match plan::plan(graph, estate, state, options) {
        Ok(plan) => plan.diagnostics,
        Err(problems) => problems,
    }
}

/// What planning `after` says once `before` was applied.
fn from_to(before: Stack, after: Stack) -> Vec<Diagnostic> {
    let before = built(before);
    let estate = Estate::as_applied(&before).expect("the model reads");
    let state = plan::record(&before, &estate, Salt::new("salt"), 1);
    planned(&built(after), &estate, &state, &Options::default())
}

/// What planning a stack says against its own bodies with one of them damaged.
fn damaged(stack: Stack, address: &str, damage: fn(&mut Json)) -> Vec<Diagnostic> {
    let graph = built(stack);
    let mut bodies = model::applied(&graph);
    let id = &graph.nodes[graph.at(address).expect("the resource") as usize].id;
    let body = bodies["resources"].as_array_mut().expect("bodies").iter_mut();
    damage(body.into_iter().find(|body| body["id"] == **id).expect("its body"));
    let text = serde_json::to_string_pretty(&bodies).expect("bodies are JSON");
    let estate = Estate::from_text("estate.json", text).expect("the estate reads");
    planned(&graph, &estate, &State::empty(), &Options::default())
}

fn estate(text: &str) -> Vec<Diagnostic> {
    Estate::from_text("estate.json", text.to_owned())
        .err()
        .expect("an estate with something wrong in it")
}

fn state(text: &str) -> Vec<Diagnostic> {
    State::from_text("state.json", text).expect_err("a state with something wrong in it")
}

fn target(address: &str) -> Vec<Diagnostic> {
    let (mut before, group) = grouped();
    before.add(Thing::new(name!("gone"), group));
    let before = built(before);
    let state = plan::record(&before, &Estate::empty(), Salt::new("salt"), 1);
    let (mut stack, group) = grouped();
    stack.add(Thing::new(name!("first"), group));
    let options = Options { targets: vec![address.to_owned()], ..Options::default() };
    planned(&built(stack), &Estate::empty(), &state, &options)
}

fn network(ranges: &[(&'static str, &'static str)]) -> Stack {
    let (mut stack, group) = grouped();
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    for (name, range) in ranges {
        let range: Cidr = range.parse().expect("a range");
        stack.add(Subnet::new(Name::new(*name), net, range));
    }
    stack
}

pub(crate) fn vault(days: u16) -> Stack {
    let (mut stack, group) = grouped();
    stack.add(KeyVault::new(name!("demo-kv"), group).soft_delete_retention(azure_days(days)));
    stack
}

fn azure_days(days: u16) -> xat_infra::azure::Retention {
    xat_infra::azure::Retention::days(days)
}

fn protected(sku: &'static str) -> Stack {
    let (mut stack, group) = grouped();
    stack.add(Thing::new(name!("first"), group).sku(sku).protect());
    stack
}

const GROUP: &str = "/subscriptions/s/resourceGroups/elsewhere";

/// All of them, by code.
pub(crate) static CASES: &[Case] = &[
    case("ambiguous-live", "two live ones of one name", || {
        let mut stack = xat_infra::gcp::GoogleScope::project(Stack::new("demo"), "demo-project");
        let channel = xat_infra::gcp::NotificationChannel::email;
        stack.add(channel(Name::new("On call"), "on-call@example.com"));
        let graph = built(stack);
        let mut bodies = model::applied(&graph);
        let mut twin = bodies["resources"][0].clone();
        let name = twin["name"].as_str().expect("a name").rsplit_once('/').expect("a path").0;
        twin["name"] = format!("{name}/2").into();
        bodies["resources"].as_array_mut().expect("bodies").push(twin);
        let text = serde_json::to_string_pretty(&bodies).expect("bodies are JSON");
        let estate = Estate::from_text("estate.json", text).expect("the estate reads");
        planned(&graph, &estate, &State::empty(), &Options::default())
    }),
    case("ambiguous-move", "two say that they were one", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group).was("old"));
        stack.add(Thing::new(name!("second"), group).was("old"));
        planned(&built(stack), &Estate::empty(), &State::empty(), &Options::default())
    }),
    case("ambiguous-move", "the old key is still in use", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group).was("old"));
        stack.add(Thing::new(name!("old"), group));
        planned(&built(stack), &Estate::empty(), &State::empty(), &Options::default())
    }),
    case("body-mismatch", "an object where a number is", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group).size(3));
        damaged(stack, "thing.first", |body| body["properties"]["size"] = json!({"a": 1}))
    }),
    case("body-mismatch", "a codec's word that does not exist", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group));
        damaged(stack, "thing.first", |body| body["properties"]["publicAccess"] = json!("Maybe"))
    }),
    case("body-mismatch", "inside a block", || {
        let (mut stack, group) = grouped();
        let rules = xat_infra::azure::VaultNetworkRules::new();
        stack.add(KeyVault::new(name!("demo-kv"), group).network_rules(rules));
        damaged(stack, "key_vault.demo-kv", |body| {
            body["properties"]["networkAcls"]["bypass"] = json!([1]);
        })
    }),
    case("body-mismatch", "a body of another type", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group));
        damaged(stack, "thing.first", |body| body["type"] = json!("Test.Things/others"))
    }),
    case("cannot-create-first", "the name stays", || {
        let stack = |sku: &'static str| {
            let (mut stack, group) = grouped();
            stack.add(Thing::new(name!("first"), group).sku(sku).create_before_destroy());
            stack
        };
        from_to(stack("small"), stack("big"))
    }),
    case("dangling-reference", "a property, an order, a raw value, a secret", || {
        let (mut other, other_group) = grouped();
        let foreign = other.add(Thing::new(name!("foreign"), other_group));
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group).peer(foreign));
        stack.add(Thing::new(name!("second"), group).depends_on(foreign));
        stack.add(
            Thing::new(name!("third"), group).raw("properties.x", Text::from(foreign.token())),
        );
        bad_build(stack)
    }),
    case("duplicate-address", "two of one name", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group));
        let other = stack.add(ResourceGroup::new(name!("other-rg"), Region::WestEurope));
        stack.add(Thing::new(name!("first"), other));
        bad_build(stack)
    }),
    case("duplicate-identity", "two keys for one resource", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group));
        stack.add(Thing::new(name!("First"), group).key("second"));
        bad_build(stack)
    }),
    case("empty-reason", "a rule set aside", || {
        let (mut stack, group) = grouped();
        stack.add(Thing::new(name!("first"), group).allow("outside-network", " "));
        bad_build(stack)
    }),
    case("empty-reason", "a replacement", || {
        let (mut stack, group) = grouped();
        let leave = DataLoss::of("demo-kv", "");
        stack.add(KeyVault::new(name!("demo-kv"), group).allow_replace(leave));
        bad_build(stack)
    }),
    case("empty-reason", "a deletion", || {
        let (mut stack, _) = grouped();
        stack.allow_delete(DataLoss::of("demo-kv", ""));
        bad_build(stack)
    }),
    case("end-of-life-version", "a version with a reason", || {
        let (mut stack, group) = grouped();
        let version = PgVersion::end_of_life("11", "the supplier's product knows no newer one");
        stack.add(FlexibleServer::public(name!("demo-pg"), group, version));
        built(stack).warnings
    }),
    case("estate-duplicate", "one ID twice", || {
        estate("[\n  {\"id\": \"/a/b\"},\n  {\"id\": \"/A/b\"}\n]")
    }),
    case("estate-malformed", "no JSON", || estate("resources: []")),
    case("estate-malformed", "nothing", || estate("")),
    case("estate-malformed", "cut off", || estate("[\n  {\"id\": \"/a\"},\n  {\"id\":")),
    case("estate-malformed", "another format", || {
        estate("{\"format\": \"xat-estate/9\", \"resources\": []}")
    }),
    case("estate-malformed", "no resources", || estate("{\"format\": \"xat-estate/1\"}")),
    case("estate-malformed", "a body without an ID", || {
        estate("[\n  {\"id\": \"/a\"},\n  {\"name\": \"b\"}\n]")
    }),
    case("estate-malformed", "a body that is none", || estate("[\n  {\"id\": 7},\n  \"text\"\n]")),
    case("estate-unreadable", "no such file", || {
        Estate::read("no-such-estate.json".as_ref()).err().expect("there is no such file")
    }),
    case("estate-unreadable", "an empty folder", || {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("empty-folder");
        std::fs::create_dir(&path).expect("a folder");
        let mut found = Estate::read(&path).err().expect("nothing is in it");
        let full = path.display().to_string();
        for diagnostic in &mut found {
            diagnostic.message = diagnostic.message.replace(&full, "empty-folder");
        }
        found
    }),
    case("invalid-name", "a name made while running", || {
        let (mut stack, group) = grouped();
        stack.add(KeyVault::new(Name::new("demo_kv"), group));
        bad_build(stack)
    }),
    case("live-forbidden", "a vault that may not be read", || {
        live::provoke(Fault::Forbidden, "403 AuthorizationFailed: no leave")
    }),
    case("live-unauthenticated", "nobody is signed in", || {
        live::provoke(Fault::Unauthenticated, "please run az login")
    }),
    case("live-unreachable", "nothing listens there", || {
        live::provoke(Fault::Unreachable, "connection refused")
    }),
    case("live-unreadable", "a server that stays busy", || {
        live::provoke(Fault::Busy, "503 ServiceUnavailable")
    }),
    case("live-unreadable", "a refusal", || {
        live::provoke(Fault::Refused, "400 InvalidApiVersion: no such version")
    }),
    case("invalid-output", "a name that is no word", || {
        let (mut stack, group) = grouped();
        stack.output("the name", group.name());
        bad_build(stack)
    }),
    case("invalid-output", "one name twice", || {
        let (mut stack, group) = grouped();
        stack.output("name", group.name());
        stack.output("Name", group.id());
        bad_build(stack)
    }),
    case("missing-parameter", "no subscription", || {
        let mut stack = Stack::new("demo");
        stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
        bad_build(stack)
    }),
    case("missing-parameter", "no tenant", || {
        let mut stack = Stack::new("demo").subscription(SUBSCRIPTION);
        let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
        stack.add(KeyVault::new(name!("demo-kv"), group));
        bad_build(stack)
    }),
    case("missing-parameter", "no region", || {
        let mut stack = blank();
        let group = Ref::<ResourceGroup>::existing(GROUP);
        stack.add(Thing::new(name!("first"), group));
        bad_build(stack)
    }),
    case("outside-network", "a subnet next door", || linted(network(&[("apps", "10.21.1.0/24")]))),
    case("overlapping-subnets", "one inside the other", || {
        linted(network(&[("apps", "10.20.0.0/22"), ("data", "10.20.1.0/24")]))
    }),
    case("provider-limit", "a retention that is too long", || bad_build(vault(100))),
    case("refused-data-loss", "a replacement", || from_to(vault(30), vault(40))),
    case("refused-data-loss", "a deletion", || from_to(vault(30), grouped().0)),
    case("refused-data-loss", "what it contains goes with it", || {
        let stack = |region| {
            let mut stack = blank();
            let group = stack.add(ResourceGroup::new(name!("demo-rg"), region));
            let place = Region::WestEurope;
            stack.add(KeyVault::new(name!("demo-kv"), group).location(place));
            stack
        };
        from_to(stack(Region::WestEurope), stack(Region::NorthEurope))
    }),
    case("refused-protected", "a replacement", || from_to(protected("small"), protected("big"))),
    case("refused-protected", "a deletion", || from_to(protected("small"), grouped().0)),
    case("refused-protected", "protection taken off in the same change", || {
        let (mut after, group) = grouped();
        after.add(Thing::new(name!("first"), group).sku("big"));
        from_to(protected("small"), after)
    }),
    case("state-malformed", "no JSON", || state("what")),
    case("state-malformed", "cut off", || {
        let text = State::empty().to_text().expect("a state is text");
        state(&text[..text.len() / 2])
    }),
    case("state-malformed", "something else", || state("{\"format\": \"terraform\"}")),
    case("state-malformed", "no format", || state("{\"resources\": []}")),
    case("state-malformed", "an unknown field", || {
        let text = State::empty().to_text().expect("a state is text");
        state(&text.replacen("\"serial\"", "\"colour\": 1,\n  \"serial\"", 1))
    }),
    case("state-newer", "version 2", || state("{\"format\": \"xat-state/2\"}")),
    case("state-other-stack", "another's", || {
        let state = State { stack: "other".into(), ..State::empty() };
        planned(&built(grouped().0), &Estate::empty(), &state, &Options::default())
    }),
    case("state-unreadable", "a folder", || {
        let folder = tempfile::tempdir().expect("a folder");
        let mut found = State::load(folder.path()).expect_err("a folder is no state");
        for diagnostic in &mut found {
            let full = folder.path().display().to_string();
            diagnostic.message = diagnostic.message.replace(&full, "folder");
            // What the system says of it is the system's.
            let ours = diagnostic.message.split(": ").next().expect("a message").to_owned();
            diagnostic.message = format!("{ours}: (the system's own words)");
            diagnostic.labels[0].0.file = "folder".into();
        }
        found
    }),
    case("unknown-reference", "the password of a server elsewhere", || {
        let (mut stack, group) = grouped();
        let server = Ref::<FlexibleServer>::existing(format!("{GROUP}/providers/x/y/z"));
        let database = stack.add(PgDatabase::new(name!("app"), server));
        let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
        stack.add(VaultSecret::new(name!("url"), vault, database.url("app")));
        bad_build(stack)
    }),
    case("unknown-target", "nearly right", || target("thing.frist")),
    case("unknown-target", "nothing like it", || target("key_vault.entirely-other")),
    case("unknown-target", "no longer declared", || target("thing.gone")),
];
