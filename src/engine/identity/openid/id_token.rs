//! What the provider's token says, once it is believed: that it is for Patchline, and for this very sign-in.

use super::{OpenId, OpenIdError};
use crate::engine::identity::issuers::{LEEWAY, Verified};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

/// The longest name of somebody at a provider (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;

/// A token about somebody.
#[derive(Deserialize)]
pub(super) struct IdToken {
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    nonce: Option<String>,
    iat: u64,
    /// What kind of token it is, with Cognito.
    token_use: Option<String>,
    /// What it says of the person.
    #[serde(flatten)]
    pub(super) claims: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl OpenId {
    /// The token about somebody who signed in for this attempt.
    pub(super) async fn id_token(&self, token: Option<&str>, nonce: &str) -> Result<IdToken, OpenIdError> {
        let Some(token) = token else {
            return Err(OpenIdError::not_trusted(self.name(), "it does not say who you are"));
        };
        let verified = self.issuer.verify::<IdToken>(token).await;
        let verified = verified.map_err(|error| OpenIdError::of_token(self.name(), error))?;
        check(&verified, &self.settings.client_id, nonce, Timestamp::now().as_second())
            .map_err(|why| OpenIdError::not_trusted(self.name(), why))?;
        Ok(verified.claims)
    }
}

/// OpenID Connect Core, 3.1.3.7, as far as [`Issuer::verify`] has not looked at it.
///
/// [`Issuer::verify`]: crate::engine::identity::issuers::Issuer::verify
fn check(token: &Verified<IdToken>, client: &str, nonce: &str, now: i64) -> Result<(), &'static str> {
    let claims = &token.claims;
    let kind = token.kind.as_deref().unwrap_or_default().to_ascii_lowercase();
    if kind.trim_start_matches("application/") == "at+jwt"
        || claims.token_use.as_deref().is_some_and(is_other)
    {
        return Err("its token is for something else");
    }
    let is_for_others = match &claims.aud {
        Audience::One(one) => one != client,
        Audience::Several(several) => {
            let is_alone = several.len() == 1;
            !several.iter().any(|one| one == client) || (!is_alone && claims.azp.is_none())
        }
    };
    if is_for_others || claims.azp.as_deref().is_some_and(|party| party != client) {
        return Err("its token is for another application");
    }
    let given = claims.nonce.as_deref().unwrap_or_default();
    if !bool::from(given.as_bytes().ct_eq(nonce.as_bytes())) {
        return Err("its token is for another sign-in");
    }
    if claims.iat > u64::try_from(now).unwrap_or_default().saturating_add(LEEWAY) {
        return Err("its token comes from the future");
    }
    if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT {
        return Err("its token names nobody");
    }
    Ok(())
}

fn is_other(token_use: &str) -> bool {
    token_use != "id"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    /// What comes of a token with these claims in place of the right ones.
    fn checked(kind: Option<&str>, changes: &Value) -> Result<(), &'static str> {
        let mut claims = json!({ "sub": "ana", "aud": "patchline", "nonce": "n", "iat": NOW });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let claims = serde_json::from_value(claims).unwrap();
        check(&Verified { kind: kind.map(str::to_owned), claims }, "patchline", "n", NOW)
    }

    #[test]
    fn a_token_for_this_sign_in_is_believed() {
        for changes in [
            json!({}),
            json!({ "aud": ["patchline"] }),
            json!({ "aud": ["other", "patchline"], "azp": "patchline" }),
            json!({ "azp": "patchline", "token_use": "id" }),
            json!({ "iat": NOW + 60 }),
        ] {
            assert_eq!(checked(Some("JWT"), &changes), Ok(()), "{changes}");
        }
    }

    #[test]
    fn a_token_for_anything_else_is_not() {
        for changes in [
            json!({ "aud": "other" }),
            json!({ "aud": [] }),
            json!({ "aud": ["other", "patchline"] }),
            json!({ "azp": "other" }),
            json!({ "nonce": "m" }),
            json!({ "nonce": null }),
            json!({ "token_use": "access" }),
            json!({ "iat": NOW + 61 }),
            json!({ "sub": "" }),
            json!({ "sub": "a".repeat(256) }),
        ] {
            assert!(checked(None, &changes).is_err(), "{changes}");
        }
        assert!(checked(Some("at+jwt"), &json!({})).is_err());
        assert!(checked(Some("application/AT+JWT"), &json!({})).is_err());
    }
}
