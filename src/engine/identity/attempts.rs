//! How often a password may be tried: for one account, and from one address.

use super::email::compared;
use super::{Identity, IdentityError};
use crate::engine::catalog::Pace;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;

/// For one account, whether it exists or not. Guessing goes on at 2,880 a day; its owner is kept away for
/// half a minute at most.
const OF_ACCOUNT: Pace = Pace { interval: Duration::from_secs(30), burst: 10 };

/// From one address, behind which a whole office may sit.
const FROM_ADDRESS: Pace = Pace { interval: Duration::from_secs(2), burst: 60 };

/// What is written of an address from which nobody can be told apart: networks of IPv6 are given out whole.
const IPV6_NETWORK: u8 = 64;

impl Identity {
    /// Takes an attempt from both, before anything is compared.
    pub(super) async fn take_attempt(
        &self,
        email: &str,
        address: Option<IpAddr>,
    ) -> Result<(), IdentityError> {
        let now = Timestamp::now();
        if let Some(address) = address
            && !self.catalog.take_attempt(&from(address), FROM_ADDRESS, now).await?
        {
            return Err(IdentityError::TooManyAttempts(FROM_ADDRESS.interval));
        }
        if !self.catalog.take_attempt(&of(email), OF_ACCOUNT, now).await? {
            return Err(IdentityError::TooManyAttempts(OF_ACCOUNT.interval));
        }
        Ok(())
    }

    /// Forgets the attempts of an account whose password was right.
    pub(super) async fn forgive(&self, email: &str) -> Result<(), IdentityError> {
        Ok(self.catalog.forget_attempts(&of(email)).await?)
    }
}

/// What was typed may be a password: only its digest is kept.
fn of(email: &str) -> String {
    format!("attempts#account#{}", hex::encode(Sha256::digest(compared(email))))
}

fn from(address: IpAddr) -> String {
    let network = match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => ipnet::Ipv6Net::new(address, IPV6_NETWORK)
            .map_or_else(|_| address.to_string(), |network| network.trunc().to_string()),
    };
    format!("attempts#address#{network}")
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
    }
}
