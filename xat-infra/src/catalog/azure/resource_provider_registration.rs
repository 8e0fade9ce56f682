//! Registrations of resource providers: which services a subscription may use.

use crate::azure::{Region, ResourceGroup};
use crate::dsl::Resource as _;
use crate::dsl::{Meta, Name, Stack};
use crate::schema::{CheckContext, canons};
use crate::value::NodeRef;
use crate::{Choice, Resource, name};

/// The registration of a resource provider with the subscription: its resources cannot be made before. Who makes
/// resources of it in the same stack says so: `.depends_on(registration)`.
///
/// Azure knows every provider of every subscription; a registration is made and taken back by an action rather than
/// written, and no ARM template can do either. It is taken back only when nothing of the provider is left in the
/// subscription. Terraform's provider registers a set of its own accord: leave those out of the stack or tell it not to.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Resources/providers@2021-04-01",
    terraform = "azurerm_resource_provider_registration",
    scope = Root,
    action(make = "register", unmake = "unregister"),
    check = limits,
    source = "https://learn.microsoft.com/rest/api/resources/providers/register"
)]
pub struct ResourceProviderRegistration {
    /// The provider's namespace (`Microsoft.Web`).
    #[name(
        len = 3..=260, chars = alphanumeric, and = ".-", start = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types"
    )]
    name: Name<Self>,
    /// Whether the subscription may use it. What is on its way there is not there yet.
    #[prop(arm = "registrationState", label = "registration", default = RegistrationState::Registered,
        canon = canons::CASE, no_setter)]
    state: RegistrationState,
    meta: Meta,
}

/// How far a provider is registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RegistrationState {
    /// The subscription may use it.
    Registered,
    /// The subscription will be able to.
    Registering,
    /// The subscription will not be able to any more.
    Unregistering,
    /// The subscription may not.
    NotRegistered,
}

fn limits(check: &mut CheckContext<'_>) {
    if let Some(name) = check.text("name").filter(|name| !name.contains('.')) {
        let what = format!("`{name}` is not the namespace of a provider");
        check.report(
            "name",
            what,
            "say it with its publisher, as in `Microsoft.Web`: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let web = stack.add(ResourceProviderRegistration::new(name!("Microsoft.Web")));
    let group = ResourceGroup::new(name!("shop-rg"), Region::WestEurope).depends_on(web);
    stack.add(group);
    web.node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn a_namespace_has_a_publisher() {
        assert_eq!(refused(ResourceProviderRegistration::new(name!("Microsoft.Web"))), [""; 0]);
        assert_eq!(refused(ResourceProviderRegistration::new(name!("Web"))), ["name"]);
    }
}
