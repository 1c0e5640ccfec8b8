//! Somebody who has signed in shows once more at the provider who they are.

use super::attempt::{Attempt, Begun, Confirms, Returned};
use super::{OpenId, OpenIdError};
use crate::engine::identity::issuers::LEEWAY;
use crate::engine::identity::{Identity, User};
use std::net::IpAddr;

impl Identity {
    /// Begins a sign-in at the provider by which somebody shows once more who they are: the provider is asked not
    /// to take an earlier one for it. `host` is where the browser asks, and `next` the page to come back to.
    ///
    /// # Errors
    /// As [`Identity::begin_openid`].
    pub async fn begin_openid_to_confirm(
        &self,
        host: &str,
        next: &str,
        confirms: Confirms,
        address: Option<IpAddr>,
    ) -> Result<Begun, OpenIdError> {
        self.begin_attempt(host, next, Some(confirms), address).await
    }

    /// The person of the session, if it is they whom the provider sends back, and they have signed in there since
    /// they were led there.
    pub(super) async fn confirmed_at_provider(
        &self,
        openid: &OpenId,
        id: &str,
        returned: Returned,
        attempt: &Attempt,
    ) -> Result<User, OpenIdError> {
        let person = openid.arrived(returned, attempt).await?;
        if person.role.is_none() {
            return Err(OpenIdError::NoGroup(openid.name()));
        }
        if !is_anew(person.authenticated_at, attempt.begun_at()) {
            let why = "it does not say that you have just signed in there";
            return Err(OpenIdError::not_trusted(openid.name(), why));
        }
        let user = self.catalog.user(id).await?;
        let is_same = |user: &User| self.may_sign_in(user) && user.openid.as_ref() == Some(&person.subject);
        user.filter(is_same).ok_or_else(|| {
            OpenIdError::not_trusted(openid.name(), "somebody else has signed in there than here")
        })
    }
}

/// Whether somebody has signed in at the provider since they were led there. Its clock may be behind.
fn is_anew(authenticated_at: Option<i64>, begun_at: i64) -> bool {
    let leeway = i64::try_from(LEEWAY).unwrap_or(i64::MAX);
    authenticated_at.is_some_and(|at| at >= begun_at.saturating_sub(leeway))
}

#[cfg(test)]
mod tests {
    use super::is_anew;

    #[test]
    fn an_earlier_sign_in_at_the_provider_confirms_nothing() {
        let begun = 1_800_000_000;
        for (at, anew) in [
            (Some(begun), true),
            (Some(begun + 30), true),
            (Some(begun - 60), true),
            (Some(begun - 61), false),
            (Some(0), false),
            (None, false),
        ] {
            assert_eq!(is_anew(at, begun), anew, "{at:?}");
        }
    }
}
