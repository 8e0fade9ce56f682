//! Ways to the findings of rules over whole stacks, and stacks beside them at which the rules have nothing to find.

use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::lint;

use crate::provocations::{Case, built, case, grouped};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("provocations_lint.rs");

type Group = Handle<ResourceGroup>;

/// What the rules find in a stack.
fn found(declare: impl FnOnce(&mut Stack, Group)) -> Vec<Diagnostic> {
    let (mut stack, group) = grouped();
    declare(&mut stack, group);
    lint::lint(&built(stack))
}

/// The codes of what the rules find in a stack.
fn codes(declare: impl FnOnce(&mut Stack, Group)) -> Vec<&'static str> {
    found(declare).iter().map(|diagnostic| diagnostic.code).collect()
}

/// What gives an identity roles on a vault and a registry.
type Grant = fn(
    &mut Stack,
    Group,
    Handle<KeyVault>,
    Handle<ContainerRegistry<Premium>>,
    Handle<UserAssignedIdentity>,
);

/// A vault with a secret and a registry, and an application that may use them by the roles that `grant` gives to its
/// identity.
fn application(stack: &mut Stack, group: Group, grant: Grant) {
    let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
    let secret = VaultSecret::new(name!("key"), vault, Secret::generated("key"));
    let secret = stack.add(secret);
    let images = stack.add(ContainerRegistry::premium(name!("demoimages"), group).protect());
    let identity = stack.add(UserAssignedIdentity::new(name!("demo-id"), group));
    grant(stack, group, vault, images, identity);
    let plan = stack.add(AppServicePlan::linux(name!("demo-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(images, "demo", tag!("1"));
    let app = WebApp::container(name!("demo-app"), group, plan, image)
        .pull_as(identity)
        .references_as(identity)
        .secret_setting("KEY", secret);
    stack.add(app);
}

/// An endpoint of a vault, in a network that has an address range, and its zone, linked to the networks that `link` says.
fn endpoint(
    stack: &mut Stack,
    group: Group,
    link: fn(&mut Stack, Handle<PrivateDnsZone>, [Handle<VirtualNetwork>; 2]),
) {
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.0.0.0/16")));
    let other = stack.add(VirtualNetwork::new(name!("other-net"), group, cidr!("10.1.0.0/16")));
    let ends = stack.add(Subnet::new(name!("ends"), net, cidr!("10.0.1.0/24")));
    let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
    let zone = stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
    link(stack, zone, [net, other]);
    stack.add(PrivateEndpoint::to(name!("demo-kv-end"), group, ends, vault).dns_zone(zone));
}

fn peers(stack: &mut Stack, group: Group, range: Cidr) {
    let here = stack.add(VirtualNetwork::new(name!("here"), group, cidr!("10.0.0.0/16")));
    let there = stack.add(VirtualNetwork::new(name!("there"), group, range));
    stack.add(VirtualNetworkPeering::new(name!("to-there"), here, there));
}

fn watched(app: Group) -> MetricAlert {
    let criterion =
        MetricCriterion::above("Microsoft.Web/sites", "Http5xx", MetricAggregation::Total, 5.0);
    MetricAlert::on(name!("errors"), app, app, criterion)
}

/// A database of 100 connections, and a service of so many instances with four each.
fn crowded(instances: Option<u16>) -> Vec<Diagnostic> {
    use xat_infra::gcp::prelude::*;

    let mut stack = xat_tests::examples::stack();
    let tier = SqlTier::custom(1, 3840);
    let database =
        stack.add(SqlInstance::public(name!("shop"), PostgresVersion::V17, tier).protect());
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let image = RunImage::tag("europe-west4-docker.pkg.dev/shop/images/web", tag!("1"));
    let mut service = CloudRunService::new(name!("shop-web"), account)
        .container(RunContainer::of(image))
        .connects(database, 4);
    if let Some(most) = instances {
        service = service.most_instances(most);
    }
    stack.add(service);
    lint::lint(&built(stack))
}

/// What fits is not reported: 25 instances with four connections each, and 26 are too many.
#[test]
fn connections_are_counted() {
    assert!(crowded(Some(25)).is_empty());
    assert_eq!(crowded(Some(26)).len(), 1);
}

pub(crate) const CASES: &[Case] = &[
    case("missing-role", "an identity without any role", || {
        found(|stack, group| application(stack, group, |_, _, _, _, _| {}))
    }),
    case("missing-role", "a role that is not enough, and one over something else", || {
        found(|stack, group| {
            application(stack, group, |stack, _, vault, images, identity| {
                stack.add(RoleAssignment::new(Role::KeyVaultReader, vault, identity));
                stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, images, identity));
                stack.add(RoleAssignment::new(Role::AcrPull, images, identity));
            });
        })
    }),
    case("missing-role", "a container app", || {
        found(|stack, group| {
            let images =
                stack.add(ContainerRegistry::premium(name!("demoimages"), group).protect());
            let identity = stack.add(UserAssignedIdentity::new(name!("demo-id"), group));
            let place = stack.add(ContainerAppEnvironment::public(name!("demo-env"), group));
            let image = ContainerImage::tag(images, "demo", tag!("1"));
            let app = ContainerApp::new(name!("demo-app"), group, place)
                .container(AppContainer::of("demo", image, ContainerSize::cores(0.5)))
                .pull_as(images, identity);
            stack.add(app);
        })
    }),
    case("missing-role", "a key of one's own", || {
        found(|stack, group| {
            let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
            let key = stack.add(VaultKey::rsa(name!("files"), vault, 3072));
            let identity = stack.add(UserAssignedIdentity::new(name!("demo-id"), group));
            let files = StorageAccount::new(name!("demofiles"), group, StorageSku::StandardZrs);
            stack.add(files.customer_key(key, identity).protect());
        })
    }),
    case("missing-role", "a key of one's own, for a database", || {
        found(|stack, group| {
            let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
            let key = stack.add(VaultKey::rsa(name!("pg"), vault, 3072));
            let identity = stack.add(UserAssignedIdentity::new(name!("demo-id"), group));
            let server = FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17)
                .admin_password(Secret::generated("pg"))
                .identity(identity)
                .encryption(DataEncryption::with_key(key.versioned_uri(), identity));
            stack.add(server.protect());
        })
    }),
    case("overlapping-peers", "one inside the other", || {
        found(|stack, group| peers(stack, group, cidr!("10.0.128.0/17")))
    }),
    case("silent-alert", "an alert without a group", || {
        found(|stack, group| {
            stack.add(watched(group));
        })
    }),
    case("silent-alert", "a group without receivers", || {
        found(|stack, group| {
            let people = stack.add(ActionGroup::new(name!("people"), group, "people"));
            stack.add(watched(group).action(AlertAction::new(people)));
        })
    }),
    case("too-many-connections", "as many instances as the service allows", || crowded(None)),
    case("unlinked-zone", "no link at all", || {
        found(|stack, group| endpoint(stack, group, |_, _, _| {}))
    }),
    case("unlinked-zone", "a link to another network", || {
        found(|stack, group| {
            endpoint(stack, group, |stack, zone, [_, other]| {
                stack.add(PrivateDnsZoneLink::new(name!("other"), zone, other));
            });
        })
    }),
    case("unprotected-data", "a server, and not what is in it", || {
        found(|stack, group| {
            let server = FlexibleServer::public(name!("demo-pg"), group, PgVersion::V17);
            let server = stack.add(server.admin_password(Secret::generated("pg")));
            stack.add(PgDatabase::new(name!("demo"), server));
        })
    }),
    case("unprotected-data", "a lock on something else", || {
        found(|stack, group| {
            stack.add(KeyVault::new(name!("demo-kv"), group));
            let other = stack.add(UserAssignedIdentity::new(name!("demo-id"), group));
            stack.add(ManagementLock::new(name!("keep"), other, LockLevel::CanNotDelete));
        })
    }),
    case("unrecorded-logs", "a vault beside a workspace", || {
        found(|stack, group| {
            stack.add(LogAnalyticsWorkspace::new(name!("demo-logs"), group).protect());
            stack.add(KeyVault::new(name!("demo-kv"), group).protect());
        })
    }),
    case("unused-secret", "a secret that nobody reads", || {
        found(|stack, group| {
            let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
            stack.add(VaultSecret::new(name!("key"), vault, Secret::generated("key")));
        })
    }),
];

