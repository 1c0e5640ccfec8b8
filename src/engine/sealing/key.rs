//! The Ed25519 key that signs checkpoints.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;
use std::str::FromStr;

/// Signs.
#[derive(Debug)]
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// Checks what was signed. The default has signed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PublicKey([u8; 32]);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key of Ed25519: 64 hexadecimal digits are one")]
pub struct NotAKey;

impl SigningKey {
    /// The key that is made of 32 secret bytes.
    ///
    /// # Errors
    /// When there are not 32.
    pub fn from_seed(seed: &[u8]) -> Result<Self, NotAKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NotAKey)?;
        let public: &[u8] = pair.public_key().as_ref();
        let public: [u8; 32] = public.try_into().map_err(|_| NotAKey)?;
        Ok(Self { pair, public: PublicKey(public) })
    }

    /// What checks its signatures.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.pair.sign(message);
        let bytes: &[u8] = signature.as_ref();
        bytes.to_vec()
    }
}

impl PublicKey {
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| NotAKey)?;
        Ok(Self(bytes))
    }
}
