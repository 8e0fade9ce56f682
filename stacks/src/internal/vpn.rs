//! The way in: a VPN gateway for people, who sign in with their own account of the directory.

use xat_infra::azure::prelude::*;

use super::monitoring::Monitoring;
use super::naming::Naming;
use super::network::Network;

/// The VPN.
pub struct Vpn {
    /// The gateway.
    pub gateway: Handle<VirtualNetworkGateway>,
    /// Its public address.
    pub address: Handle<PublicIpAddress>,
}

impl Vpn {
    /// Declares the gateway, in every zone. Clients get addresses of `clients`, routes to the whole network, and its
    /// name server, so that private names resolve for them too.
    pub fn new(
        stack: &mut Stack,
        naming: Naming,
        group: Handle<ResourceGroup>,
        network: &Network,
        clients: Cidr,
    ) -> Self {
        let address = PublicIpAddress::new(naming.named("vpn-ip"), group).zones(["1", "2", "3"]);
        let address = stack.add(address);
        let people =
            VpnClients::entra_id(stack.tenant_id(), clients).protocols([VpnProtocol::OpenVpn]);
        let gateway = VirtualNetworkGateway::vpn(
            naming.named("vpn"),
            group,
            GatewaySku::VpnGw1AZ,
            network.gateways,
            address,
        );
        let gateway = gateway.generation(GatewayGeneration::Generation1).vpn_clients(people);
        Self { gateway: stack.add(gateway), address }
    }

    /// Keeps the records of who dialled in, and from where.
    pub fn recorded(&self, stack: &mut Stack, monitoring: &Monitoring) {
        stack.add(monitoring.records("gateway", self.gateway).all_logs().all_metrics());
        stack.add(monitoring.records("vpn-ip", self.address).all_logs().all_metrics());
    }
}
