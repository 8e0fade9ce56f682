//! What the service refuses of a virtual network gateway, by its size and kind.

use crate::azure::vpn_client_parts::client_problems;
use crate::azure::{GatewayAddress, RevokedCertificate, RootCertificate, VpnClients};
use crate::schema::{CheckContext, PropertyType};
use crate::value::{Fields, Value};

const SKUS: &str = "https://learn.microsoft.com/azure/vpn-gateway/about-gateway-skus";
const EXPRESS_ROUTE: &str =
    "https://learn.microsoft.com/azure/expressroute/expressroute-about-virtual-network-gateways";
const ACTIVE_ACTIVE: &str =
    "https://learn.microsoft.com/azure/vpn-gateway/about-active-active-gateways";
const CLIENTS: &str = "https://learn.microsoft.com/azure/vpn-gateway/point-to-site-about";
const ENTRA_ID: &str = "https://learn.microsoft.com/azure/vpn-gateway/point-to-site-entra-gateway";
const CERTIFICATES: &str = "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-howto-point-to-site-resource-manager-portal";
const BGP: &str = "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-bgp-overview";

/// What is wrong: the property, the problem, and where the provider says so.
type Problem = (&'static str, String, &'static str);

pub(super) fn limits(check: &mut CheckContext<'_>) {
    let mut found = Vec::new();
    let gateway = Gateway::of(check);
    gateway.size(&mut found);
    gateway.addresses(&mut found);
    gateway.clients(&mut found);
    gateway.routes(&mut found);
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// The properties that the rules are about.
struct Gateway<'a> {
    check: &'a CheckContext<'a>,
    sku: &'a str,
    vpn: bool,
}

/// Whether a size is one of a VPN gateway; the old ones belong to both kinds.
fn is_vpn_size(sku: &str) -> bool {
    sku == "Basic" || sku.starts_with("VpnGw") || ["Standard", "HighPerformance"].contains(&sku)
}

impl<'a> Gateway<'a> {
    fn of(check: &'a CheckContext<'a>) -> Self {
        let word = |property| check.get(property).and_then(Value::as_str);
        Self {
            check,
            sku: word("sku").unwrap_or_default(),
            vpn: word("kind") != Some("ExpressRoute"),
        }
    }

