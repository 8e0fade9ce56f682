//! Key vaults: where secrets live.

use std::collections::BTreeMap;

use crate::azure::common::{inner, public_ip_problem};
use crate::azure::{Region, ResourceGroup, Retention};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_OBJECTS};
use crate::schema::{CheckContext, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, azure, name};

/// A key vault.
///
/// Secure from the start: role-based access, soft delete, purge protection, no public network access.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.KeyVault/vaults@2024-11-01",
    terraform = "azurerm_key_vault",
    holds_data,
    soft_delete(arm = "Microsoft.KeyVault/deletedVaults", id = "properties.vaultId", recover = "properties.createMode = recover"),
    constant(arm = "properties.sku.family", value = "A"),
    check = limits,
    import = say,
    fact = Fact::Logs,
    fact = Fact::RolesDecide("rbac_authorization"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.keyvault/vaults"
)]
#[output(uri: Text, arm = "properties.vaultUri", tf = "vault_uri",
    doc = "The vault's data-plane address, with a trailing slash.")]
pub struct KeyVault {
    /// The vault's name, unique in the whole cloud: it becomes a host name.
    #[name(
        len = 3..=24, chars = alphanumeric, and = "-", start = Letter, no_double_hyphen, global,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The tenant whose identities may use the vault (a GUID); the stack's, unless said.
    #[prop(arm = "properties.tenantId", tf = "tenant_id", canon = canons::CASE,
        parameter = "azure.tenant", danger = Downtime)]
    tenant: Option<Text>,
    /// Standard, or Premium for keys in hardware.
    #[prop(arm = "properties.sku.name", tf = "sku_name", default = VaultSku::Standard, danger = Cost)]
    sku: VaultSku,
    /// Whether access is by role assignments rather than by access policies in the vault.
    #[prop(arm = "properties.enableRbacAuthorization", tf = "rbac_authorization_enabled",
        label = "role-based access", default = true, service = false, danger = Exposure)]
    rbac_authorization: bool,
    /// Whether even an owner must wait out the retention before a deleted vault is gone. It cannot be undone.
    #[prop(
        arm = "properties.enablePurgeProtection",
        tf = "purge_protection_enabled",
        default = true
    )]
    purge_protection: bool,
    /// For how long a deleted vault can be recovered: 7 to 90 days, fixed when the vault is made.
    #[prop(arm = "properties.softDeleteRetentionInDays", tf = "soft_delete_retention_days",
        label = "soft-delete retention", unit = "days", service = Retention::days(90), replace)]
    soft_delete_retention: Option<Retention>,
    /// Whether the vault answers on the internet at all.
    #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access_enabled",
        codec = ENABLED_DISABLED, default = false, service = true, exposes = true)]
    public_network_access: bool,
    /// Who may reach the vault's public side.
    #[prop(arm = "properties.networkAcls", tf = "network_acls", danger = Downtime)]
    network_rules: Option<VaultNetworkRules>,
    /// Who may do what, where access is by policies in the vault; they say nothing where it is by roles.
    #[prop(arm = "properties.accessPolicies", tf = "access_policy", danger = Exposure, each = "access_policy",
        tf_object("application_id", "certificate_permissions", "key_permissions", "object_id", "secret_permissions",
            "storage_permissions", "tenant_id"))]
    access_policies: Option<Set<AccessPolicy>>,
    /// Whether a deleted vault can be recovered. The service no longer lets anyone turn it off.
    #[prop(arm = "properties.enableSoftDelete", label = "soft delete", by_record, no_setter)]
    soft_delete: Option<bool>,
    /// How the vault comes to be: anew, or taken back from among the deleted.
    #[prop(arm = "properties.createMode", label = "create mode", write_only, no_setter, canon = canons::CASE)]
    create_mode: Option<Text>,
    /// Whether virtual machines may fetch certificates from it.
    #[prop(
        arm = "properties.enabledForDeployment",
        tf = "enabled_for_deployment",
        service = false,
        exposes = true
    )]
    enabled_for_deployment: Option<bool>,
    /// Whether disk encryption may unwrap keys with it.
    #[prop(
        arm = "properties.enabledForDiskEncryption",
        tf = "enabled_for_disk_encryption",
        service = false,
        exposes = true
    )]
    enabled_for_disk_encryption: Option<bool>,
    /// Whether ARM deployments may read secrets from it.
    #[prop(
        arm = "properties.enabledForTemplateDeployment",
        tf = "enabled_for_template_deployment",
        service = false,
        exposes = true
    )]
    enabled_for_template_deployment: Option<bool>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// A vault's price tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum VaultSku {
    /// Keys in software.
    #[choice("standard")]
    Standard,
    /// Keys in hardware.
    #[choice("premium")]
    Premium,
}

