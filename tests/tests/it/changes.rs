//! More of the planner's promises: properties that change, drift or go, and how far a change reaches.

use serde_json::json;
use xat_infra::azure::VaultNetworkRules;
use xat_infra::azure::prelude::*;
use xat_infra::graph;
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action, Options};
use xat_infra::schema::Danger;
use xat_infra::state::State;
use xat_tests::thing::Thing;

use crate::scenarios::{actions, applied, from_to, graph, only, planned, shown, step, touched};

#[test]
fn drift_is_told_from_a_change_of_the_stack() {
    let thing = |size: u32| {
        graph(move |stack, group| {
            stack.add(Thing::new(name!("first"), group).size(size));
        })
    };
    let before = thing(2);
    let (estate, state) = applied(&before);
    let drifted = touched(&before, "thing.first", |body| body["properties"]["size"] = json!(9));
    let plan = planned(&before, &drifted, &state);
    assert_eq!(shown(&only(&plan).changes[0]), ("size", Some("9"), Some("2")));
    assert!(only(&plan).changes[0].drifted);
    let plan = planned(&thing(3), &estate, &state);
    assert!(!only(&plan).changes[0].drifted);
    // What nobody declared may be anything.
    let unmanaged =
        touched(&before, "thing.first", |body| body["properties"]["notes"] = json!("x"));
    assert!(planned(&before, &unmanaged, &state).steps.is_empty());
}

#[test]
fn opening_to_the_world_is_an_exposure_and_closing_is_not() {
    let thing = |open: bool| {
        graph(move |stack, group| {
            stack.add(Thing::new(name!("first"), group).public_access(open));
        })
    };
    assert_eq!(only(&from_to(&thing(false), &thing(true))).danger, Danger::Exposure);
    assert_eq!(only(&from_to(&thing(true), &thing(false))).danger, Danger::None);
    let plan = planned(&thing(true), &Estate::empty(), &State::empty());
    assert_eq!(step(&plan, "thing.first").danger, Danger::Exposure, "born open");
}

#[test]
fn a_replacement_takes_with_it_only_what_cannot_stay() {
    let things = |sku: &'static str| {
        graph(move |stack, group| {
            let first = stack.add(Thing::new(name!("first"), group).sku(sku));
            stack.add(Thing::new(name!("anchored"), group).anchor(first));
            stack.add(Thing::new(name!("peer"), group).peer(first));
            stack.add(Thing::new(name!("noted"), group).notes(text!("{}", first.token())));
            stack.add(Thing::new(name!("later"), group).depends_on(first));
        })
    };
    let plan = from_to(&things("a"), &things("b"));
    let expected = [
        ("thing.first", Action::Replace),
        ("thing.anchored", Action::Replace),
        ("thing.noted", Action::Update),
    ];
    assert_eq!(actions(&plan), expected);
    let first = step(&plan, "thing.first").id;
    for address in ["thing.anchored", "thing.noted"] {
        assert_eq!(step(&plan, address).after, [first]);
    }
    assert!(step(&plan, "thing.noted").changes[0].known_after_apply);
    assert!(step(&plan, "thing.anchored").because.iter().any(|why| why.contains("`first`")));
}

#[test]
fn a_replaced_network_takes_its_subnets_and_the_server_in_them() {
    let estate = |region: Region| {
        graph(move |stack, group| {
            let net = VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16"));
            let net = stack.add(net.location(region));
            let data = Subnet::delegated_to(
                PostgresFlexibleServers,
                name!("data"),
                net,
                cidr!("10.20.1.0/24"),
            );
            let data = stack.add(data);
            let zone = name!("demo.private.postgres.database.azure.com");
            let zone = stack.add(PrivateDnsZone::new(zone, group));
            let link = stack.add(PrivateDnsZoneLink::new(name!("demo-net"), zone, net));
            let server =
                FlexibleServer::private(name!("demo-pg"), group, PgVersion::V17, data, link);
            stack.add(server);
        })
    };
    let plan = from_to(&estate(Region::WestEurope), &estate(Region::NorthEurope));
    for address in ["virtual_network.demo-net", "subnet.data", "flexible_server.demo-pg"] {
        let step = step(&plan, address);
        assert_eq!((step.action, step.danger), (Action::Replace, Danger::DataLoss), "{address}");
        let refused = step.refused.as_ref().expect("the server holds data");
        assert_eq!(refused.code, "refused-data-loss");
        let help = &refused.help;
        assert!(help.contains("DataLoss::of(\"demo-pg\""), "{address}: {help}");
    }
    assert!(plan.steps.iter().all(|step| step.address != "private_dns_zone.demo"));
}