    fn word(&self, property: &str) -> Option<&'a str> {
        self.check.get(property).and_then(Value::as_str)
    }

    fn is_on(&self, property: &str) -> bool {
        matches!(self.check.get(property), Some(Value::Bool(true)))
    }

    /// Sizes belong to a kind of gateway and a generation.
    fn size(&self, found: &mut Vec<Problem>) {
        let sku = self.sku;
        let (fits, kind, source) = if self.vpn {
            (is_vpn_size(sku), "VPN", SKUS)
        } else {
            (sku != "Basic" && !sku.starts_with("VpnGw"), "ExpressRoute", EXPRESS_ROUTE)
        };
        if !fits {
            found.push(("sku", format!("there are no {kind} gateways of the size {sku}"), source));
        }
        let sizes = match self.word("generation") {
            Some("Generation1") => {
                &["Basic", "VpnGw1", "VpnGw2", "VpnGw3", "VpnGw1AZ", "VpnGw2AZ", "VpnGw3AZ"][..]
            }
            Some("Generation2") => &[
                "VpnGw2", "VpnGw3", "VpnGw4", "VpnGw5", "VpnGw2AZ", "VpnGw3AZ", "VpnGw4AZ",
                "VpnGw5AZ",
            ],
            _ => return self.policy_based(found),
        };
        let old = ["Standard", "HighPerformance"].contains(&sku);
        if !sizes.contains(&sku) && !old {
            let word = self.word("generation").unwrap_or_default();
            found.push(("generation", format!("{word} has no size {sku}"), SKUS));
        }
        self.policy_based(found);
    }

    fn policy_based(&self, found: &mut Vec<Problem>) {
        if self.word("vpn_type") == Some("PolicyBased") && self.sku != "Basic" {
            let problem = format!("only the size Basic can be policy-based, not {}", self.sku);
            found.push(("vpn_type", problem, SKUS));
        }
        let scales = self.check.get("scale_units_max").and_then(Value::as_int);
        let least = self.check.get("scale_units_min").and_then(Value::as_int).unwrap_or(1);
        if scales.is_some() && self.sku != "ErGwScale" {
            let problem = format!("only the size ErGwScale has units, not {}", self.sku);
            found.push(("scale_units_max", problem, EXPRESS_ROUTE));
        } else if scales.is_some_and(|most| least < 1 || most < least || most > 40) {
            let problem = "a gateway scales between 1 and 40 units, the fewest first".to_owned();
            found.push(("scale_units_max", problem, EXPRESS_ROUTE));
        }
    }

    /// How many addresses there are, and whether they are public.
    fn addresses(&self, found: &mut Vec<Problem>) {
        let props = GatewayAddress::KIND.block().map_or(&[][..], |block| block.props);
        let addresses: Vec<&Fields> = blocks(self.check.get("addresses"));
        let (count, active) = (addresses.len(), self.is_on("active_active"));
        if active && self.sku == "Basic" {
            let problem = "a gateway of the size Basic has one machine at work".to_owned();
            found.push(("active_active", problem, ACTIVE_ACTIVE));
        }
        if active && !self.vpn {
            let problem = "both machines of an ExpressRoute gateway are always at work".to_owned();
            found.push(("active_active", problem, EXPRESS_ROUTE));
        }
        let fewest = match (active, self.check.get("vpn_clients").is_some()) {
            (true, true) => 3,
            (true, false) => 2,
            _ => 1,
        };
        if count < fewest {
            let problem = format!(
                "a gateway with both machines at work needs {fewest} addresses{}, not {count}",
                if fewest == 3 { ", the third for the clients that dial in" } else { "" }
            );
            found.push(("addresses", problem, ACTIVE_ACTIVE));
        }
        if count > 1 && !active {
            let problem = format!(
                "a gateway with one machine at work has one address, not {count}: say `.both_active(..)`"
            );
            found.push(("addresses", problem, ACTIVE_ACTIVE));
        }
        let private = addresses.iter().any(|address| address.named(props, "public_ip").is_none());
        if self.vpn && private {
            found.push((
                "addresses",
                "a VPN gateway is reached by a public address".to_owned(),
                SKUS,
            ));
        }
        let mut names: Vec<&str> =
            addresses.iter().filter_map(|a| a.named(props, "name")?.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0].eq_ignore_ascii_case(pair[1])) {
            let problem = format!("two addresses are called `{}`", twice[0]);
            found.push(("addresses", problem, ACTIVE_ACTIVE));
        }
    }

    /// How clients dial in.
    fn clients(&self, found: &mut Vec<Problem>) {
        let Some(clients) = self.check.get("vpn_clients").and_then(Value::as_block) else { return };
        let mut report = |problem: &str, source| {
            found.push(("vpn_clients", problem.to_owned(), source));
        };
        let props = VpnClients::KIND.block().map_or(&[][..], |block| block.props);
        let words = |property| words(clients.named(props, property));
        let (by, protocols) = (words("authentication"), words("protocols"));
        if !self.vpn {
            report("clients dial in to VPN gateways only", CLIENTS);
        }
        if self.word("vpn_type") == Some("PolicyBased") {
            report("clients dial in to route-based gateways only", CLIENTS);
        }
        if self.sku == "Basic" && (by != ["Certificate"] || protocols != ["SSTP"]) {
            report("gateways of the size Basic take certificates over SSTP only", SKUS);
        }
        if by.contains(&"AAD") && protocols != ["OpenVPN"] {
            report("people sign in with Entra ID over OpenVPN alone", ENTRA_ID);
        }
        let tenant = clients.named(props, "tenant").and_then(Value::as_str);
        if tenant
            .is_some_and(|tenant| tenant.trim_end_matches('/').ends_with("microsoftonline.com"))
        {
            report(
                "no tenant is named: say the stack's, `Stack::new(..).tenant(\"..\")`, before it is asked for",
                ENTRA_ID,
            );
        }
        client_problems(clients).into_iter().for_each(|(problem, source)| report(&problem, source));
        let roots = blocks(clients.named(props, "root_certificates"));
        if by.contains(&"Certificate") && roots.is_empty() {
            report(
                "certificates are taken only if a root certificate vouches for them",
                CERTIFICATES,
            );
        }
        let of = RootCertificate::KIND.block().map_or(&[][..], |block| block.props);
        let data = roots.iter().filter_map(|root| root.named(of, "data")?.as_str());
        if data.into_iter().any(|data| data.contains("-----") || data.contains(char::is_whitespace))
        {
            report(
                "a root certificate is the base64 text between its BEGIN and END lines, in one line",
                CERTIFICATES,
            );
        }
        let of = RevokedCertificate::KIND.block().map_or(&[][..], |block| block.props);
        let revoked = blocks(clients.named(props, "revoked_certificates"));
        let prints = revoked.iter().filter_map(|one| one.named(of, "thumbprint")?.as_str());
        let is_print = |p: &str| p.len() == 40 && p.chars().all(|c| c.is_ascii_hexdigit());
        if !prints.into_iter().all(is_print) {
            report("a thumbprint has 40 hexadecimal digits", CERTIFICATES);
        }
    }

    /// How routes are exchanged.
    fn routes(&self, found: &mut Vec<Problem>) {
        if self.is_on("bgp") && self.sku == "Basic" {
            let problem = "gateways of the size Basic exchange no routes".to_owned();
            found.push(("bgp", problem, BGP));
        }
    }
}