/// Who may reach a vault's public side.
#[derive(Clone, Block)]
pub struct VaultNetworkRules {
    /// What happens to everyone whom no rule names.
    #[prop(arm = "defaultAction", tf = "default_action", default = RuleAction::Deny, exposes = RuleAction::Allow)]
    default_action: RuleAction,
    /// Who may pass whatever the rules say.
    #[prop(arm = "bypass", tf = "bypass", default = Bypass::AzureServices, exposes = Bypass::AzureServices)]
    bypass: Bypass,
    /// Addresses or ranges that may pass.
    #[prop(arm = "ipRules", tf = "ip_rules", codec = IP_RULES, canon = canons::CIDR, danger = Exposure,
        each = "ip_rule")]
    ip_rules: Option<Set<Text>>,
    /// Subnets that may pass, by their service endpoint.
    #[prop(arm = "virtualNetworkRules", tf = "virtual_network_subnet_ids", codec = ID_OBJECTS, danger = Exposure,
        each = "subnet")]
    subnets: Option<Set<crate::dsl::AnyRef>>,
}

/// What one principal may do with a vault's contents, where access is by policies.
#[derive(Clone, Block)]
pub struct AccessPolicy {
    /// The principal's tenant (a GUID).
    #[prop(arm = "tenantId", tf = "tenant_id", canon = canons::CASE)]
    tenant: Text,
    /// The principal's object ID.
    #[prop(arm = "objectId", tf = "object_id", canon = canons::CASE)]
    object: Text,
    /// The application through which the principal must come, if it must come through one.
    #[prop(arm = "applicationId", tf = "application_id", canon = canons::CASE)]
    application: Option<Text>,
    /// What it may do with keys (`get`, `wrapKey`).
    #[prop(arm = "permissions.keys", tf = "key_permissions", canon = canons::CASE)]
    keys: Option<Set<Text>>,
    /// What it may do with secrets (`get`, `list`).
    #[prop(arm = "permissions.secrets", tf = "secret_permissions", canon = canons::CASE)]
    secrets: Option<Set<Text>>,
    /// What it may do with certificates (`get`, `import`).
    #[prop(arm = "permissions.certificates", tf = "certificate_permissions", canon = canons::CASE)]
    certificates: Option<Set<Text>>,
    /// What it may do with managed storage accounts (`get`, `regenerateKey`).
    #[prop(arm = "permissions.storage", tf = "storage_permissions", canon = canons::CASE)]
    storage: Option<Set<Text>>,
}

/// What a network rule does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RuleAction {
    /// Lets through.
    Allow,
    /// Turns away.
    Deny,
}

/// Who may pass whatever the network rules say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Bypass {
    /// Microsoft's own trusted services.
    AzureServices,
    /// No one.
    None,
}

/// Addresses that ARM wraps each in an object.
static IP_RULES: crate::schema::Codec = crate::schema::Codec {
    name: "list of objects with value",
    encode: |value| crate::schema::codecs::each(value, |ip| Value::map([("value", ip.clone())])),
    decode: |value| crate::schema::codecs::try_each(value, |rule| rule.at(&["value"]).cloned()),
};

fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "soft_delete_retention",
        7..=90,
        "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
    );
    const NETWORK: &str = "https://learn.microsoft.com/azure/key-vault/general/network-security";
    let rules = check.get("network_rules");
    if let Some(Value::List(ips)) =
        rules.and_then(|rules| inner::<VaultNetworkRules>(rules, "ip_rules"))
    {
        let count = ips.len();
        let ips = ips.iter().filter_map(Value::as_str);
        let mut bad: Vec<String> = ips.filter_map(|ip| public_ip_problem(ip, 32)).collect();
        if count > 1000 {
            bad.push(format!("{count} IP rules are more than the 1000 that a vault takes"));
        }
        for problem in bad {
            check.report("network_rules", problem, format!("public IPv4 addresses: {NETWORK}"));
        }
    }
    const POLICIES: &str =
        "https://learn.microsoft.com/azure/key-vault/general/assign-access-policy";
    let Some(Value::List(policies)) = check.get("access_policies") else { return };
    let mut problems = Vec::new();
    if check.is("rbac_authorization", true) && !policies.is_empty() {
        problems.push("access policies say nothing in a vault where access is by roles".to_owned());
    }
    if policies.len() > 1024 {
        problems.push(format!("{} access policies are more than 1024", policies.len()));
    }
    for (property, known) in PERMISSIONS {
        for policy in policies {
            let Some(Value::List(words)) = inner::<AccessPolicy>(policy, property) else {
                continue;
            };
            let strange = words
                .iter()
                .filter_map(Value::as_str)
                .filter(|word| !known.iter().any(|known| known.eq_ignore_ascii_case(word)));
            problems
                .extend(strange.map(|word| format!("`{word}` is no permission for {property}")));
        }
    }
    for problem in problems {
        let help = format!(
            "give roles instead, or say `.rbac_authorization(false)`; permissions: {POLICIES}"
        );
        check.report("access_policies", problem, help);
    }
}

/// What an access policy can allow.
const PERMISSIONS: [(&str, &[&str]); 4] = [
    (
        "keys",
        &[
            "all",
            "encrypt",
            "decrypt",
            "wrapKey",
            "unwrapKey",
            "sign",
            "verify",
            "get",
            "list",
            "create",
            "update",
            "import",
            "delete",
            "backup",
            "restore",
            "recover",
            "purge",
            "release",
            "rotate",
            "getrotationpolicy",
            "setrotationpolicy",
        ],
    ),
    ("secrets", &["all", "get", "list", "set", "delete", "backup", "restore", "recover", "purge"]),
    (
        "certificates",
        &[
            "all",
            "get",
            "list",
            "delete",
            "create",
            "import",
            "update",
            "managecontacts",
            "getissuers",
            "listissuers",
            "setissuers",
            "deleteissuers",
            "manageissuers",
            "recover",
            "purge",
            "backup",
            "restore",
        ],
    ),
    (
        "storage",
        &[
            "all",
            "get",
            "list",
            "delete",
            "set",
            "update",
            "regeneratekey",
            "recover",
            "purge",
            "backup",
            "restore",
            "setsas",
            "listsas",
            "getsas",
            "deletesas",
        ],
    ),
];

fn say(vault: &mut Saying<'_>) {
    vault.construct("KeyVault::new", &["name", "group"]);
    // Neither is a stack's to say: the one is always on by now, the other is about the first moment.
    vault.settle(&["soft_delete", "create_mode"]);
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), azure::Region::WestEurope));
    let vault = KeyVault::new(name!("shop-kv"), group)
        .soft_delete_retention(Retention::days(30))
        .network_rules(VaultNetworkRules::new().ip_rule("203.0.113.7"))
        .tag("owner", "platform");
    stack.add(vault).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refused};

    fn vault() -> KeyVault {
        KeyVault::new(name!("shop-kv"), group())
    }

    #[test]
    fn retention_and_addresses() {
        assert_eq!(refused(vault().soft_delete_retention(Retention::days(7))), [""; 0]);
        let short = vault().soft_delete_retention(Retention::days(6));
        assert_eq!(refused(short), ["soft_delete_retention"]);
        let from = |ip: &'static str| vault().network_rules(VaultNetworkRules::new().ip_rule(ip));
        assert_eq!(refused(from("203.0.113.7/32")), [""; 0]);
        assert_eq!(refused(from("10.1.0.0/16")), ["network_rules"]);
        let many = (0..1001).map(|n| format!("203.0.{}.{}", n / 256, n % 256));
        let many = vault().network_rules(VaultNetworkRules::new().ip_rules(many));
        assert_eq!(refused(many), ["network_rules"]);
    }

    #[test]
    fn policies_count_where_access_is_by_policy() {
        let policy = |words: [&'static str; 2]| AccessPolicy::new("t", "o").secrets(words);
        let by_policy = vault().rbac_authorization(false);
        assert_eq!(refused(by_policy.access_policy(policy(["get", "List"]))), [""; 0]);
        let by_role = vault().access_policy(policy(["get", "list"]));
        assert_eq!(refused(by_role), ["access_policies"]);
        let odd = vault().rbac_authorization(false).access_policy(policy(["get", "read"]));
        assert_eq!(refused(odd), ["access_policies"]);
    }
}
