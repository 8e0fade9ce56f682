//! A key of a vault that a service encrypts with.

use std::borrow::Cow;

use crate::azure::VaultKey;
use crate::dsl::Handle;
use crate::text;
use crate::value::Text;

/// A key that a service encrypts with, in the three pieces that services ask for.
#[derive(Clone)]
pub struct CustomerKey {
    pub(crate) vault_uri: Text,
    pub(crate) name: Text,
    pub(crate) version: Option<Text>,
    pub(crate) uri: Text,
}

impl CustomerKey {
    /// A key that exists outside this stack, by its vault's address (`https://shop-kv.vault.azure.net/`) and its name.
    /// It names no version: the service follows the key's rotation.
    pub fn existing(
        vault_uri: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (mut vault, name) = (vault_uri.into().into_owned(), name.into());
        if !vault.ends_with('/') {
            vault.push('/');
        }
        let uri = Text::from(format!("{vault}keys/{name}"));
        Self { vault_uri: Text::from(vault), name: Text::Literal(name), version: None, uri }
    }

    /// One version of the key, which the service then keeps until it is told another.
    #[must_use]
    pub fn version(mut self, version: impl Into<Text>) -> Self {
        let version = version.into();
        self.uri = text!("{}/{}", self.uri, version.clone());
        self.version = Some(version);
        self
    }
}

impl From<Handle<VaultKey>> for CustomerKey {
    fn from(key: Handle<VaultKey>) -> Self {
        Self {
            vault_uri: key.vault_uri().into(),
            name: key.name().into(),
            version: None,
            uri: key.uri().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CustomerKey;

    #[test]
    fn a_key_outside_is_one_address() {
        let key = CustomerKey::existing("https://shop-kv.vault.azure.net", "files").version("1a");
        assert_eq!(key.uri.literal(), Some("https://shop-kv.vault.azure.net/keys/files/1a"));
    }
}
