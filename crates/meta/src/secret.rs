//! Hashes of tokens and secret keys.

use crate::MetaError;
use sha2::{Digest, Sha256};

/// The SHA-256 of a token or secret key.
///
/// Plain SHA-256 is enough because tokens carry 256 random bits: there is nothing to guess. Not for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes the whole token as the client presents it, its `tmp_` included.
    pub fn of(token: &str) -> SecretHash {
        SecretHash(Sha256::digest(token.as_bytes()).into())
    }

    /// The bytes as they are stored.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// From the database.
    pub(crate) fn from_column(
        table: &'static str,
        column: &'static str,
        bytes: &[u8],
    ) -> Result<SecretHash, MetaError> {
        let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| MetaError::Damaged {
            table,
            column,
            value: format!("{} bytes", bytes.len()),
        })?;
        Ok(SecretHash(bytes))
    }
}