#[test]
fn a_target_brings_what_it_waits_for_and_nothing_else() {
    let graph = graph(|stack, group| {
        let first = stack.add(Thing::new(name!("first"), group));
        stack.add(Thing::new(name!("second"), group).peer(first));
        stack.add(Thing::new(name!("third"), group).peer(first));
    });
    let options = Options { targets: vec!["thing.second".into()], ..Options::default() };
    let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &options).expect("a plan");
    let addresses: Vec<&str> = plan.steps.iter().map(|step| step.address.as_str()).collect();
    assert_eq!(addresses, ["resource_group.demo-rg", "thing.first", "thing.second"]);
    // Nothing is deleted for a target's sake.
    let (estate, state) = applied(&graph);
    let less = crate::scenarios::graph(|stack, group| {
        stack.add(Thing::new(name!("second"), group).size(2));
    });
    let plan = plan::plan(&less, &estate, &state, &options).expect("a plan");
    assert_eq!(actions(&plan), [("thing.second", Action::Update)]);
}

#[test]
fn what_nobody_manages_is_listed_without_its_values() {
    let graph = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group).size(2));
    });
    let (_, state) = applied(&graph);
    let estate = touched(&graph, "thing.first", |body| {
        body["properties"]["hidden"] = json!({"password": "hunter2-CANARY"});
        body["properties"]["list"] = json!(["hunter2-CANARY"]);
    });
    let options = Options { unmanaged: true, ..Options::default() };
    let plan = plan::plan(&graph, &estate, &state, &options).expect("a plan");
    assert!(plan.steps.is_empty());
    let paths: Vec<&String> = plan.unmanaged.iter().flat_map(|found| &found.paths).collect();
    assert!(paths.iter().any(|path| **path == "properties.hidden.password"), "{paths:?}");
    assert!(paths.iter().any(|path| **path == "properties.list"), "{paths:?}");
    assert!(!format!("{plan:?}").contains("CANARY"));
    // Unasked, nothing of it is there.
    assert!(planned(&graph, &estate, &state).unmanaged.is_empty());
}

#[test]
fn what_exists_is_adopted_as_it_is_or_brought_in_line() {
    let before = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group).size(2).password(Secret::new("CANARY")));
    });
    let (estate, _) = applied(&before);
    let plan = planned(&before, &estate, &State::empty());
    assert!(plan.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", plan.steps);
    let because = &step(&plan, "thing.first").because;
    assert!(because.iter().any(|why| why.contains("cannot be read back")), "{because:?}");
    let after = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group).size(3));
    });
    let plan = planned(&after, &estate, &State::empty());
    let step = step(&plan, "thing.first");
    assert_eq!(step.action, Action::Update);
    assert!(step.because.iter().any(|why| why.contains("adopted")), "{:?}", step.because);
    assert!(step.changes.iter().all(|change| !change.drifted), "there is nothing to drift from");
}

#[test]
fn what_is_no_longer_declared_goes_back_to_the_service_default() {
    let before = graph(|stack, group| {
        let thing = Thing::new(name!("first"), group).size(5).tag("a", "1").tag("b", "2");
        stack.add(thing.setting("KEY", "value"));
    });
    let after = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group).tag("a", "1"));
    });
    let plan = from_to(&before, &after);
    let changes: Vec<_> = only(&plan).changes.iter().map(shown).collect();
    let expected =
        [("settings.KEY", None, None), ("size", Some("5"), Some("1")), ("tags.b", Some("2"), None)];
    assert_eq!(changes, expected);
    // What somebody else set is not ours to take back.
    let (_, state) = applied(&after);
    let estate = touched(&after, "thing.first", |body| body["properties"]["size"] = json!(7));
    assert!(planned(&after, &estate, &state).steps.is_empty());
}

