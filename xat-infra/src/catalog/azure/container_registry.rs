//! Container registries: where images live.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use crate::azure::built_in_roles::{GIVE_ROLE, PULL_IMAGES};
use crate::azure::common::{
    ALLOWED_IPS, ALLOWED_SUBNETS, NO_SPACES, STATUS, allow, identity_setters, say_identities,
};
use crate::azure::{
    Bypass, CustomerKey, IdentityType, PrincipalId, PrivateLinkTarget, Region, ResourceGroup,
    Retention, RuleAction, UserAssignedIdentity,
};
use crate::dsl::{Handle, Meta, Name, OfType, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS, each, try_each};
use crate::schema::{CheckContext, Codec, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, name};

/// A container registry.
///
/// Its type says its price tier, because most of what makes a registry private exists in Premium alone. Secure from
/// the start: no admin user, no anonymous pull, and no public network access where the tier can do without.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries@2025-11-01",
    terraform = "azurerm_container_registry",
    holds_data,
    private_new,
    check = limits,
    import = say,
    fact = Fact::Logs,
    fact = Fact::Acts { through: &["key_uri"], identity: "key_client_id" },
    fact = Fact::Needs { output: "login_server", roles: PULL_IMAGES, give: GIVE_ROLE },
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries"
)]
#[output(login_server: Text, arm = "properties.loginServer", tf = "login_server",
    doc = "The registry's host name, as it stands in front of an image's name.")]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the registry's own identity, where it has one.")]
pub struct ContainerRegistry<T: RegistryTier = Standard> {
    /// The registry's name, unique in the whole cloud: it becomes a host name.
    #[name(
        len = 5..=50, chars = alphanumeric, global,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The price tier.
    #[prop(arm = "sku.name", tf = "sku", label = "tier", danger = Cost)]
    sku: RegistrySku,
    /// Whether one shared user with a password may push and pull everything. There is no setter: use identities.
    #[prop(
        arm = "properties.adminUserEnabled",
        tf = "admin_enabled",
        default = false,
        service = false,
        exposes = true,
        no_setter
    )]
    admin_user: bool,
    /// Whether anyone may pull without signing in.
    #[prop(
        arm = "properties.anonymousPullEnabled",
        tf = "anonymous_pull_enabled",
        default = false,
        service = false,
        exposes = true,
        no_setter
    )]
    anonymous_pull: bool,
    /// Whether the registry answers on the internet at all. Only Premium can do without: below it, it always does.
    #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access_enabled", codec = ENABLED_DISABLED,
        default = false, service = true, exposes = true, danger = Downtime, only = "Premium")]
    public_network_access: bool,
    /// Who may reach the registry's public side.
    #[prop(arm = "properties.networkRuleSet", tf = "network_rule_set", danger = Downtime, only = "Premium",
        tf_object("default_action", "ip_rule"))]
    network_rules: Option<RegistryNetworkRules>,
    /// Who may pass whatever the network rules say.
    #[prop(arm = "properties.networkRuleBypassOptions", tf = "network_rule_bypass_option",
        service = Bypass::AzureServices, exposes = Bypass::AzureServices)]
    network_bypass: Option<Bypass>,
    /// Whether the registry's own tasks pass the network rules with their managed identity.
    #[prop(
        arm = "properties.networkRuleBypassAllowedForTasks",
        tf = "network_rule_bypass_for_tasks_enabled",
        service = false,
        exposes = true,
        only = "Premium"
    )]
    network_bypass_for_tasks: Option<bool>,
    /// Whether layers are served by host names of the registry's own, which firewalls can tell apart.
    #[prop(arm = "properties.dataEndpointEnabled", tf = "data_endpoint_enabled", service = false,
        danger = Downtime, only = "Premium")]
    data_endpoint: Option<bool>,
    /// Whether it is spread over the region's zones; fixed when the registry is made.
    #[prop(arm = "properties.zoneRedundancy", tf = "zone_redundancy_enabled", codec = ENABLED_DISABLED,
        service = false, replace, only = "Premium")]
    zone_redundancy: Option<bool>,
    /// After how many days, 0 to 365, manifests without a tag are deleted; never, unless said.
    #[prop(arm = "properties.policies.retentionPolicy", tf = "retention_policy_in_days", codec = RETENTION,
        label = "retention of untagged manifests", unit = "days", shrink = DataLoss, only = "Premium")]
    untagged_retention: Option<Retention>,
    /// Whether images may be signed by content trust, which Azure is retiring.
    #[prop(arm = "properties.policies.trustPolicy", codec = TRUST, label = "content trust", service = false,
        danger = Downtime, only = "Premium")]
    content_trust: Option<bool>,
    /// Whether images may be copied out by means of the registry. It can be off only without public network access.
    #[prop(arm = "properties.policies.exportPolicy.status", tf = "export_policy_enabled", codec = STATUS,
        label = "export", service = true, exposes = true, only = "Premium")]
    export: Option<bool>,
    /// Whether pushed images wait in quarantine until a scanner lets them go.
    #[prop(arm = "properties.policies.quarantinePolicy.status", tf = "quarantine_policy_enabled", codec = STATUS,
        service = false, danger = Downtime, only = "Premium")]
    quarantine: Option<bool>,
    /// Whether tokens that were issued for Azure Resource Manager are accepted too.
    #[prop(arm = "properties.policies.azureADAuthenticationAsArmPolicy.status",
        tf = "azuread_authentication_as_arm_policy_enabled", codec = STATUS, label = "ARM tokens",
        service = true, exposes = true, danger = Downtime)]
    arm_tokens: Option<bool>,
    /// Whether role assignments can be narrowed to repositories.
    #[prop(arm = "properties.roleAssignmentMode", tf = "role_assignment_mode",
        service = RoleAssignmentMode::LegacyRegistryPermissions, danger = Downtime)]
    role_assignment_mode: Option<RoleAssignmentMode>,
    /// Which identities the registry has.
    #[prop(arm = "identity.type", tf = "identity.type", canon = NO_SPACES, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that the registry has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Whether images are encrypted with a key of one's own; fixed when the registry is made.
    #[prop(arm = "properties.encryption.status", codec = STATUS, service = false, replace, no_setter)]
    own_key: Option<bool>,
    /// The key's address in its vault.
    #[prop(arm = "properties.encryption.keyVaultProperties.keyIdentifier", tf = "encryption.key_vault_key_id",
        tf_object("identity_client_id", "key_vault_key_id"), label = "encryption key", canon = canons::URL, danger = Downtime, no_setter)]
    key_uri: Option<Text>,
    /// The client ID of the identity that uses the key.
    #[prop(arm = "properties.encryption.keyVaultProperties.identity", tf = "encryption.identity_client_id",
        label = "encryption identity", canon = canons::CASE, danger = Downtime, no_setter)]
    key_client_id: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    tier: PhantomData<T>,
    meta: Meta,
}

