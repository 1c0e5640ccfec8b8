//! Who is behind an access token, and what they may do with it.

use super::claims::{Claimed, Claims};
use super::error::{TokenRefusal, TokenTurnedAway};
use crate::engine::catalog::users::OpenIdSubject;
use crate::engine::config::TokenIssuer;
use crate::engine::gateway::{KeyUse, Principal, TokenUse};
use crate::engine::identity::issuers::LEEWAY;
use crate::engine::telemetry::secrets::visible;
use crate::model::audit::TokenBearer;
use crate::model::key::KeyScope;
use crate::model::role::Role;
use crate::model::scope;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The longest name that is shown and recorded, in characters.
pub(super) const LONGEST_NAME: usize = 80;

/// The longest name of somebody at an authorization server that is recorded (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;

/// How the ids begin that stand for those who have no account.
const STRANGER: &str = "ext_";

/// What a token says of whoever sends it.
pub(super) struct Bearer {
    /// Who the person is at the authorization server; none where the client calls for itself.
    person: Option<OpenIdSubject>,
    /// The same for people who read records.
    told: Arc<TokenBearer>,
    /// The same for each token of this client for this person.
    id: String,
    /// Stands for the person, where there is no account.
    owner: String,
    /// The name of the person, or of the client that calls for itself.
    name: String,
    client: String,
    role: Claimed,
    otherwise: Option<Role>,
    scope: KeyScope,
    token: TokenUse,
}

impl Bearer {
    pub(super) fn read(
        issuer: &str,
        settings: &TokenIssuer,
        claims: &Claims,
        servers: &[String],
    ) -> Result<Self, TokenRefusal> {
        let client = claims.client().filter(|client| client.bytes().all(|b| matches!(b, b' '..=b'~')));
        let client = client.ok_or(TokenRefusal::Incomplete("for which client it was made"))?;
        let subject = claims.text("sub").ok_or(TokenRefusal::Incomplete("who is behind it"))?;
        let said = claims.scopes(&settings.scope_prefix);
        let scopes: Vec<String> =
            scope::all(servers).into_iter().filter(|scope| said.contains(scope)).collect();
        let shown = shortened(client);
        // Of clients that call for themselves the subject is the client, and no account is theirs, however they
        // have called themselves.
        let is_person = subject != client;
        let name = is_person.then(|| claims.name().unwrap_or(subject));
        let person =
            is_person.then(|| OpenIdSubject { issuer: issuer.to_owned(), subject: subject.to_owned() });
        let told = TokenBearer {
            issuer: issuer.to_owned(),
            subject: is_person.then(|| readable(subject, LONGEST_SUBJECT)),
            client: shown.clone(),
        };
        Ok(Self {
            person,
            told: Arc::new(told),
            id: format!("token:{shown}#{}", digest(&[issuer, client, subject])),
            owner: format!("{STRANGER}{}", digest(&[issuer, subject])),
            name: name.map_or_else(|| format!("the client {shown}"), shortened),
            client: shown,
            role: claims.role(&settings.roles),
            otherwise: settings.roles.otherwise,
            scope: scope::granted(&scopes, servers).unwrap_or(KeyScope::AnyOf(Vec::new())),
            token: TokenUse {
                scopes,
                scope_prefix: settings.scope_prefix.clone(),
                taken_until: claims.expires_at().map(|at| at.saturating_add(LEEWAY)),
            },
        })
    }

    /// Who the person is at the authorization server; none where the client calls for itself.
    pub(super) fn person(&self) -> Option<&OpenIdSubject> {
        self.person.as_ref()
    }

    /// The caller that the token makes of somebody who has an account: what they may by it and by what the token
    /// says of them.
    pub(super) fn of_account(
        self,
        person: &Principal,
        may_sign_in: bool,
    ) -> Result<Principal, TokenTurnedAway> {
        let ceiling = match self.role {
            Claimed::Role(role) => role,
            Claimed::Nothing => person.role,
            Claimed::Strange => return Err(self.without_role()),
        };
        let principal = self.caller(person, ceiling)?;
        if may_sign_in {
            return Ok(principal);
        }
        Err(TokenTurnedAway { principal, error: TokenRefusal::AccountAway(person.name.clone()) })
    }

    /// The caller that the token makes of somebody who has none.
    pub(super) fn of_stranger(self) -> Result<Principal, TokenTurnedAway> {
        let role = match self.role {
            Claimed::Role(role) => Some(role),
            Claimed::Nothing => self.otherwise,
            Claimed::Strange => None,
        };
        let Some(role) = role else { return Err(self.without_role()) };
        let caller = Principal::new(self.owner.clone(), self.name.clone(), role);
        self.caller(&caller, role)
    }

    fn without_role(self) -> TokenTurnedAway {
        let bearer = Some(self.told);
        let principal = Principal { id: self.id, name: self.name.clone(), bearer, ..Principal::unknown() };
        TokenTurnedAway { principal, error: TokenRefusal::NoRole(self.name) }
    }

    /// A caller of its own, with what somebody is, and never more than a role has.
    fn caller(self, person: &Principal, ceiling: Role) -> Result<Principal, TokenTurnedAway> {
        let begins_with = format!("{}{}", self.token.scope_prefix, scope::READ);
        let has_scope = !self.token.scopes.is_empty();
        let in_use = KeyUse { owner: person.id.clone(), scope: self.scope, ceiling, token: Some(self.token) };
        let principal = Principal {
            id: self.id,
            name: format!("{} (token of “{}”)", person.name, self.client),
            key: Some(Arc::new(in_use)),
            bearer: Some(self.told),
            ..person.clone()
        };
        if has_scope {
            return Ok(principal);
        }
        let error = TokenRefusal::NoScope { name: person.name.clone(), scope: begins_with };
        Err(TokenTurnedAway { principal, error })
    }
}

/// A name that somebody else has chosen, for people and records.
fn shortened(name: &str) -> String {
    readable(name, LONGEST_NAME)
}

fn readable(text: &str, characters: usize) -> String {
    visible(&text.chars().take(characters).collect::<String>())
}

/// Stands for several texts of which only the last may have any characters.
fn digest(texts: &[&str]) -> String {
    hex::encode(&Sha256::digest(texts.join("\0"))[..16])
}