#[test]
fn tags_of_the_stack_are_on_everything_and_the_resource_wins() {
    let tagged = |owner: Option<&'static str>| {
        let mut stack = Stack::new("demo").subscription("5a1e0000-0000-4000-8000-000000000001");
        if let Some(owner) = owner {
            stack = stack.tag("owner", owner);
        }
        let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
        stack.add(Thing::new(name!("first"), group).tag("tier", "web"));
        stack.add(Thing::new(name!("second"), group).tag("owner", "data"));
        graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
    };
    let plan = from_to(&tagged(None), &tagged(Some("platform")));
    let expected = [("resource_group.demo-rg", Action::Update), ("thing.first", Action::Update)];
    assert_eq!(actions(&plan), expected);
    for step in &plan.steps {
        let changes: Vec<_> = step.changes.iter().map(shown).collect();
        assert_eq!(changes, [("tags.owner", None, Some("platform"))]);
        assert_eq!(step.danger, Danger::Cosmetic);
    }
}

#[test]
fn raw_extras_are_compared_leaf_by_leaf() {
    let thing = |level: &'static str| {
        graph(move |stack, group| {
            let thing = Thing::new(name!("first"), group).raw("properties.extra.level", level);
            stack.add(thing.raw("properties.extra.on", true));
        })
    };
    let plan = from_to(&thing("low"), &thing("high"));
    let step = only(&plan);
    assert_eq!(step.action, Action::Update);
    let changes: Vec<_> = step.changes.iter().map(shown).collect();
    assert_eq!(changes, [("properties.extra.level", Some("low"), Some("high"))]);
    let without = graph(|stack, group| {
        stack.add(Thing::new(name!("first"), group));
    });
    let created: Vec<_> =
        from_to(&without, &thing("low")).steps[0].changes.iter().map(|c| c.path.clone()).collect();
    assert_eq!(created, ["properties.extra.level", "properties.extra.on"]);
}

#[test]
fn blocks_change_by_their_leaves() {
    let vault = |rules: VaultNetworkRules| {
        graph(move |stack, group| {
            stack.add(KeyVault::new(name!("demo-kv"), group).network_rules(rules));
        })
    };
    let rules = || VaultNetworkRules::new().ip_rule("203.0.113.7");
    let plan = from_to(&vault(rules()), &vault(rules().bypass(Bypass::None)));
    let changes: Vec<_> = only(&plan).changes.iter().map(shown).collect();
    assert_eq!(changes, [("network_rules.bypass", Some("AzureServices"), Some("None"))]);
}

/// Secrets are compared by their hashes: another name is another secret, the same one is nothing.
#[test]
fn a_secret_changes_without_being_shown() {
    let thing = |name: &'static str| {
        graph(move |stack, group| {
            stack.add(Thing::new(name!("first"), group).password(Secret::generated(name)));
        })
    };
    let plan = from_to(&thing("one"), &thing("two"));
    let change = &only(&plan).changes[0];
    assert!(change.secret && !change.known_after_apply);
    assert_eq!(shown(change), ("password", None, None));
}

/// A single leaf of a block that is no longer declared goes back too; the rest of the block stays as it is.
#[test]
fn a_leaf_of_a_block_is_given_back() {
    let vault = |addresses: &'static [&'static str]| {
        graph(move |stack, group| {
            let mut rules = VaultNetworkRules::new();
            for address in addresses {
                rules = rules.ip_rule(*address);
            }
            stack.add(KeyVault::new(name!("demo-kv"), group).network_rules(rules));
        })
    };
    let plan = from_to(&vault(&["203.0.113.7"]), &vault(&[]));
    let changes: Vec<&str> =
        only(&plan).changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changes, ["network_rules.ip_rules"]);
    assert!(only(&plan).changes[0].after.is_none());
}

/// An apply was cut off between making the new one and deleting the old one: the plan goes on where it stopped.
#[test]
fn a_replacement_that_was_cut_off_is_finished() {
    let thing = |name: &'static str| {
        graph(move |stack, group| {
            let thing = Thing::new(Name::new(name), group).key("only").create_before_destroy();
            stack.add(thing);
        })
    };
    let (old, new) = (thing("first"), thing("second"));
    let (_, state) = applied(&old);
    let mut both = xat_infra::live::model::applied(&old);
    let more = xat_infra::live::model::applied(&new);
    let body = more["resources"].as_array().unwrap().last().unwrap().clone();
    both["resources"].as_array_mut().unwrap().push(body);
    let both = Estate::from_text("both.json", both.to_string()).unwrap();
    let plan = planned(&new, &both, &state);
    assert_eq!(actions(&plan), [("thing.only", Action::ReplaceCreateFirst)]);
    assert!(only(&plan).because.iter().any(|why| why.contains("still to be deleted")));
}