#[test]
fn roles_are_found_wherever_they_are_given() {
    let quiet = [""; 0];
    let narrow = codes(|stack, group| {
        application(stack, group, |stack, _, vault, images, identity| {
            stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, vault, identity));
            stack.add(RoleAssignment::new(Role::AcrPull, images, identity));
        });
    });
    assert_eq!(narrow, quiet);
    let wide = codes(|stack, group| {
        application(stack, group, |stack, group, _, _, identity| {
            let whole = stack.subscription_scope();
            stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, whole, identity));
            stack.add(RoleAssignment::new(Role::AcrPull, group, identity));
        });
    });
    assert_eq!(wide, quiet);
    // A group of another name that begins alike is another group.
    let beside = codes(|stack, group| {
        application(stack, group, |stack, _, _, _, identity| {
            let alike = stack.add(ResourceGroup::new(name!("demo-r"), Region::WestEurope));
            stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, alike, identity));
            stack.add(RoleAssignment::new(Role::AcrPull, alike, identity));
        });
    });
    assert_eq!(beside, ["missing-role"; 2]);
}

/// A vault that goes by its own policies needs no roles.
#[test]
fn a_vault_with_policies_needs_no_roles() {
    let app = |by_roles: bool| {
        codes(|stack, group| {
            let vault = KeyVault::new(name!("demo-kv"), group).rbac_authorization(by_roles);
            let vault = stack.add(vault.protect());
            let secret = VaultSecret::new(name!("key"), vault, Secret::generated("key"));
            let secret = stack.add(secret);
            let plan = stack.add(AppServicePlan::linux(name!("demo-plan"), group, PlanSku::P1v3));
            let app = WebApp::code(name!("demo-app"), group, plan, Runtime::other("PYTHON|3.13"));
            stack.add(app.system_identity().secret_setting("KEY", secret));
        })
    };
    assert_eq!(app(true), ["missing-role"]);
    assert_eq!(app(false), [""; 0]);
}

