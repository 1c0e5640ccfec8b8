//! What an access token says.

use crate::engine::config::ClaimedRoles;
use crate::model::role::Role;
use serde_json::{Map, Value};
use std::time::Duration;

/// Claims that only ID tokens have.
const OF_ID_TOKENS: [&str; 4] = ["nonce", "at_hash", "c_hash", "s_hash"];

/// What a token says, in the words of its issuer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claims(Map<String, Value>);

/// What a token says of what somebody is to the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claimed {
    /// Nothing.
    Nothing,
    /// Something that stands for no role.
    Strange,
    /// A role.
    Role(Role),
}

impl Claims {
    pub(super) fn new(claims: Map<String, Value>) -> Self {
        Self(claims)
    }

    /// A claim that is a text, and not an empty one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// For whom it is; none where nothing is said.
    pub(super) fn audiences(&self) -> Option<Vec<&str>> {
        self.0.get("aud").map(texts)
    }

    /// Who asked for it: the standard's name, and those that several providers use.
    pub(super) fn client(&self) -> Option<&str> {
        ["client_id", "azp", "cid"].into_iter().find_map(|name| self.text(name))
    }

    /// The name of whoever it is about, as people read it.
    pub(super) fn name(&self) -> Option<&str> {
        let names = ["name", "preferred_username", "email", "username"];
        names.into_iter().find_map(|name| self.text(name))
    }

    /// Its scopes that begin with this, without it.
    pub(super) fn scopes(&self, prefix: &str) -> Vec<String> {
        let said = ["scope", "scp"].into_iter().filter_map(|name| self.0.get(name)).flat_map(texts);
        let scopes = said.flat_map(str::split_ascii_whitespace);
        scopes.filter_map(|scope| scope.strip_prefix(prefix)).map(str::to_owned).collect()
    }

    /// Whether it says of itself that it is no access token, as ID tokens do and those of Cognito and Keycloak.
    pub(super) fn is_of_another_use(&self) -> bool {
        OF_ID_TOKENS.into_iter().any(|name| self.0.contains_key(name))
            || self.0.get("token_use").is_some_and(|said| said != "access")
            || self.0.get("typ").is_some_and(|said| said != "Bearer")
    }

    /// Whether it says that it is an access token, in the word of Cognito.
    pub(super) fn says_access(&self) -> bool {
        self.text("token_use") == Some("access")
    }

    /// Whether it is bound to a key or a certificate that its sender has to show (RFC 7800).
    pub(super) fn is_bound(&self) -> bool {
        self.0.contains_key("cnf")
    }

    /// When it was made, in seconds since 1970.
    pub(super) fn made_at(&self) -> Option<u64> {
        self.0.get("iat").and_then(Value::as_u64)
    }

    /// When it expires, in seconds since 1970.
    pub(super) fn expires_at(&self) -> Option<u64> {
        let at = self.0.get("exp")?;
        let with_fraction = || Some(Duration::try_from_secs_f64(at.as_f64()?).ok()?.as_secs());
        at.as_u64().or_else(with_fraction)
    }

    /// What it says of what somebody is to the label: of several roles, the one that may do most.
    pub(super) fn role(&self, roles: &ClaimedRoles) -> Claimed {
        let Some(said) = roles.claim.as_deref().and_then(|claim| self.find(claim)) else {
            return Claimed::Nothing;
        };
        let said = texts(said);
        let stands_for =
            |role: &&Role| roles.of.iter().any(|(value, of)| of == *role && said.contains(&value.as_str()));
        Role::ALL.iter().rev().find(stands_for).map_or(Claimed::Strange, |role| Claimed::Role(*role))
    }

    /// A claim by its name, or by the names on the way to it, with dots between.
    fn find(&self, name: &str) -> Option<&Value> {
        if let Some(found) = self.0.get(name) {
            return Some(found);
        }
        let (first, rest) = name.split_once('.')?;
        rest.split('.').try_fold(self.0.get(first)?, |value, name| value.get(name))
    }
}

/// A text, or several.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        let Value::Object(claims) = value else { panic!("{value} is no object") };
        Claims::new(claims)
    }

    #[test]
    fn scopes_are_read_in_each_way_in_which_providers_write_them() {
        for (said, prefix, scopes) in [
            (json!({ "scope": "openid tools:read  tools:s3" }), "", vec!["openid", "tools:read", "tools:s3"]),
            (json!({ "scp": ["tools:read", 7] }), "", vec!["tools:read"]),
            (json!({ "scp": "tools:read" }), "", vec!["tools:read"]),
            (json!({ "scope": "patchline/tools:read tools:all" }), "patchline/", vec!["tools:read"]),
            (json!({ "scope": { "tools:all": true } }), "", vec![]),
            (json!({}), "", vec![]),
        ] {
            assert_eq!(claims(said.clone()).scopes(prefix), scopes, "{said}");
        }
    }

    #[test]
    fn what_says_that_it_is_something_else_is_no_access_token() {
        for said in [
            json!({ "nonce": "n" }),
            json!({ "at_hash": "h" }),
            json!({ "token_use": "id" }),
            json!({ "token_use": null }),
            json!({ "typ": "ID" }),
            json!({ "typ": "Refresh" }),
        ] {
            assert!(claims(said.clone()).is_of_another_use(), "{said}");
        }
        for said in [json!({}), json!({ "token_use": "access" }), json!({ "typ": "Bearer" })] {
            assert!(!claims(said.clone()).is_of_another_use(), "{said}");
        }
    }

    #[test]
    fn of_several_groups_the_one_that_may_do_most_counts() {
        let roles = |claim: &str| ClaimedRoles {
            claim: Some(claim.to_owned()),
            of: vec![("studio".to_owned(), Role::Producer), ("staff".to_owned(), Role::Label)],
            otherwise: None,
        };
        for (said, claim, expected) in [
            (json!({ "groups": ["studio", "staff"] }), "groups", Claimed::Role(Role::Label)),
            (json!({ "groups": "studio" }), "groups", Claimed::Role(Role::Producer)),
            (json!({ "https://a.b/roles": ["staff"] }), "https://a.b/roles", Claimed::Role(Role::Label)),
            (json!({ "realm": { "roles": ["staff"] } }), "realm.roles", Claimed::Role(Role::Label)),
            (json!({ "groups": ["Staff", "staff "] }), "groups", Claimed::Strange),
            (json!({ "groups": [] }), "groups", Claimed::Strange),
            (json!({}), "groups", Claimed::Nothing),
            (json!({ "realm": "roles" }), "realm.roles", Claimed::Nothing),
        ] {
            assert_eq!(claims(said.clone()).role(&roles(claim)), expected, "{said}");
        }
        assert_eq!(claims(json!({ "groups": ["staff"] })).role(&ClaimedRoles::default()), Claimed::Nothing);
    }
}
