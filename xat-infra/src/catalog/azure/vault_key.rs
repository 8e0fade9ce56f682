//! Keys in a key vault.

use std::collections::BTreeMap;

use crate::azure::built_in_roles::{GIVE_ROLE, USE_KEYS};
use crate::azure::key_rotation::{ROTATION, TF_ROTATION, is_duration};
use crate::azure::vault_secret::UNIX_SECONDS;
use crate::azure::{KeyRotation, KeyVault, KeyVaultOutputs, Region, ResourceGroup, VaultSku};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A key in a key vault, made there and never leaving it.
///
/// Azure Resource Manager makes keys and deletes or changes none: what it is told of a key that exists has no effect.
/// Change a key through the vault itself, or through Terraform, which talks to the vault.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.KeyVault/vaults/keys@2024-11-01",
    terraform = "azurerm_key_vault_key",
    tf_id = "resource_versionless_id",
    tf_import = "{versioned_uri}",
    scope = Child,
    holds_data,
    private_new,
    check = limits,
    import = say,
    fact = Fact::Needs { output: "uri", roles: USE_KEYS, give: GIVE_ROLE },
    fact = Fact::Needs { output: "versioned_uri", roles: USE_KEYS, give: GIVE_ROLE },
    source = "https://learn.microsoft.com/azure/templates/microsoft.keyvault/vaults/keys"
)]
#[output(uri: Text, arm = "properties.keyUri", tf = "versionless_id",
    doc = "The key's address without a version: whoever encrypts with it follows its rotation.")]
#[output(versioned_uri: Text, arm = "properties.keyUriWithVersion", tf = "id",
    doc = "The address of the key's newest version.")]
#[output(vault_uri: Text, parent = KeyVaultOutputs::SPECS[0], doc = "The address of the key's vault.")]
pub struct VaultKey {
    /// The key's name, unique in its vault.
    #[name(
        len = 1..=127, chars = alphanumeric, and = "-", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault"
    )]
    name: Name<Self>,
    /// The vault that holds it.
    #[prop(tf = "key_vault_id", parent)]
    vault: Ref<KeyVault>,
    /// What the key is made of.
    #[prop(arm = "properties.kty", tf = "key_type", label = "key type", replace)]
    kind: KeyKind,
    /// How long it is, in bits, where it is an RSA key.
    #[prop(
        arm = "properties.keySize",
        tf = "key_size",
        label = "key size",
        unit = "bits",
        replace,
        no_setter
    )]
    size: Option<u16>,
    /// Its curve, where it is an elliptic one.
    #[prop(arm = "properties.curveName", tf = "curve", replace, no_setter)]
    curve: Option<KeyCurve>,
    /// What may be done with it.
    #[prop(arm = "properties.keyOps", tf = "key_opts", danger = Downtime)]
    operations: Option<Set<KeyOperation>>,
    /// When a new version of it is made, and when people are told.
    #[prop(arm = "properties.rotationPolicy", tf = "rotation_policy", codec = ROTATION, tf_codec = TF_ROTATION, tf_blocks)]
    rotation: Option<KeyRotation>,
    /// Whether it can be used at all.
    #[prop(arm = "properties.attributes.enabled", service = true, danger = Downtime)]
    enabled: Option<bool>,
    /// From when on it can be used, in UTC (`2027-01-31T00:00:00Z`).
    #[prop(arm = "properties.attributes.nbf", tf = "not_before_date", codec = UNIX_SECONDS, canon = canons::DATE,
        danger = Downtime)]
    not_before: Option<Text>,
    /// Until when it can be used, in UTC (`2027-01-31T00:00:00Z`).
    #[prop(arm = "properties.attributes.exp", tf = "expiration_date", codec = UNIX_SECONDS, canon = canons::DATE,
        danger = Downtime)]
    expires: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl VaultKey {
    /// An RSA key of 2048, 3072 or 4096 bits, for encryption at rest: it can wrap and unwrap.
    #[track_caller]
    #[must_use]
    pub fn rsa(name: Name<Self>, vault: impl Into<Ref<KeyVault>>, bits: u16) -> Self {
        let mut key = Self::declare_new(name, vault, KeyKind::Rsa);
        key.size = Some(bits);
        key.operations([KeyOperation::WrapKey, KeyOperation::UnwrapKey])
    }

    /// A key on an elliptic curve, for signatures.
    #[track_caller]
    #[must_use]
    pub fn elliptic(name: Name<Self>, vault: impl Into<Ref<KeyVault>>, curve: KeyCurve) -> Self {
        let mut key = Self::declare_new(name, vault, KeyKind::Elliptic);
        key.curve = Some(curve);
        key.operations([KeyOperation::Sign, KeyOperation::Verify])
    }

    /// The same key, in hardware. The vault must be of the tier Premium.
    #[track_caller]
    #[must_use]
    pub fn in_hardware(mut self) -> Self {
        self.meta.set_here(Self::KIND.index());
        self.kind = match self.kind {
            KeyKind::Rsa | KeyKind::RsaHardware => KeyKind::RsaHardware,
            KeyKind::Elliptic | KeyKind::EllipticHardware => KeyKind::EllipticHardware,
        };
        self
    }
}

