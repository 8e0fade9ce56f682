//! What a virtual network gateway is made of: sizes, addresses, the clients that dial in, and BGP.

use crate::azure::{
    ClientIpsecPolicy, Gateways, IpAllocation, PublicIpAddress, RadiusServer, Subnet,
};
use crate::dsl::{Cidr, Ref};
use crate::schema::codecs::ONE_IN_LIST;
use crate::schema::{Codec, PropertyType as _, Saying, Set, canons, rust};
use crate::value::{Secret, Text, Value};
use crate::{Block, Choice, text};

/// What ends at a virtual network gateway.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum GatewayKind {
    /// VPN tunnels.
    Vpn,
    /// ExpressRoute circuits.
    ExpressRoute,
    /// Tunnels of an edge zone.
    LocalGateway,
}

/// How large a virtual network gateway is. `AZ` sizes are spread over zones; the service makes no new VPN gateways of
/// the others, apart from Basic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum GatewaySku {
    /// For trying VPN out: no BGP, no Entra ID, no second machine at work.
    Basic,
    /// VPN, 650 Mbit/s.
    VpnGw1,
    /// VPN, 1 Gbit/s.
    VpnGw2,
    /// VPN, 1.25 Gbit/s.
    VpnGw3,
    /// VPN, 5 Gbit/s.
    VpnGw4,
    /// VPN, 10 Gbit/s.
    VpnGw5,
    /// VPN, 650 Mbit/s, spread over zones.
    VpnGw1AZ,
    /// VPN, 1 Gbit/s, spread over zones.
    VpnGw2AZ,
    /// VPN, 1.25 Gbit/s, spread over zones.
    VpnGw3AZ,
    /// VPN, 5 Gbit/s, spread over zones.
    VpnGw4AZ,
    /// VPN, 10 Gbit/s, spread over zones.
    VpnGw5AZ,
    /// ExpressRoute, 1 Gbit/s; an old size of VPN gateways too.
    Standard,
    /// ExpressRoute, 2 Gbit/s; an old size of VPN gateways too.
    HighPerformance,
    /// ExpressRoute, 10 Gbit/s.
    UltraPerformance,
    /// ExpressRoute, 1 Gbit/s, spread over zones.
    ErGw1AZ,
    /// ExpressRoute, 2 Gbit/s, spread over zones.
    ErGw2AZ,
    /// ExpressRoute, 10 Gbit/s, spread over zones.
    ErGw3AZ,
    /// ExpressRoute, 1 to 40 Gbit/s as units are added.
    ErGwScale,
}

/// A generation of gateway machines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum GatewayGeneration {
    /// The first: Basic, and VpnGw1 to VpnGw3.
    Generation1,
    /// The second: VpnGw2 to VpnGw5, faster.
    Generation2,
    /// Gateways that are not for VPN have none.
    None,
}

/// How a VPN gateway chooses the tunnel for a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum VpnRouting {
    /// By routes.
    RouteBased,
    /// By fixed pairs of ranges, with one tunnel. For the size Basic.
    PolicyBased,
}

/// An address of a virtual network gateway.
#[derive(Clone, Block)]
pub struct GatewayAddress {
    /// The configuration's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, replace)]
    pub(super) name: Text,
    /// The gateway subnet.
    #[prop(arm = "properties.subnet.id", tf = "subnet_id", replace, danger = Downtime)]
    subnet: Ref<Subnet<Gateways>>,
    /// The public address.
    #[prop(arm = "properties.publicIPAddress.id", tf = "public_ip_address_id", label = "public IP address",
        replace, danger = Downtime)]
    pub(super) public_ip: Option<Ref<PublicIpAddress>>,
    /// Whether its private address is fixed or given out.
    #[prop(arm = "properties.privateIPAllocationMethod", tf = "private_ip_address_allocation",
        label = "private IP allocation", service = IpAllocation::Dynamic)]
    allocation: Option<IpAllocation>,
}

