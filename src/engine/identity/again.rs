//! Who somebody is by now, for what is done in their name after they have asked for it.

use super::keys::caller_again;
use super::{Identity, IdentityError, principal_of};
use crate::engine::catalog::users::USER_PREFIX;
use crate::engine::gateway::Principal;
use jiff::Timestamp;
use std::net::IpAddr;

impl Identity {
    /// The same caller with what they may have now; none where they may do nothing any more: the account is
    /// disabled, the key was revoked or has expired. `address` is where they called from. Whoever has no
    /// account, such as a token's stranger, stays as they were.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn again(
        &self,
        former: &Principal,
        address: Option<IpAddr>,
    ) -> Result<Option<Principal>, IdentityError> {
        let person = former.person();
        if !person.starts_with(USER_PREFIX) {
            return Ok(Some(former.clone()));
        }
        let Some(user) = self.catalog.user(person).await?.filter(|user| self.may_sign_in(user)) else {
            return Ok(None);
        };
        let now = principal_of(&user);
        let Some(in_use) = &former.key else { return Ok(Some(now)) };
        if in_use.token.is_some() {
            // What the token says of itself does not change; until when it is taken is known to whoever asks.
            let (id, name, key) = (former.id.clone(), former.name.clone(), former.key.clone());
            return Ok(Some(Principal { id, name, key, bearer: former.bearer.clone(), ..now }));
        }
        let id = former.id.strip_prefix("key:").unwrap_or(&former.id);
        let Some(key) = self.catalog.key(id).await? else { return Ok(None) };
        Ok(caller_again(&key, &user, address, Timestamp::now()))
    }
}
