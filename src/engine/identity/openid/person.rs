//! Who somebody is, as far as the provider says it.

use super::exchange::Tokens;
use super::{OpenId, OpenIdError};
use crate::engine::catalog::users::OpenIdSubject;
use crate::engine::config::GroupRoles;
use crate::engine::identity::email::EmailAddress;
use crate::engine::identity::issuers::Discovery;
use crate::model::role::Role;
use serde_json::{Map, Value};

/// The longest name that is taken over, in characters.
pub(super) const LONGEST_NAME: usize = 100;

/// Somebody who has signed in at the provider.
#[derive(Debug)]
pub(super) struct Person {
    /// Who they are there.
    pub(super) subject: OpenIdSubject,
    /// Their e-mail address, if the provider vouches for it.
    pub(super) email: Option<EmailAddress>,
    /// What they are called; empty where the provider does not say.
    pub(super) name: String,
    /// What they are here; none where they are in no group that is anything here.
    pub(super) role: Option<Role>,
    /// When they have last signed in there, in seconds since 1970, where the provider says it.
    pub(super) authenticated_at: Option<i64>,
}

impl OpenId {
    /// Who has signed in for an attempt.
    pub(super) async fn person(
        &self,
        discovery: &Discovery,
        tokens: &Tokens,
        nonce: &str,
    ) -> Result<Person, OpenIdError> {
        let token = self.id_token(tokens.id_token.as_deref(), nonce).await?;
        let groups = self.settings.groups_claim.as_str();
        let is_enough = verified_email(&token.claims).is_some() && token.claims.contains_key(groups);
        let more = if is_enough { Map::new() } else { self.more_of(discovery, tokens, &token.sub).await? };
        let sources = [&token.claims, &more];
        let subject = OpenIdSubject { issuer: self.issuer.name().to_owned(), subject: token.sub.clone() };
        Ok(Person {
            subject,
            // An address and whether it was verified have to come from one place.
            email: sources.into_iter().find_map(verified_email),
            name: sources.into_iter().find_map(name).unwrap_or_default(),
            authenticated_at: token.claims.get("auth_time").and_then(Value::as_i64),
            role: role(&self.settings.roles, sources.into_iter().find_map(|claims| claims.get(groups))),
        })
    }
}

/// Some providers write the word as text.
fn verified_email(claims: &Map<String, Value>) -> Option<EmailAddress> {
    let is_verified = match claims.get("email_verified")? {
        Value::Bool(verified) => *verified,
        Value::String(word) => word == "true",
        _ => false,
    };
    let address = claims.get("email")?.as_str().filter(|_| is_verified)?;
    EmailAddress::parse(address).ok()
}

fn name(claims: &Map<String, Value>) -> Option<String> {
    let text = |claim: &str| claims.get(claim).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let parts = format!("{} {}", text("given_name"), text("family_name"));
    let said = [text("name"), parts.trim().to_owned()].into_iter().find(|name| !name.is_empty())?;
    let plain = said.chars().map(|c| if c.is_control() { ' ' } else { c });
    Some(plain.take(LONGEST_NAME).collect::<String>().trim().to_owned())
}

/// A group is a text; several are a list of texts.
fn role(roles: &GroupRoles, groups: Option<&Value>) -> Option<Role> {
    let groups: Vec<String> = match groups? {
        Value::String(group) => vec![group.clone()],
        Value::Array(groups) => groups.iter().filter_map(|group| Some(group.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    };
    roles.role_of(&groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn only_an_address_that_was_verified_is_somebodys() {
        for verified in [json!(true), json!("true")] {
            let said = claims(json!({ "email": "Ana@Label.Example", "email_verified": verified }));
            assert_eq!(verified_email(&said).unwrap().as_str(), "ana@label.example");
        }
        for said in [
            json!({ "email": "ana@label.example" }),
            json!({ "email": "ana@label.example", "email_verified": false }),
            json!({ "email": "ana@label.example", "email_verified": "false" }),
            json!({ "email": "ana@label.example", "email_verified": 1 }),
            json!({ "email": "ana", "email_verified": true }),
            json!({ "email_verified": true }),
        ] {
            assert!(verified_email(&claims(said.clone())).is_none(), "{said}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name(&claims(json!({ "name": " Ana Holm\nAdmin " }))).as_deref(), Some("Ana Holm Admin"));
        let parts = claims(json!({ "name": "", "given_name": "Ana", "family_name": "Holm" }));
        assert_eq!(name(&parts).as_deref(), Some("Ana Holm"));
        assert_eq!(name(&claims(json!({ "name": 7 }))), None);
    }
}
