//! Rules over databases, vaults, registries and storage that take two resources to see, and what becomes of them over time.

use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action, Options};
use xat_infra::state::Salt;

fn stack(fill: impl FnOnce(&mut Stack, Handle<ResourceGroup>)) -> Stack {
    let mut stack = Stack::new("demo").subscription("s").tenant("t");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    fill(&mut stack, group);
    stack
}

/// How often a stack is refused for the provider's limits; there is nothing else wrong with it.
fn refused(fill: impl FnOnce(&mut Stack, Handle<ResourceGroup>)) -> usize {
    let problems = graph::build(stack(fill)).err().unwrap_or_default();
    assert!(problems.iter().all(|problem| problem.code == "provider-limit"), "{problems:#?}");
    problems.len()
}

fn server(stack: &mut Stack, group: Handle<ResourceGroup>, sku: PgSku) -> Handle<FlexibleServer> {
    stack.add(FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17).sku(sku))
}

fn small() -> PgSku {
    PgSku::burstable(BurstableSize::B1ms)
}

#[test]
fn burstable_servers_have_no_pooler_and_no_backups_on_demand() {
    let pooled = |sku: PgSku| {
        refused(|stack, group| {
            let server = server(stack, group, sku);
            stack.add(PgConfiguration::pgbouncer(server, PgBouncer::Enabled(true)));
            stack.add(PgConfiguration::new(name!("lock_timeout"), server, 2000));
        })
    };
    assert_eq!((pooled(PgSku::general_purpose(2)), pooled(small())), (0, 1));
    let copied = |sku: PgSku| {
        refused(|stack, group| {
            let server = server(stack, group, sku);
            stack.add(PgBackup::new(name!("now"), server));
        })
    };
    assert_eq!((copied(PgSku::memory_optimized(2)), copied(small())), (0, 1));
}

#[test]
fn servers_off_the_internet_have_no_firewall() {
    let with = |public: bool| {
        refused(|stack, group| {
            let server = FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17);
            let server = stack.add(server.public_network_access(public));
            stack.add(PgFirewallRule::address(name!("vpn"), server, "203.0.113.7"));
        })
    };
    assert_eq!((with(true), with(false)), (0, 1));
}

#[test]
fn the_directory_must_be_let_in() {
    let with = |directory: bool| {
        refused(|stack, group| {
            let by = ServerAuthentication::new().directory(directory);
            let server = FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17);
            let server = stack.add(server.authentication(by));
            let id = name!("5a1e0000-0000-4000-8000-000000000003");
            stack.add(PgAdministrator::new(id, server, "dba", PgPrincipalType::Group));
        })
    };
    assert_eq!((with(true), with(false)), (0, 1));
}

#[test]
fn the_account_decides_what_can_be_opened() {
    let with = |open: bool| {
        refused(|stack, group| {
            let account = StorageAccount::new(name!("demofiles"), group, StorageSku::StandardZrs);
            let account = stack.add(account.public_blob_access(open));
            let site = StorageContainer::new(name!("site"), account);
            stack.add(site.public_access(PublicAccess::Blob));
        })
    };
    assert_eq!((with(true), with(false)), (0, 1));
}

#[test]
fn keys_in_hardware_are_premium() {
    let with = |sku: VaultSku| {
        refused(|stack, group| {
            let vault = stack.add(KeyVault::new(name!("demo-kv"), group).sku(sku));
            stack.add(VaultKey::rsa(name!("files"), vault, 2048).in_hardware());
        })
    };
    assert_eq!((with(VaultSku::Premium), with(VaultSku::Standard)), (0, 1));
}

#[test]
fn a_replication_is_in_another_region() {
    let to = |region: Region| {
        refused(|stack, group| {
            let registry = stack.add(ContainerRegistry::premium(name!("demoimages"), group));
            stack.add(RegistryReplication::new(name!("other"), registry, region));
        })
    };
    assert_eq!((to(Region::NorthEurope), to(Region::WestEurope)), (0, 1));
}

/// What is done once `before` was applied and the stack says `after`.
fn then(before: &Graph, after: &Graph) -> Vec<Action> {
    let estate = Estate::as_applied(before).unwrap();
    let state = plan::record(before, &estate, Salt::new("salt"), 1);
    let plan = plan::plan(after, &estate, &state, &Options::default()).unwrap();
    plan.steps.iter().map(|step| step.action).collect()
}

fn built(fill: impl FnOnce(&mut Stack, Handle<ResourceGroup>)) -> Graph {
    graph::build(stack(fill)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn an_origin_matters_once() {
    let with = |say: fn(FlexibleServer, ServerOrigin) -> FlexibleServer| {
        built(|stack, group| {
            let source = server(stack, group, PgSku::general_purpose(2));
            let follower = FlexibleServer::public(name!("new-pg"), group, PgVersion::V17);
            stack.add(say(follower, ServerOrigin::replica_of(source)));
        })
    };
    let applied = with(FlexibleServer::origin);
    assert_eq!(then(&applied, &applied), []);
    assert_eq!(then(&applied, &with(|server, _| server)), []);
    let promoted = with(|server, origin| server.origin(origin).promoted(PromoteOption::Planned));
    assert_eq!(then(&applied, &promoted), [Action::Update]);
}

#[test]
fn a_parameter_that_is_taken_out_stays() {
    let with = |said: bool| {
        built(|stack, group| {
            let server = server(stack, group, small());
            if said {
                stack.add(PgConfiguration::new(name!("lock_timeout"), server, 2000));
            }
        })
    };
    assert_eq!(then(&with(true), &with(false)), [Action::Forget]);
}