/// A registry's price tier, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no price tier of a registry",
    label = "not a tier",
    note = "the tiers are `Basic`, `Standard` and `Premium`"
)]
pub trait RegistryTier: 'static {
    /// The tier as a value.
    const SKU: RegistrySku;
    /// Whether a registry of this tier can do without its public side.
    const PRIVATE: bool;
}

/// A tier in which registries may be pulled from without signing in.
pub trait AnonymousTier: RegistryTier {}

/// For trying things out: 10 GiB, always on the internet.
#[derive(Clone, Copy, Debug)]
pub struct Basic;

/// For most uses: 100 GiB, always on the internet.
#[derive(Clone, Copy, Debug)]
pub struct Standard;

/// For private networks: 500 GiB, private endpoints, network rules, zones.
#[derive(Clone, Copy, Debug)]
pub struct Premium;

#[diagnostic::do_not_recommend]
impl RegistryTier for Basic {
    const SKU: RegistrySku = RegistrySku::Basic;
    const PRIVATE: bool = false;
}

#[diagnostic::do_not_recommend]
impl RegistryTier for Standard {
    const SKU: RegistrySku = RegistrySku::Standard;
    const PRIVATE: bool = false;
}

#[diagnostic::do_not_recommend]
impl RegistryTier for Premium {
    const SKU: RegistrySku = RegistrySku::Premium;
    const PRIVATE: bool = true;
}

impl AnonymousTier for Standard {}
impl AnonymousTier for Premium {}

impl PrivateLinkTarget for ContainerRegistry<Premium> {
    const GROUP: &'static str = "registry";
    const ZONE: &'static str = "privatelink.azurecr.io";
}

// What hangs on a registry of any tier takes it as a `Ref<ContainerRegistry>`.
impl OfType<ContainerRegistry> for ContainerRegistry<Basic> {}
impl OfType<ContainerRegistry> for ContainerRegistry<Premium> {}

identity_setters!(impl<T: RegistryTier> ContainerRegistry<T>);

impl ContainerRegistry<Basic> {
    /// A registry for trying things out.
    #[track_caller]
    #[must_use]
    pub fn basic(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::of_tier(name, group)
    }
}

impl ContainerRegistry<Standard> {
    /// A registry for most uses, on the internet behind role assignments.
    #[track_caller]
    #[must_use]
    pub fn standard(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::of_tier(name, group)
    }
}

impl ContainerRegistry<Premium> {
    /// A registry that is off the internet: reach it by a private endpoint.
    #[track_caller]
    #[must_use]
    pub fn premium(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::of_tier(name, group)
    }

    /// Encrypts images with a key of a vault, through an identity that may use it. The vault needs purge protection:
    /// without the key, the images are gone.
    #[track_caller]
    #[must_use]
    pub fn customer_key(
        mut self,
        key: impl Into<CustomerKey>,
        identity: Handle<UserAssignedIdentity>,
    ) -> Self {
        for property in [Self::OWN_KEY, Self::KEY_URI, Self::KEY_CLIENT_ID] {
            self.meta.set_here(property.index());
        }
        self.own_key = Some(true);
        self.key_uri = Some(key.into().uri);
        self.key_client_id = Some(identity.client_id().into());
        self.identity(identity)
    }
}

