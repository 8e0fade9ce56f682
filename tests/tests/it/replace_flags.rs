//! What replaces a resource: every type against the Terraform provider's own facts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::json;
use xat_infra::azure::prelude::*;
use xat_infra::catalog;
use xat_infra::plan::Action;
use xat_infra::schema::ResourceType;
use xat_tests::force_new::{self, Facts};

use crate::scenarios::{actions, from_to, graph, only, step};

fn types() -> impl Iterator<Item = &'static ResourceType> {
    catalog::types().into_iter().map(|registered| (registered.ty)())
}

#[test]
fn every_type_replaces_what_terraform_replaces() {
    let facts = force_new::kept();
    let covered = types().filter(|ty| facts.contains_key(ty.terraform)).count();
    assert!(covered > 40, "{covered}");
    let found: BTreeSet<(String, String, bool)> = types()
        .flat_map(|ty| force_new::differences(ty, &facts))
        .map(|one| (one.slug.to_owned(), one.property, one.ours))
        .collect();
    let reviewed = force_new::reviewed().unwrap();
    let new: Vec<_> = found.difference(&reviewed).collect();
    assert!(new.is_empty(), "decide by the provider's reference, or review: {new:#?}");
    let gone: Vec<_> = reviewed.difference(&found).collect();
    assert!(gone.is_empty(), "no longer a difference: {gone:#?}");
}

/// A flag too many, one too few, and one inside a block.
#[test]
fn planted_differences_are_noticed() {
    let ty = types().find(|ty| ty.slug == "resource_group").unwrap();
    let of = |attributes: &str| {
        let facts: Facts = force_new::parse(&format!("azurerm_resource_group {attributes}"));
        let all = force_new::differences(ty, &facts);
        all.into_iter().map(|one| (one.property, one.ours)).collect::<Vec<_>>()
    };
    assert_eq!(of("location managed_by"), []);
    assert_eq!(of("managed_by"), [("location".to_owned(), true)]);
    assert_eq!(of("location managed_by tags"), [("tags".to_owned(), false)]);
    let ty = types().find(|ty| ty.slug == "action_group").unwrap();
    let facts = force_new::parse(&format!("{} email_receiver.email_address", ty.terraform));
    let inner = force_new::differences(ty, &facts);
    assert!(inner.iter().any(|one| one.property == "email_receivers.address" && !one.ours));
}

/// The kept facts are what the program makes of the provider's flags.
#[test]
fn the_facts_are_the_providers() {
    let flags = json!({"b": {"y": {"force_new": true}, "x": {"default": 1}}, "a": {}});
    let text = force_new::from_flags("some", &flags);
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines, ["a", "b y"]);
    let Some(folder) = std::env::var_os("XAT_SCHEMAS").map(PathBuf::from) else {
        println!("the provider's flags are skipped: XAT_SCHEMAS does not say where they are");
        return;
    };
    let written = force_new::PROVIDERS.iter().flat_map(|provider| {
        let flags = folder.join(format!("{provider}-flags.json"));
        let flags = std::fs::read_to_string(flags).unwrap();
        force_new::parse(&force_new::from_flags(provider, &serde_json::from_str(&flags).unwrap()))
    });
    let written: Facts = written.collect();
    assert!(written == force_new::kept(), "run force-new-facts again");
}

/// A block that replaces does so by being there or not; what is in it speaks for itself.
#[test]
fn a_fixed_block_is_told_from_what_is_in_it() {
    let server = |cluster: Option<ElasticCluster>| {
        graph(move |stack, group| {
            let server = FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17);
            stack.add(match cluster.clone() {
                Some(cluster) => server.cluster(cluster),
                None => server,
            });
        })
    };
    let of = |from, to| only(&from_to(&server(from), &server(to))).action;
    let two = ElasticCluster::new(2);
    assert_eq!(of(None, Some(two.clone())), Action::Replace);
    assert_eq!(of(Some(two.clone()), Some(ElasticCluster::new(4))), Action::Update);
    let other = two.clone().default_database("orders");
    assert_eq!(of(Some(two), Some(other)), Action::Replace);
}

/// Another address makes another inbound endpoint.
#[test]
fn an_inbound_endpoint_keeps_its_address() {
    let endpoint = |address: Option<&'static str>| {
        graph(move |stack, group| {
            let net = VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16"));
            let net = stack.add(net);
            let range = cidr!("10.20.1.0/28");
            let subnet = Subnet::delegated_to(DnsResolvers, name!("dns"), net, range);
            let subnet = stack.add(subnet);
            let resolver = PrivateDnsResolver::new(name!("demo-dns"), group, net);
            let resolver = stack.add(resolver);
            let of = name!("in");
            stack.add(match address {
                Some(address) => PrivateDnsInboundEndpoint::at(of, resolver, subnet, address),
                None => PrivateDnsInboundEndpoint::new(of, resolver, subnet),
            });
        })
    };
    let plan = from_to(&endpoint(None), &endpoint(Some("10.20.1.4")));
    assert_eq!(actions(&plan), [("private_dns_inbound_endpoint.in", Action::Replace)]);
}

/// A vault follows its subscription into another tenant.
#[test]
fn a_vault_changes_its_tenant_in_place() {
    let vault = |tenant: &'static str| {
        graph(move |stack, group| {
            stack.add(KeyVault::new(name!("demo-kv"), group).tenant(tenant));
        })
    };
    let [old, new] =
        ["5a1e0000-0000-4000-8000-000000000002", "5a1e0000-0000-4000-8000-000000000003"];
    assert_eq!(
        step(&from_to(&vault(old), &vault(new)), "key_vault.demo-kv").action,
        Action::Update
    );
}

/// A secret is kept elsewhere by being made anew, which loses its versions and is refused without leave.
#[test]
fn a_secret_does_not_move() {
    use xat_infra::gcp::{Location, SecretManagerSecret, SecretReplica};
    let secret = |locations: &[Location]| {
        let mut stack = xat_tests::examples::stack();
        let replicas = locations.iter().cloned().map(SecretReplica::new);
        stack.add(SecretManagerSecret::new(name!("session-key")).replicas(replicas));
        crate::provocations::built(stack)
    };
    let (one, other) = (Location::EUROPE_WEST1, Location::EUROPE_WEST4);
    let of = |from: &[Location], to: &[Location]| only(&from_to(&secret(from), &secret(to))).action;
    assert_eq!(of(std::slice::from_ref(&one), std::slice::from_ref(&other)), Action::Replace);
    assert_eq!(of(std::slice::from_ref(&one), &[one.clone(), other]), Action::Replace);
}
