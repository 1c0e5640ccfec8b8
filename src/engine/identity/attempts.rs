//! How often a password may be tried: from one address, for one account from one address, and for one account
//! from everywhere.

use super::email::compared;
use super::{Identity, IdentityError};
use crate::engine::catalog::{Attempt, Pace};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// From one address, behind which a whole office may sit.
const FROM_ADDRESS: Pace = Pace { interval: Duration::from_secs(2), burst: 60 };

/// For one account from one address, whether the account exists or not: guessing goes on at 2,880 a day.
const OF_ACCOUNT_FROM_ADDRESS: Pace = Pace { interval: Duration::from_secs(30), burst: 10 };

/// For one account from everywhere: so many that nobody keeps its owner away from one address, and so few that
/// many addresses together guess at 17,280 a day at most.
const OF_ACCOUNT: Pace = Pace { interval: Duration::from_secs(5), burst: 200 };

/// The old password, by somebody whose session is open. It is counted for itself, so that nobody who has not
/// signed in uses it up.
const TO_CHANGE: Pace = Pace { interval: Duration::from_secs(30), burst: 10 };

/// What is written of an address from which nobody can be told apart: networks of IPv6 are given out whole.
const IPV6_NETWORK: u8 = 64;

impl Identity {
    /// Takes an attempt of each kind, before anything is compared.
    pub(super) async fn take_attempt(
        &self,
        email: &str,
        address: Option<IpAddr>,
    ) -> Result<(), IdentityError> {
        if let Some(address) = address {
            self.take(&from(address), FROM_ADDRESS).await?;
        }
        // In this order, so that whoever is stopped at one address uses up nothing of all the others.
        self.take(&of_from(email, address), OF_ACCOUNT_FROM_ADDRESS).await?;
        self.take(&of(email), OF_ACCOUNT).await
    }

    /// Takes an attempt to sign in at a provider, each of which leaves a record here.
    pub(super) async fn take_attempt_elsewhere(&self, address: Option<IpAddr>) -> Result<(), IdentityError> {
        let network = address.map_or_else(|| "unknown".to_owned(), network);
        self.take(&format!("attempts#openid#{network}"), FROM_ADDRESS).await
    }

    /// Forgets the attempts from an address for an account whose password was right.
    pub(super) async fn forgive(&self, email: &str, address: Option<IpAddr>) -> Result<(), IdentityError> {
        self.forget(&of_from(email, address)).await
    }

    /// Takes an attempt of somebody who wants another password.
    pub(super) async fn take_attempt_to_change(&self, id: &str) -> Result<(), IdentityError> {
        self.take(&to_change(id), TO_CHANGE).await
    }

    /// Forgets the attempts of somebody who knew the old password.
    pub(super) async fn forgive_change(&self, id: &str) -> Result<(), IdentityError> {
        self.forget(&to_change(id)).await
    }

    async fn take(&self, name: &str, pace: Pace) -> Result<(), IdentityError> {
        let now = Instant::now();
        if let Some(wait) = self.used_up.wait_of(name, now) {
            return Err(too_many(wait));
        }
        match self.catalog.take_attempt(name, pace, Timestamp::now()).await? {
            Attempt::Taken => Ok(()),
            Attempt::NextIn(wait) => {
                self.used_up.keep(name, now, wait);
                Err(too_many(wait))
            }
        }
    }

    async fn forget(&self, name: &str) -> Result<(), IdentityError> {
        self.catalog.forget_attempts(name).await?;
        self.used_up.forget(name);
        Ok(())
    }
}

/// Whole seconds, so that nobody is told to come a moment too early.
fn too_many(wait: Duration) -> IdentityError {
    let begun = u64::from(wait.subsec_nanos() > 0);
    IdentityError::TooManyAttempts(Duration::from_secs(wait.as_secs() + begun))
}

/// What was typed may be a password: only its digest is kept.
fn of(email: &str) -> String {
    format!("attempts#account#{}", hex::encode(Sha256::digest(compared(email))))
}

fn of_from(email: &str, address: Option<IpAddr>) -> String {
    format!("{}#{}", of(email), address.map_or_else(|| "unknown".to_owned(), network))
}

fn from(address: IpAddr) -> String {
    format!("attempts#address#{}", network(address))
}

fn to_change(id: &str) -> String {
    format!("attempts#change#{id}")
}

/// The addresses that count as one: this machine has millions of its own.
fn network(address: IpAddr) -> String {
    let address = address.to_canonical();
    if address.is_loopback() {
        return "loopback".to_owned();
    }
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => ipnet::Ipv6Net::new(address, IPV6_NETWORK)
            .map_or_else(|_| address.to_string(), |network| network.trunc().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_the_same_however_its_address_is_typed() {
        assert_eq!(of(" Ana@Label.Example"), of("ana@label.example"));
        assert_ne!(of("ana@label.example"), of("ben@label.example"));
    }

    #[test]
    fn addresses_that_one_person_has_many_of_count_as_one() {
        let name = |text: &str| from(text.parse().unwrap());
        assert_eq!(name("2001:db8::1"), name("2001:db8::2:3"));
        assert_ne!(name("2001:db8:1::1"), name("2001:db8:2::1"));
        assert_eq!(name("::ffff:10.0.0.1"), name("10.0.0.1"));
        assert_eq!(name("127.8.9.10"), name("127.0.0.1"));
        assert_eq!(name("::1"), name("127.0.0.1"));
    }

    #[test]
    fn an_account_is_counted_for_each_address_by_itself() {
        let name = |text: &str| of_from("ana@label.example", text.parse().ok());
        assert_ne!(name("192.0.2.1"), name("192.0.2.2"));
        assert_eq!(name("127.0.0.2"), name("127.0.0.1"));
    }
}