impl GatewayAddress {
    /// Another address in the same subnet.
    pub(super) fn beside(&self, name: Text, address: Ref<PublicIpAddress>) -> Self {
        Self::new(name, self.subnet.clone()).public_ip(address)
    }
}

/// Clients that dial in to a VPN gateway one by one, and how they prove who they are.
///
/// They take their DNS servers from the gateway's network: name an inbound endpoint of a private DNS resolver there, and
/// they resolve private names.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let stack = Stack::new("demo").tenant("5a1e0000-0000-4000-8000-000000000002");
/// let people = VpnClients::entra_id(stack.tenant_id(), cidr!("172.16.0.0/24"));
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_clients)]
pub struct VpnClients {
    /// The ranges that their addresses are taken from, apart from all that they should reach.
    #[prop(arm = "vpnClientAddressPool.addressPrefixes", tf = "address_space", label = "address pool",
        danger = Downtime)]
    address_pool: Set<Cidr>,
    /// How they may prove who they are. The service works it out from the rest where it is not said.
    #[prop(arm = "vpnAuthenticationTypes", tf = "vpn_auth_types", codec = SOME, danger = Exposure, no_setter)]
    authentication: Option<Set<VpnAuthentication>>,
    /// The protocols that they may use.
    #[prop(arm = "vpnClientProtocols", tf = "vpn_client_protocols", danger = Downtime)]
    protocols: Option<Set<VpnProtocol>>,
    /// The tenant that they sign in to, as the address of its sign-in page.
    #[prop(arm = "aadTenant", tf = "aad_tenant", label = "tenant", canon = canons::URL, danger = Exposure, no_setter)]
    tenant: Option<Text>,
    /// The application that they sign in for (a GUID).
    #[prop(arm = "aadAudience", tf = "aad_audience", canon = canons::CASE, danger = Exposure)]
    audience: Option<Text>,
    /// Who issues their tokens: the tenant, as an address with a slash at its end.
    #[prop(arm = "aadIssuer", tf = "aad_issuer", canon = canons::CASE, danger = Exposure, no_setter)]
    issuer: Option<Text>,
    /// The certificates that vouch for theirs.
    #[prop(arm = "vpnClientRootCertificates", tf = "root_certificate", key = "name", danger = Exposure,
        each = "root_certificate")]
    root_certificates: Option<Set<RootCertificate>>,
    /// Certificates that are no longer taken.
    #[prop(arm = "vpnClientRevokedCertificates", tf = "revoked_certificate", key = "name", danger = Exposure,
        each = "revoked_certificate")]
    revoked_certificates: Option<Set<RevokedCertificate>>,
    /// The RADIUS server that is asked about them.
    #[prop(arm = "radiusServerAddress", tf = "radius_server_address", label = "RADIUS server",
        danger = Downtime, no_setter)]
    radius_server: Option<Text>,
    /// The secret shared with the RADIUS server.
    #[prop(arm = "radiusServerSecret", tf = "radius_server_secret", label = "RADIUS secret", write_only,
        danger = Downtime, no_setter)]
    radius_secret: Option<Secret>,
    /// The RADIUS servers that are asked about them, where there are several: by rank, until one answers.
    #[prop(arm = "radiusServers", tf = "radius_server", label = "RADIUS servers", key = "address", danger = Downtime,
        no_setter)]
    radius_servers: Option<Set<RadiusServer>>,
    /// How traffic over IKEv2 is encrypted; what the service and the clients agree on, unless said.
    #[prop(arm = "vpnClientIpsecPolicies", tf = "ipsec_policy", codec = ONE_IN_LIST, label = "IPsec policy",
        danger = Downtime)]
    ipsec_policy: Option<ClientIpsecPolicy>,
}

/// The Azure VPN client that Microsoft registers in every tenant itself.
const AZURE_VPN_CLIENT: &str = "c632b3df-fb67-4d84-bdcf-b95ad541b5c8";

