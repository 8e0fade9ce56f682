//! Firewall rules of VPC networks.

use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{Network, PROVIDER, ServiceAccount};
use crate::schema::{CheckContext, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, name};

/// A firewall rule of a VPC network: what it allows, or what it denies. Without rules, nothing comes in and everything goes
/// out.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// # fn stack(stack: &mut Stack, network: Handle<Network>) {
/// let rule = Firewall::new(name!("allow-health-checks"), network)
///     .source_range("35.191.0.0/16")
///     .target_tag("web")
///     .allow(FirewallTraffic::tcp(["8000"]));
/// stack.add(rule);
/// # }
/// ```
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "compute.googleapis.com/Firewall@v1",
    id = "//compute.googleapis.com/projects/{gcp.project}/global/firewalls/{name}",
    terraform = "google_compute_firewall",
    label = "firewall rule",
    scope = Root,
    check = limits,
    source = "https://cloud.google.com/compute/docs/reference/rest/v1/firewalls"
)]
pub struct Firewall {
    /// The rule's name, unique in its project.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/compute/docs/naming-resources#resource-name-format"
    )]
    name: Name<Self>,
    /// The network.
    #[prop(rest = "network", tf = "network", replace, danger = Downtime)]
    network: Ref<Network>,
    /// What it is for, for people.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Which way the traffic goes.
    #[prop(rest = "direction", tf = "direction", service = FirewallDirection::Ingress, replace, danger = Exposure)]
    direction: Option<FirewallDirection>,
    /// Which of several rules decides: the one with the smallest number, 0 to 65535.
    #[prop(rest = "priority", tf = "priority", service = 1000, danger = Exposure)]
    priority: Option<u16>,
    /// What it allows.
    #[prop(rest = "allowed", tf = "allow", each = "allow", danger = Exposure)]
    allowed: Option<Set<FirewallTraffic>>,
    /// What it denies.
    #[prop(rest = "denied", tf = "deny", each = "deny", danger = Exposure)]
    denied: Option<Set<FirewallTraffic>>,
    /// From where the traffic comes.
    #[prop(rest = "sourceRanges", tf = "source_ranges", canon = canons::CIDR, each = "source_range",
        exposes = Set::from(["0.0.0.0/0".into()]), danger = Exposure)]
    source_ranges: Option<Set<Text>>,
    /// To where it goes.
    #[prop(rest = "destinationRanges", tf = "destination_ranges", canon = canons::CIDR, each = "destination_range",
        danger = Exposure)]
    destination_ranges: Option<Set<Text>>,
    /// The tags of the machines that it comes from.
    #[prop(rest = "sourceTags", tf = "source_tags", each = "source_tag", danger = Exposure)]
    source_tags: Option<Set<Text>>,
    /// The accounts of the machines that it comes from.
    #[prop(rest = "sourceServiceAccounts", tf = "source_service_accounts", via = "email", each = "source_account",
        danger = Exposure)]
    source_accounts: Option<Set<Ref<ServiceAccount>>>,
    /// The tags of the machines for which it holds; for all of the network, unless said.
    #[prop(rest = "targetTags", tf = "target_tags", each = "target_tag", danger = Exposure)]
    target_tags: Option<Set<Text>>,
    /// The accounts of the machines for which it holds.
    #[prop(rest = "targetServiceAccounts", tf = "target_service_accounts", via = "email", each = "target_account",
        danger = Exposure)]
    target_accounts: Option<Set<Ref<ServiceAccount>>>,
    /// Whether it is set aside.
    #[prop(rest = "disabled", tf = "disabled", service = false, danger = Exposure)]
    disabled: Option<bool>,
    /// What is noted of connections; nothing, unless said.
    #[prop(rest = "logConfig", tf = "log_config", danger = Cost)]
    logs: Option<FirewallLogs>,
    meta: Meta,
}

/// Which way traffic goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FirewallDirection {
    /// Into the network's machines.
    #[choice("INGRESS")]
    Ingress,
    /// Out of them.
    #[choice("EGRESS")]
    Egress,
}

/// A protocol, and ports of it.
#[derive(Clone, Block)]
pub struct FirewallTraffic {
    /// The protocol: `tcp`, `udp`, `icmp`, `all`, or its number.
    #[prop(rest = "IPProtocol", tf = "protocol", canon = canons::CASE)]
    protocol: Text,
    /// Ports and ranges of them (`443`, `8000-8080`); all, unless said.
    #[prop(rest = "ports", tf = "ports", each = "port")]
    ports: Option<Set<Text>>,
}