#[test]
fn what_is_right_is_not_reported() {
    let quiet = [""; 0];
    assert_eq!(codes(|stack, group| peers(stack, group, cidr!("10.1.0.0/16"))), quiet);
    let told = codes(|stack, group| {
        let people = ActionGroup::new(name!("people"), group, "people")
            .email_receiver(EmailReceiver::new("on-call", "on-call@example.com"));
        let people = stack.add(people);
        stack.add(watched(group).action(AlertAction::new(people)));
    });
    assert_eq!(told, quiet);
    let linked = codes(|stack, group| {
        endpoint(stack, group, |stack, zone, [net, _]| {
            stack.add(PrivateDnsZoneLink::new(name!("net"), zone, net));
        });
    });
    assert_eq!(linked, quiet);
    let locked = codes(|stack, group| {
        stack.add(KeyVault::new(name!("demo-kv"), group));
        stack.add(ManagementLock::new(name!("keep"), group, LockLevel::CanNotDelete));
    });
    assert_eq!(locked, quiet);
    let recorded = codes(|stack, group| {
        let logs = stack.add(LogAnalyticsWorkspace::new(name!("demo-logs"), group).protect());
        let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
        stack.add(DiagnosticSetting::to_workspace(name!("all"), vault, logs).all_logs());
    });
    assert_eq!(recorded, quiet);
    let given = codes(|stack, group| {
        let vault = stack.add(KeyVault::new(name!("demo-kv"), group).protect());
        let secret = VaultSecret::new(name!("key"), vault, Secret::generated("key"));
        let secret = stack.add(secret);
        stack.output("key", secret.versionless_uri());
    });
    assert_eq!(given, quiet);
}

#[test]
fn a_rule_can_be_set_aside_with_a_reason() {
    let aside = codes(|stack, group| {
        let vault = KeyVault::new(name!("demo-kv"), group);
        let vault = stack.add(vault.allow("unprotected-data", "thrown away every evening"));
        let secret = VaultSecret::new(name!("key"), vault, Secret::generated("key"));
        stack.add(secret.allow("unused-secret", "people read it"));
    });
    assert_eq!(aside, [""; 0]);
}
