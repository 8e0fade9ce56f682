//! Salted hashes of declared values: enough to see that something changed, too little to learn what it was.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the hashes of one state are salted with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Salt(String);

impl Salt {
    /// A salt of this text. Apply makes it at random; tests and recorded states choose it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hash of a field's value: 128 bits of SHA-256 over salt, path and value, in hexadecimal.
    pub fn hash(&self, path: &str, value: &str) -> String {
        let mut hasher = Sha256::new();
        for piece in [self.0.as_str(), path, value] {
            // Lengths in front keep pieces apart: no two different triples are one text.
            hasher.update((piece.len() as u64).to_le_bytes());
            hasher.update(piece.as_bytes());
        }
        hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Salt;

    #[test]
    fn salt_path_and_value_all_matter() {
        let salt = Salt::new("a");
        let hash = salt.hash("sku", "standard");
        assert_eq!(hash.len(), 32);
        assert_eq!(hash, salt.hash("sku", "standard"));
        assert_ne!(hash, Salt::new("b").hash("sku", "standard"));
        assert_ne!(hash, salt.hash("sk", "ustandard"));
        assert_ne!(hash, salt.hash("sku", "premium"));
    }
}