impl VpnClients {
    /// People who sign in to a tenant (a GUID; [`tenant_id`](crate::azure::AzureScope::tenant_id) gives the stack's) with
    /// the Azure VPN client, over OpenVPN.
    ///
    /// They sign in for the application that Microsoft registers itself, unless [`audience`](Self::audience) says
    /// another.
    #[must_use]
    pub fn entra_id(tenant: impl Into<Text>, address_pool: impl Into<Set<Cidr>>) -> Self {
        let tenant = tenant.into();
        let mut clients = Self::proving(address_pool, VpnAuthentication::EntraId);
        clients.tenant = Some(text!("{}{}", SIGN_IN, tenant.clone()));
        clients.issuer = Some(text!("https://sts.windows.net/{tenant}/"));
        clients.audience(AZURE_VPN_CLIENT)
    }

    /// Devices with a certificate that `root` vouches for, over OpenVPN.
    #[must_use]
    pub fn certificates(root: RootCertificate, address_pool: impl Into<Set<Cidr>>) -> Self {
        Self::proving(address_pool, VpnAuthentication::Certificate).root_certificate(root)
    }

    /// Clients whom a RADIUS server knows, over OpenVPN.
    #[must_use]
    pub fn radius(
        server: impl Into<Text>,
        secret: Secret,
        address_pool: impl Into<Set<Cidr>>,
    ) -> Self {
        let mut clients = Self::proving(address_pool, VpnAuthentication::Radius);
        clients.radius_server = Some(server.into());
        clients.radius_secret = Some(secret);
        clients
    }

    /// Clients whom one of several RADIUS servers knows, over OpenVPN: the one of the highest rank is asked first.
    #[must_use]
    pub fn radius_servers(
        servers: impl IntoIterator<Item = RadiusServer>,
        address_pool: impl Into<Set<Cidr>>,
    ) -> Self {
        let mut clients = Self::proving(address_pool, VpnAuthentication::Radius);
        clients.radius_servers = Some(servers.into_iter().collect());
        clients
    }

    /// Lets in devices with a certificate beside those let in already.
    #[must_use]
    pub fn and_certificate(mut self, root: RootCertificate) -> Self {
        self.authentication.get_or_insert_default().extend([VpnAuthentication::Certificate]);
        self.root_certificate(root)
    }

    fn proving(address_pool: impl Into<Set<Cidr>>, by: VpnAuthentication) -> Self {
        let mut clients = Self::new(address_pool).protocols([VpnProtocol::OpenVpn]);
        clients.authentication = Some(Set(vec![by]));
        clients
    }
}

const SIGN_IN: &str = "https://login.microsoftonline.com/";

/// Clients that a RADIUS server knows cannot be said: the secret is never returned.
fn say_clients(clients: &mut Saying<'_>) {
    let Some(pool) = clients.expression("address_pool") else { return };
    let mut roots = clients.each("root_certificates").unwrap_or_default().into_iter();
    let tenant = clients.text("tenant").and_then(|url| url.strip_prefix(SIGN_IN));
    let tenant = tenant.map(|tenant| tenant.trim_end_matches('/'));
    let mut by = Vec::new();
    if let Some(tenant) = tenant {
        if clients.text("issuer") != Some(&format!("https://sts.windows.net/{tenant}/")) {
            return;
        }
        let head = format!("VpnClients::entra_id({}, {pool})", rust::literal(tenant));
        clients.construct_as(head, &["address_pool", "tenant", "issuer"]);
        clients.implies("audience", AZURE_VPN_CLIENT);
        by.push(VpnAuthentication::EntraId.into_value());
        if let Some(root) = roots.next() {
            clients.call(format!(".and_certificate({root})"), &[]);
            by.push(VpnAuthentication::Certificate.into_value());
        }
    } else if let Some(root) = roots.next() {
        let head = format!("VpnClients::certificates({root}, {pool})");
        clients.construct_as(head, &["address_pool"]);
        by.push(VpnAuthentication::Certificate.into_value());
    }
    let more: String = roots.map(|root| format!(".root_certificate({root})")).collect();
    clients.call(more, &["root_certificates"]);
    clients.implies("protocols", Value::List(vec![VpnProtocol::OpenVpn.into_value()]));
    // Where the service works it out, it returns what it worked out, or nothing.
    match clients.get("authentication") {
        Some(_) => clients.implies("authentication", Value::List(by)),
        None => clients.settle(&["authentication"]),
    }
}

