//! The network: a subnet for what runs, and a range for the services that Google runs in it.

use xat_infra::gcp::{self, prelude::*};

/// What others need of the network.
pub struct Network {
    /// The network itself.
    pub network: Handle<gcp::Network>,
    /// Where what runs has its addresses.
    pub run: Handle<Subnetwork>,
    /// The peering with Google's services. A database with a private address needs it first.
    pub connection: Handle<ServiceConnection>,
}

impl Network {
    /// Declares the network. Its own subnet leaves room for instances of two releases at once.
    pub fn new(stack: &mut Stack) -> Self {
        Self::with(stack, |network| {
            Subnetwork::new(name!("xat-run"), network, cidr!("10.30.0.0/24"))
        })
    }

    /// Declares the network with another subnet of its own.
    pub fn with(
        stack: &mut Stack,
        subnet: impl FnOnce(Handle<gcp::Network>) -> Subnetwork,
    ) -> Self {
        let network = stack.add(gcp::Network::new(name!("xat")));
        let run = stack.add(subnet(network).private_google_access(true));
        let services = GlobalAddress::for_peering(name!("xat-services"), network, 20);
        let services = stack.add(services);
        let connection = ServiceConnection::new(network, [Ref::from(services)]);
        let connection = stack.add(connection);
        Self { network, run, connection }
    }

    /// Declares a way out to the internet for what has no address there, and is not reached from there either.
    pub fn way_out(&self, stack: &mut Stack) -> Handle<Router> {
        let out = RouterNat::new("xat-out").log(NatLog::new().filter(NatLogged::Errors));
        stack.add(Router::new(name!("xat"), self.network).nat(out))
    }
}