impl FirewallTraffic {
    /// These ports over TCP.
    #[must_use]
    pub fn tcp<const N: usize>(ports: [&'static str; N]) -> Self {
        Self::new("tcp").ports(ports.map(Text::from))
    }

    /// These ports over UDP.
    #[must_use]
    pub fn udp<const N: usize>(ports: [&'static str; N]) -> Self {
        Self::new("udp").ports(ports.map(Text::from))
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self::new("all")
    }
}

/// What is noted of connections.
#[derive(Clone, Block)]
pub struct FirewallLogs {
    // Terraform says it by the block.
    /// Whether anything is.
    #[prop(rest = "enable", default = true, no_setter)]
    enabled: bool,
    /// How much.
    #[prop(rest = "metadata", tf = "metadata", service = FirewallMetadata::All)]
    metadata: FirewallMetadata,
}

/// How much is noted of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FirewallMetadata {
    /// Addresses, ports and the rule.
    #[choice("EXCLUDE_ALL_METADATA")]
    None,
    /// Whose they are, too.
    #[choice("INCLUDE_ALL_METADATA")]
    All,
}

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/firewall/docs/firewalls";
    super::common::exactly_one(
        check,
        &["allowed", "denied"],
        "a rule allows or denies something",
        source,
    );
    let said = |property| check.get(property).is_some();
    let egress = check.text("direction") == Some(FirewallDirection::Egress.word());
    let sources = ["source_ranges", "source_tags", "source_accounts"];
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if egress {
        for property in sources.into_iter().filter(|property| said(property)) {
            found.push((property, "what goes out comes from the rule's targets".to_owned()));
        }
    } else if !sources.into_iter().any(said) {
        // The service would take the whole internet.
        found.push(("source_ranges", "a rule for what comes in says from where".to_owned()));
    }
    let by_tag = said("source_tags") || said("target_tags");
    let by_account = said("source_accounts") || said("target_accounts");
    if by_tag && by_account {
        let what = "a rule knows machines by their tags or by their accounts";
        let at = if said("target_accounts") { "target_accounts" } else { "source_accounts" };
        found.push((at, what.to_owned()));
    }
    for property in ["allowed", "denied"] {
        for traffic in check.blocks(property) {
            let protocol = traffic.text("protocol").unwrap_or_default().to_ascii_lowercase();
            let Some(Value::List(ports)) = traffic.get("ports") else { continue };
            if !["tcp", "udp", "sctp", "6", "17", "132"].contains(&protocol.as_str()) {
                found.push((property, format!("`{protocol}` has no ports")));
            }
            for port in ports.iter().filter_map(Value::as_str).filter(|port| !is_ports(port)) {
                found.push((property, format!("`{port}` is no port, and no range of ports")));
            }
        }
    }
    for (property, problem) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// Whether a text is a port, or a range `from-to`.
fn is_ports(text: &str) -> bool {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    matches!((from.parse::<u16>(), to.parse::<u16>()), (Ok(from), Ok(to)) if from <= to)
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let account = stack.add(ServiceAccount::new(name!("shop-vm")));
    let out = Firewall::new(name!("deny-all-out"), network)
        .direction(FirewallDirection::Egress)
        .destination_range("0.0.0.0/0")
        .target_account(account)
        .deny(FirewallTraffic::all());
    stack.add(out);
    let rule = Firewall::new(name!("allow-run-to-db"), network)
        .description("The shop reaches its databases")
        .direction(FirewallDirection::Ingress)
        .priority(900)
        .source_range("10.20.0.0/24")
        .source_tag("shop-run")
        .target_tag("database")
        .allow(FirewallTraffic::tcp(["5432", "6432-6433"]))
        .allow(FirewallTraffic::new("icmp"))
        .disabled(false)
        .logs(FirewallLogs::new(FirewallMetadata::None));
    stack.add(rule).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let network = || Ref::<Network>::existing("projects/p/global/networks/n");
        let bare = || Firewall::new(name!("a"), network());
        let from = || bare().source_range("10.0.0.0/8");
        let web = || FirewallTraffic::tcp(["443", "8000-8080"]);
        assert_eq!(refused(from().allow(web())), [""; 0]);
        assert_eq!(refused(from()), ["allowed"]);
        assert_eq!(refused(from().allow(web()).deny(web())), ["denied"]);
        assert_eq!(refused(bare().allow(web())), ["source_ranges"]);
        let out = || bare().direction(FirewallDirection::Egress).deny(FirewallTraffic::all());
        assert_eq!(refused(out()), [""; 0]);
        assert_eq!(refused(out().source_tag("web")), ["source_tags"]);
        let account = Ref::<ServiceAccount>::existing("projects/p/serviceAccounts/a@p");
        let both = from().allow(web()).source_tag("web").target_account(account);
        assert_eq!(refused(both), ["target_accounts"]);
        let ping = FirewallTraffic::new("icmp").port("1");
        assert_eq!(refused(from().allow(ping)), ["allowed"]);
        for bad in ["http", "80-", "90-80", "65536"] {
            assert_eq!(refused(from().allow(FirewallTraffic::tcp([bad]))), ["allowed"], "{bad}");
        }
    }
}