/// A key is an RSA key or one on a curve, and its constructor says which and what it is for.
fn say(key: &mut Saying<'_>) {
    use KeyOperation::{Sign, UnwrapKey, Verify, WrapKey};
    let rsa = key.text("kind").is_some_and(|kind| kind.starts_with("RSA"));
    let (constructor, size, operations) = if rsa {
        ("VaultKey::rsa", "size", [WrapKey, UnwrapKey])
    } else {
        ("VaultKey::elliptic", "curve", [Sign, Verify])
    };
    if key.construct(constructor, &["name", "vault", size]) {
        key.implies("operations", operations.map(|does| Value::literal(does.word())).to_vec());
        if key.text("kind").is_some_and(|kind| kind.ends_with("-HSM")) {
            key.call(".in_hardware()".to_owned(), &["kind"]);
        }
        key.settle(&["kind"]);
    }
}

/// What a key is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum KeyKind {
    /// RSA, in software.
    #[choice("RSA")]
    Rsa,
    /// RSA, in hardware.
    #[choice("RSA-HSM")]
    RsaHardware,
    /// An elliptic curve, in software.
    #[choice("EC")]
    Elliptic,
    /// An elliptic curve, in hardware.
    #[choice("EC-HSM")]
    EllipticHardware,
}

/// An elliptic curve.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum KeyCurve {
    /// NIST P-256.
    #[choice("P-256")]
    P256,
    /// SECG secp256k1.
    #[choice("P-256K")]
    P256K,
    /// NIST P-384.
    #[choice("P-384")]
    P384,
    /// NIST P-521.
    #[choice("P-521")]
    P521,
}

/// What may be done with a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum KeyOperation {
    /// Encrypts data.
    #[choice("encrypt")]
    Encrypt,
    /// Decrypts data.
    #[choice("decrypt")]
    Decrypt,
    /// Encrypts other keys.
    #[choice("wrapKey")]
    WrapKey,
    /// Decrypts other keys.
    #[choice("unwrapKey")]
    UnwrapKey,
    /// Signs.
    #[choice("sign")]
    Sign,
    /// Checks signatures.
    #[choice("verify")]
    Verify,
}

fn limits(check: &mut CheckContext<'_>) {
    const KEYS: &str = "https://learn.microsoft.com/azure/key-vault/keys/about-keys-details";
    let size = check.get("size").and_then(Value::as_int);
    if let Some(size) = size.filter(|size| ![2048, 3072, 4096].contains(size)) {
        let help = format!("2048, 3072 or 4096: {KEYS}");
        check.report("size", format!("no RSA key has {size} bits"), help);
    }
    let standard = check.holder("sku").and_then(Value::as_str) == Some(VaultSku::Standard.word());
    if standard && check.text("kind").is_some_and(|kind| kind.ends_with("-HSM")) {
        let what = "a vault of the tier standard keeps no keys in hardware";
        check.report("kind", what, format!("say `.sku(VaultSku::Premium)` on the vault: {KEYS}"));
    }
    let elliptic = check.text("kind").is_some_and(|kind| kind.starts_with("EC"));
    let signs = [KeyOperation::Sign, KeyOperation::Verify].map(|operation| operation.word());
    if let Some(Value::List(operations)) = check.get("operations") {
        let wrong: Vec<String> = operations
            .iter()
            .filter_map(Value::as_str)
            .filter(|operation| elliptic && !signs.contains(operation))
            .map(|operation| format!("a key on an elliptic curve cannot {operation}"))
            .collect();
        for problem in wrong {
            check.report("operations", problem, format!("it signs and verifies: {KEYS}"));
        }
    }
    crate::azure::vault_secret::dates(check);
    const SPANS: &str =
        "https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation";
    if let Some(Value::Map(spans)) = check.get("rotation") {
        let bad: Vec<String> = spans
            .iter()
            .filter_map(|(_, span)| span.as_str())
            .filter(|span| !is_duration(span))
            .map(|span| format!("`{span}` is not a duration in years, months or days"))
            .collect();
        for problem in bad {
            check.report("rotation", problem, format!("write it as `P90D` or `P2Y`: {SPANS}"));
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group).sku(VaultSku::Premium));
    stack.add(VaultKey::elliptic(name!("releases"), vault, KeyCurve::P256));
    let key = VaultKey::rsa(name!("files"), vault, 4096)
        .in_hardware()
        .rotation(KeyRotation::before_expiry("P30D", "P2Y").notify("P60D"))
        .enabled(true)
        .not_before("2026-01-01T00:00:00Z")
        .expires("2028-02-29T12:30:00Z")
        .tag("owner", "platform");
    stack.add(key).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn vault() -> Ref<KeyVault> {
        Ref::existing("/subscriptions/s/x")
    }

    #[test]
    fn keys_that_cannot_be() {
        let rsa = |bits| VaultKey::rsa(name!("files"), vault(), bits);
        assert_eq!(refused(rsa(3072)), [""; 0]);
        assert_eq!(refused(rsa(1024)), ["size"]);
        let curve = VaultKey::elliptic(name!("files"), vault(), KeyCurve::P521);
        let wrapping = VaultKey::elliptic(name!("files"), vault(), KeyCurve::P521)
            .operations([KeyOperation::WrapKey]);
        assert_eq!(refused(curve), [""; 0]);
        assert_eq!(refused(wrapping), ["operations"]);
        assert_eq!(refused(rsa(2048).expires("soon")), ["expires"]);
        assert_eq!(refused(rsa(2048).rotation(KeyRotation::after("P18M", "P2Y"))), [""; 0]);
        let odd = KeyRotation::after("18 months", "P0Y");
        assert_eq!(refused(rsa(2048).rotation(odd)), ["rotation"; 2]);
    }
}