/// How a VPN client may prove who it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum VpnAuthentication {
    /// By a certificate.
    Certificate,
    /// To a RADIUS server.
    Radius,
    /// By signing in to Entra ID.
    #[choice("AAD")]
    EntraId,
}

/// A protocol that VPN clients may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum VpnProtocol {
    /// OpenVPN, over TLS.
    #[choice("OpenVPN")]
    OpenVpn,
    /// IKEv2, which systems bring with them.
    IkeV2,
    /// SSTP, which only Windows speaks. Azure is retiring it.
    #[choice("SSTP")]
    Sstp,
}

/// A certificate that vouches for those of VPN clients.
#[derive(Clone, Block)]
pub struct RootCertificate {
    /// The certificate's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The certificate itself, without its key: the base64 text between `BEGIN` and `END`, in one line.
    #[prop(arm = "properties.publicCertData", tf = "public_cert_data", label = "certificate", danger = Exposure)]
    data: Text,
}

/// A certificate of a VPN client that is no longer taken.
#[derive(Clone, Block)]
pub struct RevokedCertificate {
    /// What it is known by here.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Its thumbprint: 40 hexadecimal digits.
    #[prop(arm = "properties.thumbprint", tf = "thumbprint", canon = canons::CASE, danger = Exposure)]
    thumbprint: Text,
}

/// How a virtual network gateway exchanges routes.
#[derive(Clone, Block)]
pub struct BgpSettings {
    /// Its own autonomous system number.
    #[prop(arm = "asn", tf = "asn", label = "ASN", danger = Downtime)]
    asn: u32,
    /// The weight of routes that are learnt from it: 0 to 100.
    #[prop(arm = "peerWeight", tf = "peer_weight")]
    peer_weight: Option<u8>,
    /// Addresses of the range 169.254.0.0/16 with which it exchanges routes, beside its own.
    #[prop(arm = "bgpPeeringAddresses", tf = "peering_addresses", key = "configuration", danger = Downtime,
        each = "peering")]
    peerings: Option<Set<BgpPeering>>,
}

/// The addresses with which one of a gateway's machines exchanges routes.
#[derive(Clone, Block)]
pub struct BgpPeering {
    /// The gateway's address, as the full ID of its configuration (`.../ipConfigurations/default`).
    #[prop(arm = "ipconfigurationId", tf = "ip_configuration_name", tf_codec = LAST_SEGMENT,
        canon = canons::RESOURCE_ID)]
    configuration: Text,
    /// The addresses, of 169.254.21.0 to 169.254.22.255.
    #[prop(arm = "customBgpIpAddresses", tf = "apipa_addresses", danger = Downtime, each = "address")]
    addresses: Option<Vec<Text>>,
}

/// An empty list of authentication types means that the service is to work them out.
static SOME: Codec = Codec {
    name: "list, unless empty",
    encode: Value::clone,
    decode: |value| match value {
        Value::List(items) if !items.is_empty() => Some(value.clone()),
        _ => None,
    },
};

/// Terraform names a configuration by the last part of its ID.
static LAST_SEGMENT: Codec = Codec {
    name: "last segment",
    encode: |value| {
        let last = value.as_str().and_then(|id| id.rsplit('/').next());
        last.map_or_else(|| value.clone(), |name| Value::from(name.to_owned()))
    },
    decode: |value| Some(value.clone()),
};
