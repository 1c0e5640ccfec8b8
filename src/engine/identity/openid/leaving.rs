//! Sign-out at the provider (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Patchline keeps no token of the provider, so it names itself (`client_id`) where others would send a token
//! back (`id_token_hint`): the provider then asks the person whether they want to sign out.

use super::attempt::random;
use super::{OpenId, OpenIdError};
use crate::engine::config::OPENID_CALLBACK;
use crate::engine::identity::Identity;
use reqwest::Url;

/// Where the provider sends people back who have signed out there.
pub const SIGNED_OUT: &str = "/signed-out";

/// Somebody who is to be led to the provider to sign out there.
#[derive(Debug)]
pub struct Leaving {
    /// The page of the provider.
    pub page: Url,
    /// What comes back with them: only an answer to this has it.
    pub state: String,
}

impl OpenId {
    /// Where people sign out, as the provider describes itself; none where it has no such page.
    async fn way_out(&self) -> Result<Option<Url>, OpenIdError> {
        Ok(self.discovery().await?.end_session_endpoint.clone())
    }

    /// Where the provider is to send somebody back who has signed out: beside the way back of sign-in.
    fn way_back(&self, host: &str) -> String {
        let callback = self.redirect(host);
        let above = callback.strip_suffix(OPENID_CALLBACK).unwrap_or(&callback);
        format!("{above}{SIGNED_OUT}")
    }

    fn page_of_sign_out(&self, endpoint: &Url, host: &str, state: &str) -> Url {
        let back = self.way_back(host);
        let mut page = endpoint.clone();
        page.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &back)
            .append_pair("state", state);
        if self.settings.is_cognito() {
            // Its own word for the same.
            page.query_pairs_mut().append_pair("logout_uri", &back);
        }
        page
    }
}

impl Identity {
    /// Whether people can be led to a page of the provider where they sign out.
    ///
    /// # Errors
    /// When there is no provider, or it is away, or what it says of itself cannot be used.
    pub async fn can_leave_openid(&self) -> Result<bool, OpenIdError> {
        let openid = self.openid.as_ref().ok_or(OpenIdError::NoProvider)?;
        Ok(openid.way_out().await?.is_some())
    }

    /// The page of the provider where somebody signs out. `host` is where the browser asks.
    ///
    /// # Errors
    /// When there is no provider, it is away, or has no such page.
    pub async fn leave_openid(&self, host: &str) -> Result<Leaving, OpenIdError> {
        let openid = self.openid.as_ref().ok_or(OpenIdError::NoProvider)?;
        let Some(endpoint) = openid.way_out().await? else {
            return Err(OpenIdError::unusable(openid.name(), "it does not say where people sign out"));
        };
        let state = random()?;
        Ok(Leaving { page: openid.page_of_sign_out(&endpoint, host, &state), state })
    }
}
