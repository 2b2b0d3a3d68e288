//! Passwords, keys and tokens: how they are made and checked.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Shortest password, characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, bytes: argon2 reads it all, so a limit keeps a login cheap.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// What a random secret is for; its prefix tells people and scanners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Public key of a project; may only write.
    WriteKey,
    /// Secret key of a project for its servers; may also merge persons.
    SecretKey,
    /// A member's personal token for the API.
    Token,
    /// The value of a login cookie.
    Login,
}

impl Purpose {
    /// What it begins with.
    pub fn prefix(self) -> &'static str {
        match self {
            Purpose::WriteKey => "tmw_",
            Purpose::SecretKey => "tms_",
            Purpose::Token => "tmp_",
            Purpose::Login => "tml_",
        }
    }
}

/// A fresh secret: prefix and 256 bits from the operating system.
pub fn generate(purpose: Purpose) -> String {
    let mut bytes = [0_u8; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness, or nothing is safe");
    format!("{}{}", purpose.prefix(), URL_SAFE_NO_PAD.encode(bytes))
}

/// The first characters of a secret, by which people tell theirs apart.
pub fn visible_prefix(secret: &str) -> String {
    secret.chars().take(8).collect()
}

/// Hashes and checks passwords off the runtime, two at a time: one costs 19 MiB and some 20 ms.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

/// Checked against when the account is unknown, so that an answer takes the same time.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

impl Default for Passwords {
    fn default() -> Self {
        Passwords { turns: Arc::new(Semaphore::new(2)) }
    }
}

impl Passwords {
    /// The PHC string of a password.
    ///
    /// # Errors
    /// A sentence, when the operating system gives no randomness or no memory.
    pub async fn hash(&self, password: String) -> Result<String, String> {
        self.turn(move || hash_now(&password)).await?
    }

    /// Whether `password` is right; with `None` the answer is false and takes as long.
    ///
    /// # Errors
    /// A sentence, when the work could not be done.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, String> {
        self.turn(move || {
            let (hash, known) = match &stored {
                Some(hash) => (hash.as_str(), true),
                None => (NOBODY.as_str(), false),
            };
            let Ok(parsed) = PasswordHash::new(hash) else { return false };
            argon2().verify_password(password.as_bytes(), &parsed).is_ok() && known
        })
        .await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
        let _turn = self.turns.acquire().await.map_err(|error| error.to_string())?;
        tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())
    }
}

/// OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String, String> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// Checks a new password.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_new_password(password: &str) -> Result<(), String> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(format!("use at least {PASSWORD_CHARS_MIN} characters"));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(format!("use at most {PASSWORD_BYTES_MAX} bytes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_fit_the_clients() {
        let keys = [generate(Purpose::WriteKey), generate(Purpose::WriteKey)];
        assert_ne!(keys[0], keys[1]);
        // PostHog's clients refuse tokens beyond 64 characters and those that begin with `phx_`.
        assert!(keys[0].len() <= 64 && keys[0].starts_with("tmw_"));
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".to_owned()).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await, Ok(true));
        assert_eq!(passwords.verify("wrong horse".to_owned(), Some(hash)).await, Ok(false));
        assert_eq!(passwords.verify("nobody has this password".to_owned(), None).await, Ok(false));
    }
}