fn blocks(value: Option<&Value>) -> Vec<&Fields> {
    match value {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_block).collect(),
        _ => Vec::new(),
    }
}

fn words(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::{refused, said};
    use crate::azure::{
        BgpSettings, GatewayGeneration, GatewaySku, RevokedCertificate, RootCertificate,
        VirtualNetworkGateway, VpnClients, VpnProtocol, VpnRouting,
    };
    use crate::dsl::Ref;
    use crate::value::Secret;
    use crate::{cidr, name};

    fn vpn(sku: GatewaySku) -> VirtualNetworkGateway {
        let group = Ref::existing("/subscriptions/s/resourceGroups/g");
        let (subnet, ip) = (Ref::existing("/s/subnet"), Ref::existing("/s/ip"));
        VirtualNetworkGateway::vpn(name!("vpn"), group, sku, subnet, ip)
    }

    fn circuits(sku: GatewaySku) -> VirtualNetworkGateway {
        let group = Ref::existing("/subscriptions/s/resourceGroups/g");
        VirtualNetworkGateway::express_route(name!("er"), group, sku, Ref::existing("/s/subnet"))
    }

    fn dialled(clients: VpnClients) -> Vec<&'static str> {
        refused(vpn(GatewaySku::VpnGw1AZ).vpn_clients(clients))
    }

    #[test]
    fn sizes_belong_to_kinds_and_generations() {
        assert_eq!(refused(vpn(GatewaySku::VpnGw1AZ)), [""; 0]);
        assert_eq!(refused(vpn(GatewaySku::ErGw1AZ)), ["sku"]);
        assert_eq!(refused(circuits(GatewaySku::ErGw1AZ)), [""; 0]);
        assert_eq!(refused(circuits(GatewaySku::VpnGw1AZ)), ["sku"]);
        let second = |sku| refused(vpn(sku).generation(GatewayGeneration::Generation2));
        assert_eq!(second(GatewaySku::VpnGw2AZ), [""; 0]);
        assert_eq!(second(GatewaySku::VpnGw1AZ), ["generation"]);
        let first = |sku| refused(vpn(sku).generation(GatewayGeneration::Generation1));
        assert_eq!(first(GatewaySku::VpnGw1AZ), [""; 0]);
        assert_eq!(first(GatewaySku::VpnGw4AZ), ["generation"]);
        let policy = |sku| refused(vpn(sku).vpn_type(VpnRouting::PolicyBased));
        assert_eq!(policy(GatewaySku::Basic), [""; 0]);
        assert_eq!(policy(GatewaySku::VpnGw1AZ), ["vpn_type"]);
        let scaled = |units| refused(circuits(GatewaySku::ErGwScale).scale_units(units));
        assert_eq!(scaled(1..=40), [""; 0]);
        assert_eq!(scaled(1..=41), ["scale_units_max"]);
        assert_eq!(refused(circuits(GatewaySku::ErGw1AZ).scale_units(1..=2)), ["scale_units_max"]);
    }

    #[test]
    fn both_machines_at_work_need_addresses() {
        let ip = |id: &'static str| Ref::existing(id);
        let people = || VpnClients::entra_id("t", cidr!("172.16.0.0/24"));
        let both = |sku| vpn(sku).both_active(ip("/s/ip2"));
        assert_eq!(refused(both(GatewaySku::VpnGw1AZ)), [""; 0]);
        assert_eq!(refused(both(GatewaySku::Basic)), ["active_active"]);
        let dialled = both(GatewaySku::VpnGw1AZ).vpn_clients(people());
        assert_eq!(refused(dialled), ["addresses"]);
        let third = both(GatewaySku::VpnGw1AZ).vpn_clients(people()).and_address("p", ip("/s/ip3"));
        assert_eq!(refused(third), [""; 0]);
        assert_eq!(
            refused(vpn(GatewaySku::VpnGw1AZ).and_address("b", ip("/s/ip2"))),
            ["addresses"]
        );
        let same = both(GatewaySku::VpnGw1AZ).address_name("SECOND");
        assert_eq!(refused(same), ["addresses"]);
        let express = circuits(GatewaySku::ErGw1AZ).both_active(ip("/s/ip2"));
        assert_eq!(refused(express), ["active_active"]);
    }

    #[test]
    fn clients_prove_who_they_are() {
        let pool = cidr!("172.16.0.0/24");
        let root = || RootCertificate::new("root", "MIIC8DCC");
        assert_eq!(dialled(VpnClients::entra_id("t", pool)), [""; 0]);
        // A stack that names no tenant gives none.
        assert_eq!(dialled(VpnClients::entra_id("", pool)), ["vpn_clients"]);
        let over = |protocol| VpnClients::entra_id("t", pool).protocols([protocol]);
        assert_eq!(dialled(over(VpnProtocol::IkeV2)), ["vpn_clients"]);
        assert_eq!(dialled(VpnClients::certificates(root(), pool)), [""; 0]);
        assert_eq!(dialled(VpnClients::entra_id("t", pool).and_certificate(root())), [""; 0]);
        let pem = RootCertificate::new("root", "-----BEGIN CERTIFICATE-----\nMIIC");
        assert_eq!(dialled(VpnClients::certificates(pem, pool)), ["vpn_clients"]);
        let without =
            VpnClients::certificates(root(), pool).root_certificates(Vec::<RootCertificate>::new());
        assert_eq!(dialled(without), ["vpn_clients"]);
        let revoked = |print: &'static str| {
            let one = RevokedCertificate::new("lost", print);
            dialled(VpnClients::certificates(root(), pool).revoked_certificate(one))
        };
        assert_eq!(revoked("0123456789abcdef0123456789ABCDEF01234567"), [""; 0]);
        assert_eq!(revoked("0123"), ["vpn_clients"]);
        let asked = VpnClients::radius("10.0.0.9", Secret::generated("radius"), pool);
        assert_eq!(dialled(asked), [""; 0]);
        let basic = |clients| refused(vpn(GatewaySku::Basic).vpn_clients(clients));
        assert_eq!(basic(VpnClients::entra_id("t", pool)), ["vpn_clients"]);
        let old = VpnClients::certificates(root(), pool).protocols([VpnProtocol::Sstp]);
        assert_eq!(basic(old), [""; 0]);
        let express = circuits(GatewaySku::ErGw1AZ).vpn_clients(VpnClients::entra_id("t", pool));
        assert_eq!(refused(express), ["vpn_clients"]);
    }

    #[test]
    fn the_size_basic_exchanges_no_routes() {
        assert_eq!(refused(vpn(GatewaySku::VpnGw1AZ).bgp(BgpSettings::new(65_010))), [""; 0]);
        assert_eq!(refused(vpn(GatewaySku::Basic).bgp(BgpSettings::new(65_010))), ["bgp"]);
    }

    #[test]
    fn an_import_says_clients_by_how_they_prove_who_they_are() {
        let pool = cidr!("172.16.0.0/24");
        let root = RootCertificate::new("root", "MIIC8DCC");
        let people = said(VpnClients::entra_id("t", pool).and_certificate(root.clone()));
        let expected = "VpnClients::entra_id(\"t\", [cidr!(\"172.16.0.0/24\")])\
                        .and_certificate(RootCertificate::new(\"root\", \"MIIC8DCC\"))";
        assert_eq!(people.as_deref(), Some(expected));
        let devices = said(VpnClients::certificates(root, pool).protocols([VpnProtocol::IkeV2]));
        let expected = "VpnClients::certificates(RootCertificate::new(\"root\", \"MIIC8DCC\"), \
                        [cidr!(\"172.16.0.0/24\")]).protocols([VpnProtocol::IkeV2])";
        assert_eq!(devices.as_deref(), Some(expected));
        // The secret is never returned, so nothing can say it.
        assert_eq!(said(VpnClients::radius("10.0.0.9", Secret::generated("radius"), pool)), None);
    }
}
