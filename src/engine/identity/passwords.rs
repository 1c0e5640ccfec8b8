//! Passwords: what may be one, and hashing them without letting a flood of them take the whole machine.

use super::IdentityError;
use crate::engine::catalog::users::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a password is, in characters (NIST SP 800-63B; there is no second factor yet).
const SHORTEST: usize = 12;
const LONGEST: usize = 128;

/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is compared where nobody has the address, or no password: as much work as for everybody else. No
/// password has this hash.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A text that may become somebody's password. Which characters it has is nobody's business.
#[derive(Debug, Clone)]
pub(super) struct NewPassword(SecretString);

impl NewPassword {
    /// Checks the length, and that it is not what everybody knows of its owner.
    pub(super) fn parse(text: &SecretString, email: &str) -> Result<Self, IdentityError> {
        let unsuitable = |reason: String| IdentityError::Unsuitable { field: "password", reason };
        let length = text.expose_secret().chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(unsuitable(format!("has to have {SHORTEST} to {LONGEST} characters, not {length}")));
        }
        if text.expose_secret().to_lowercase() == email {
            return Err(unsuitable("has to be something else than the e-mail address".to_owned()));
        }
        Ok(Self(text.clone()))
    }
}

/// Hashes and compares passwords with Argon2id, a few at a time. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Passwords {
    places: Arc<Semaphore>,
}

impl Passwords {
    /// With half of the processors at most: those who are signed in already have the rest.
    pub(super) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { places: Arc::new(Semaphore::new((processors / 2).max(1))) }
    }

    /// The hash of a new password, with a salt of its own.
    pub(super) async fn hash(&self, password: &NewPassword) -> Result<PasswordHash, IdentityError> {
        let NewPassword(password) = password.clone();
        let hashed = self.work(move || {
            let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
        });
        hashed.await?.map(PasswordHash::new).map_err(IdentityError::Hashing)
    }

    /// Whether a password has this hash. Without a hash it has not, after the same work.
    pub(super) async fn is_right(
        &self,
        password: &SecretString,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, IdentityError> {
        let known = hash.map_or(NOBODYS, PasswordHash::expose).to_owned();
        let exists = hash.is_some();
        // Nobody has a longer one, and hashing it would cost more.
        let given: String = password.expose_secret().chars().take(LONGEST + 1).collect();
        let given = SecretString::from(given);
        let compared = self.work(move || {
            Argon2::default().verify_password(given.expose_secret().as_bytes(), known.as_str())
        });
        match compared.await? {
            Ok(()) => Ok(exists),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(IdentityError::Hashing(error.to_string())),
        }
    }

    /// Does slow work beside everything else. Whoever stops waiting does not give the place free before the
    /// work is done.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IdentityError> {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(IdentityError::Busy) };
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|error| IdentityError::Hashing(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<NewPassword, IdentityError> {
        NewPassword::parse(&SecretString::from(text), "ana@label.example")
    }

    #[test]
    fn length_counts_and_nothing_else() {
        for text in ["correct horse battery", "zwölf Zeichen", "夜光夜光夜光夜光夜光夜光", "            "]
        {
            assert!(parse(text).is_ok(), "{text:?}");
        }
        assert!(parse("elf Zeichen").is_err());
        assert!(parse(&"a".repeat(128)).is_ok() && parse(&"a".repeat(129)).is_err());
        assert!(parse("Ana@Label.Example").is_err());
    }

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_only_and_nobody_has_one_by_chance() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&parse("correct horse battery").unwrap()).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "as much work as for nobody");
        assert_eq!(format!("{hash:?}"), "PasswordHash(hidden)");
        for (text, right) in [("correct horse battery", true), ("Correct horse battery", false), ("", false)]
        {
            let given = SecretString::from(text);
            assert_eq!(passwords.is_right(&given, Some(&hash)).await, Ok(right), "{text:?}");
            assert_eq!(passwords.is_right(&given, None).await, Ok(false), "{text:?}");
        }
    }
}
