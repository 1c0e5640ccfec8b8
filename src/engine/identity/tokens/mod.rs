//! Access tokens of authorization servers, with which programs call in somebody's name (OAuth 2.1, RFC 9068).
//!
//! What a signature is worth is looked at by [`super::issuers`]. Here it is looked at whether a token is an access
//! token for this very address, what it may be used for, and who is behind it.

mod audience;
mod bearer;
mod claims;
mod error;

pub use error::{TokenRefusal, TokenTurnedAway};

use super::issuers::{Issuer, LEEWAY, TokenError};
use super::recent::Asked;
use super::{Identity, principal_of};
use crate::engine::catalog::users::OpenIdSubject;
use crate::engine::config::{Audience, Config, TokenIssuer};
use crate::engine::gateway::Principal;
use bearer::Bearer;
use claims::Claims;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// The authorization servers whose tokens are taken. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    public_url: Arc<str>,
    issuers: Arc<[Known]>,
}

/// An authorization server, and which of its tokens are taken.
#[derive(Debug)]
struct Known {
    issuer: Issuer,
    settings: TokenIssuer,
}

/// What is read of a token before anything of it is believed: whose keys it has to fit.
#[derive(Deserialize)]
struct Named {
    iss: Option<Value>,
}

impl Tokens {
    pub(super) fn new(config: &Config) -> Self {
        let known = |settings: &TokenIssuer| Known {
            issuer: Issuer::new(settings.issuer.clone()),
            settings: settings.clone(),
        };
        let issuers = config.token_issuers.iter().map(known).collect();
        Self { public_url: config.public_url.as_str().into(), issuers }
    }

    /// The one that a token names.
    fn issuer_of(&self, text: &str) -> Result<&Known, TokenRefusal> {
        if text.len() > LONGEST {
            return Err(TokenRefusal::Unreadable);
        }
        let named = jsonwebtoken::dangerous::insecure_decode_claims::<Named>(text);
        let named = named.map_err(|_| TokenRefusal::Unreadable)?.iss;
        let name = named.as_ref().and_then(Value::as_str);
        let mut issuers = self.issuers.iter();
        issuers.find(|known| Some(known.issuer.name()) == name).ok_or(TokenRefusal::Issuer)
    }
}

impl Known {
    /// Whether a token that is believed is an access token for the address of a path.
    fn check(
        &self,
        kind: Option<&str>,
        claims: &Claims,
        public_url: &str,
        path: &str,
    ) -> Result<(), TokenRefusal> {
        if !self.is_access_token(kind, claims) {
            return Err(TokenRefusal::NotAnAccessToken);
        }
        if claims.is_bound() {
            return Err(TokenRefusal::Bound);
        }
        let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        if claims.made_at().is_some_and(|at| at > now.saturating_add(LEEWAY)) {
            return Err(TokenRefusal::NotBelieved(TokenError::NotYetValid));
        }
        let is_ours = match claims.audiences() {
            Some(audiences) => audiences.iter().any(|audience| audience::covers(audience, public_url, path)),
            None => self.settings.audience == Audience::LeftOut,
        };
        if !is_ours {
            return Err(TokenRefusal::Audience);
        }
        let client = claims.client().unwrap_or_default();
        let allowed = &self.settings.clients;
        if allowed.is_empty() || allowed.iter().any(|allowed| allowed == client) {
            Ok(())
        } else {
            Err(TokenRefusal::Client(client.chars().take(bearer::LONGEST_NAME).collect()))
        }
    }

    /// Whether a token is an access token, by its type where there is one, and by what only others say.
    fn is_access_token(&self, kind: Option<&str>, claims: &Claims) -> bool {
        let kind = kind.map(str::to_ascii_lowercase);
        let kind = kind.as_deref().map(|kind| kind.strip_prefix("application/").unwrap_or(kind));
        let has_type = kind == Some("at+jwt");
        let needs_none = !self.settings.typed && matches!(kind, None | Some("jwt"));
        // Nothing else tells it where tokens name no audience.
        let says_it = self.settings.audience == Audience::Named || claims.says_access();
        (has_type || needs_none) && says_it && !claims.is_of_another_use()
    }
}

impl Identity {
    /// Whether a text is to be looked at as an access token.
    pub fn takes_as_token(&self, text: &str) -> bool {
        !self.tokens.issuers.is_empty() && text.split('.').count() == 3
    }

    /// Who calls with an access token at the address of a path. `servers` are those that have tools.
    ///
    /// # Errors
    /// Why it is not let in.
    pub async fn recognise_token(
        &self,
        text: &str,
        path: &str,
        servers: &[String],
    ) -> Result<Principal, TokenTurnedAway> {
        let known = self.tokens.issuer_of(text)?;
        let verified = known.issuer.verify::<Map<String, Value>>(text).await.map_err(TokenRefusal::from)?;
        let claims = Claims::new(verified.claims);
        known.check(verified.kind.as_deref(), &claims, &self.tokens.public_url, path)?;
        let bearer = Bearer::read(known.issuer.name(), &known.settings, &claims, servers)?;
        let Some(person) = bearer.person() else { return bearer.of_stranger() };
        // No issuer has a line break in its name.
        let (asked, name) = (self.asking(), format!("{}\n{}", person.issuer, person.subject));
        if let Some(recent) = self.recent_people.of(&name, asked) {
            if recent.ask_anew {
                let (identity, person) = (self.clone(), person.clone());
                tokio::spawn(async move { identity.ask_anew_of_person(&person, &name, asked).await });
            }
            return bearer.of_account(&recent.caller, true);
        }
        let account = self.catalog.user_of_openid(person).await.map_err(TokenRefusal::from)?;
        let Some(user) = account else { return bearer.of_stranger() };
        let (account, may_sign_in) = (principal_of(&user), self.may_sign_in(&user));
        if may_sign_in {
            self.recent_people.keep(&name, account.clone(), asked);
        }
        bearer.of_account(&account, may_sign_in)
    }

    /// Asks the store anew of the account of somebody whose tokens go on being used, while what it said last still
    /// holds. Whoever may not sign in any more is forgotten; a store that does not answer changes nothing of when the
    /// last answer ends.
    async fn ask_anew_of_person(&self, person: &OpenIdSubject, name: &str, asked: Asked) {
        let Ok(account) = self.catalog.user_of_openid(person).await else { return };
        match account.filter(|user| self.may_sign_in(user)) {
            Some(user) => drop(self.recent_people.keep(name, principal_of(&user), asked)),
            None => self.recent_people.forget(name),
        }
    }
}