impl<T: RegistryTier> ContainerRegistry<T> {
    #[track_caller]
    fn of_tier(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        let mut registry = Self::declare_new(name, group, T::SKU);
        registry.public_network_access = !T::PRIVATE;
        registry
    }
}

impl<T: AnonymousTier> ContainerRegistry<T> {
    /// Lets anyone pull without signing in: for images that are public anyway.
    #[track_caller]
    #[must_use]
    pub fn anonymous_pull(mut self, allowed: bool) -> Self {
        self.meta.set_here(Self::ANONYMOUS_PULL.index());
        self.anonymous_pull = allowed;
        self
    }
}

/// The tier is the type's argument, and has a constructor of its own.
fn say(registry: &mut Saying<'_>) {
    let tiers = [("Basic", "basic"), ("Standard", "standard"), ("Premium", "premium")];
    let Some((tier, constructor)) = tiers.into_iter().find(|(tier, _)| registry.reads("sku", tier))
    else {
        return;
    };
    registry.argument(tier);
    registry.construct(&format!("ContainerRegistry::{constructor}"), &["name", "group"]);
    registry.settle(&["sku"]);
    registry.implies("public_network_access", tier != "Premium");
    say_identities(registry, false);
    if tier != "Basic" && registry.is("anonymous_pull", true) {
        registry.call(".anonymous_pull(true)".to_owned(), &["anonymous_pull"]);
    }
}

/// A registry's price tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RegistrySku {
    /// For trying things out.
    Basic,
    /// For most uses.
    Standard,
    /// For private networks.
    Premium,
}

/// How far role assignments on a registry can be narrowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RoleAssignmentMode {
    /// To the registry.
    LegacyRegistryPermissions,
    /// To repositories, by conditions. The older pull and push roles then stop to count.
    AbacRepositoryPermissions,
}

/// Who may reach a registry's public side.
#[derive(Clone, Block)]
pub struct RegistryNetworkRules {
    /// What happens to everyone whom no rule names.
    #[prop(arm = "defaultAction", tf = "default_action", default = RuleAction::Deny, service = RuleAction::Allow,
        exposes = RuleAction::Allow)]
    default_action: RuleAction,
    /// Addresses or ranges that may pass.
    #[prop(arm = "ipRules", tf = "ip_rule", codec = ALLOWED_IPS, tf_codec = TF_IP_RULES, canon = canons::CIDR,
        service = Set::default(), label = "IP rules", danger = Exposure, each = "ip_rule",
        tf_object("action", "ip_range"))]
    ip_rules: Option<Set<Text>>,
    /// Subnets that may pass. Only old versions of the service take them, and none returns them.
    #[prop(arm = "virtualNetworkRules", codec = ALLOWED_SUBNETS, canon = canons::RESOURCE_ID, write_only, no_setter)]
    subnets: Option<Set<Text>>,
}

/// Addresses in Terraform's words; there are no rules but those that let through.
static TF_IP_RULES: Codec = Codec {
    name: "list of rules with ip_range",
    encode: |value| each(value, |ip| allow("ip_range", ip)),
    decode: |value| try_each(value, |rule| rule.at(&["ip_range"]).cloned()),
};

/// Content trust has one kind, which ARM wants said.
static TRUST: Codec = Codec {
    name: "object with type and status",
    encode: |value| {
        Value::map([("type", Value::literal("Notary")), ("status", (STATUS.encode)(value))])
    },
    decode: |value| (STATUS.decode)(value.at(&["status"])?),
};

/// ARM keeps the days beside a switch; days without the switch mean nothing.
static RETENTION: Codec = Codec {
    name: "object with days and status",
    encode: |value| Value::map([("days", value.clone()), ("status", Value::literal("enabled"))]),
    decode: |value| match (STATUS.decode)(value.at(&["status"])?)? {
        Value::Bool(true) => value.at(&["days"]).cloned(),
        _ => Some(Value::Null),
    },
};

fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "untagged_retention",
        0..=365,
        "https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy",
    );
    if check.is("export", false) && check.is("public_network_access", true) {
        check.report(
            "export",
            "export can be turned off only in a registry without public network access",
            "turn public network access off too: \
             https://learn.microsoft.com/azure/container-registry/data-loss-prevention",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let keys = stack.add(UserAssignedIdentity::new(name!("shop-images-id"), group));
    stack.add(ContainerRegistry::basic(name!("shoptrials"), group));
    stack.add(ContainerRegistry::standard(name!("shopsamples"), group).anonymous_pull(true));
    let registry = ContainerRegistry::premium(name!("shopimages"), group)
        .public_network_access(false)
        .network_rules(RegistryNetworkRules::new().ip_rule("203.0.113.0/24"))
        .network_bypass(Bypass::None)
        .network_bypass_for_tasks(false)
        .data_endpoint(true)
        .zone_redundancy(true)
        .untagged_retention(Retention::days(30))
        .content_trust(false)
        .export(false)
        .quarantine(false)
        .arm_tokens(false)
        .role_assignment_mode(RoleAssignmentMode::AbacRepositoryPermissions)
        .customer_key(CustomerKey::existing("https://shop-kv.vault.azure.net", "images"), keys)
        .tag("owner", "platform");
    stack.add(registry).node()
}
