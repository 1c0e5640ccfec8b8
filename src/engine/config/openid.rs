//! Sign-in by OpenID Connect: which provider, as whom Patchline asks there, and what its groups are here.

use super::table::{self, Variable};
use super::values::{Environment, boolean, names, wrong};
use super::{ConfigError, IssuerSettings, IssuerUrl, SigningAlgorithm, is_loopback};
use crate::model::role::Role;
use reqwest::Url;
use secrecy::SecretString;
use std::path::Path;

/// Where a provider sends people back.
pub const OPENID_CALLBACK: &str = "/sign-in/openid/callback";

/// The signatures that are believed: those that providers use of whom people have heard.
const ALGORITHMS: [SigningAlgorithm; 4] =
    [SigningAlgorithm::Rs256, SigningAlgorithm::Ps256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];

/// How the name of a machine begins at which Cognito has its pools.
const COGNITO: &str = "cognito-idp.";

/// The longest secret that is read from a file, in bytes.
const LONGEST_SECRET: usize = 4096;

/// Sign-in by OpenID Connect.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    /// The provider.
    pub issuer: IssuerSettings,
    /// What people call it.
    pub name: String,
    /// As whom Patchline asks there.
    pub client_id: String,
    /// What proves that; none where the provider knows Patchline as a public client.
    pub client_secret: Option<SecretString>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The claim with somebody's groups.
    pub groups_claim: String,
    /// What the groups are here.
    pub roles: GroupRoles,
    /// Where the provider sends people back, where it is not the address at which they asked.
    pub callback: Option<Url>,
}

impl OpenIdSettings {
    /// Whether the provider is Amazon Cognito, which has words of its own for some things.
    pub fn is_cognito(&self) -> bool {
        self.issuer.url.host().starts_with(COGNITO)
    }
}

/// What groups of a provider are here, the most important first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRoles(Vec<(String, Role)>);

impl GroupRoles {
    /// What somebody is who is in these groups: what the first of the list says that they are in.
    pub fn role_of(&self, groups: &[String]) -> Option<Role> {
        self.0.iter().find(|(group, _)| groups.contains(group)).map(|(_, role)| *role)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut roles: Vec<(String, Role)> = Vec::new();
        for pair in names(text)? {
            let form = || {
                format!(
                    "{pair:?} is not a group and a role like \"label-staff=label\"; roles are artist, producer, \
                     manager, label and admin"
                )
            };
            let (group, role) = pair.rsplit_once('=').ok_or_else(form)?;
            let (group, role) = (group.trim(), Role::from_id(role.trim()).ok_or_else(form)?);
            if group.is_empty() {
                return Err(form());
            }
            if roles.iter().any(|(known, _)| known == group) {
                return Err(format!("the group {group:?} is there twice"));
            }
            roles.push((group.to_owned(), role));
        }
        Ok(Self(roles))
    }
}

/// What the environment says; none where it names no provider.
pub(super) fn settings(environment: &Environment<'_>) -> Result<Option<OpenIdSettings>, ConfigError> {
    let Some(url) = environment.parse(&table::OIDC_ISSUER, str::parse::<IssuerUrl>)? else {
        return without_provider(environment).map(|()| None);
    };
    let groups = if url.host().starts_with(COGNITO) { "cognito:groups" } else { "groups" };
    let groups_claim = environment.parse(&table::OIDC_GROUPS_CLAIM, visible)?;
    let name = environment.parse(&table::OIDC_NAME, name)?;
    Ok(Some(OpenIdSettings {
        name: name.unwrap_or_else(|| url.host().to_owned()),
        client_id: environment.required(&table::OIDC_CLIENT_ID, visible)?,
        client_secret: secret(environment)?,
        scopes: environment.required(&table::OIDC_SCOPES, scopes)?,
        groups_claim: groups_claim.unwrap_or_else(|| groups.to_owned()),
        roles: environment.required(&table::OIDC_ROLES, GroupRoles::parse)?,
        callback: environment.parse(&table::OIDC_CALLBACK, callback)?,
        issuer: IssuerSettings {
            url,
            algorithms: ALGORITHMS.to_vec(),
            private_addresses: environment.required(&table::OIDC_PRIVATE_ADDRESSES, boolean)?,
        },
    }))
}

/// What is set for a provider that nobody has named is a mistake.
fn without_provider(environment: &Environment<'_>) -> Result<(), ConfigError> {
    let others: [&Variable; 7] = [
        &table::OIDC_CLIENT_ID,
        &table::OIDC_CLIENT_SECRET,
        &table::OIDC_CLIENT_SECRET_FILE,
        &table::OIDC_NAME,
        &table::OIDC_GROUPS_CLAIM,
        &table::OIDC_ROLES,
        &table::OIDC_CALLBACK,
    ];
    let set = others.into_iter().find_map(|variable| Some((variable, environment.text(variable)?)));
    match set {
        None => Ok(()),
        Some((variable, value)) => {
            let allowed = format!("it is of use only together with {}", table::OIDC_ISSUER.name);
            Err(wrong(variable, &value, allowed))
        }
    }
}

fn secret(environment: &Environment<'_>) -> Result<Option<SecretString>, ConfigError> {
    let given = environment.parse(&table::OIDC_CLIENT_SECRET, |text| Ok(SecretString::from(text)))?;
    let file = environment.parse(&table::OIDC_CLIENT_SECRET_FILE, |path| {
        if given.is_some() {
            return Err(format!("only one is allowed, this or {}", table::OIDC_CLIENT_SECRET.name));
        }
        let text = std::fs::read_to_string(Path::new(path))
            .map_err(|error| format!("the file cannot be read: {error}"))?;
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST_SECRET {
            return Err(format!("a file with a secret of 1 to {LONGEST_SECRET} bytes is allowed"));
        }
        Ok(SecretString::from(text))
    })?;
    Ok(given.or(file))
}

fn visible(text: &str) -> Result<String, String> {
    let fits = text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err("1 to 255 visible ASCII characters are allowed".to_owned()) }
}

fn name(text: &str) -> Result<String, String> {
    let fits = text.chars().count() <= 60 && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("a name of at most 60 characters is allowed".to_owned()) }
}

fn scopes(text: &str) -> Result<Vec<String>, String> {
    let scopes = names(text)?;
    for scope in &scopes {
        visible(scope)?;
    }
    if scopes.iter().any(|scope| scope == "openid") {
        return Ok(scopes);
    }
    Err("openid has to be one of the comma-separated scopes".to_owned())
}

fn callback(text: &str) -> Result<Url, String> {
    let allowed = || format!("an https:// address that ends in {OPENID_CALLBACK} is allowed");
    let url = text.parse::<Url>().map_err(|_| allowed())?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_safe && is_plain && url.path().ends_with(OPENID_CALLBACK) { Ok(url) } else { Err(allowed()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_first_group_of_the_list_that_somebody_is_in_says_what_they_are() {
        let roles = GroupRoles::parse("admins=admin, Label staff=label,a=b=artist").unwrap();
        assert_eq!(roles.role_of(&groups(&["Label staff", "admins"])), Some(Role::Admin));
        assert_eq!(roles.role_of(&groups(&["Label staff"])), Some(Role::Label));
        assert_eq!(roles.role_of(&groups(&["a=b"])), Some(Role::Artist));
        assert_eq!(
            roles.role_of(&groups(&["Admins", "label staff"])),
            None,
            "names are compared as they are"
        );
        assert_eq!(roles.role_of(&[]), None);
    }

    #[test]
    fn a_group_that_would_be_two_things_is_a_mistake() {
        for text in ["", "admins", "=admin", "admins=boss", "admins=admin,admins=label"] {
            assert!(GroupRoles::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn people_are_sent_back_to_the_one_address_that_knows_them() {
        assert!(callback("https://patchline.example/sign-in/openid/callback").is_ok());
        assert!(callback("http://localhost:3000/sign-in/openid/callback").is_ok());
        for text in [
            "https://patchline.example/",
            "http://patchline.example/sign-in/openid/callback",
            "https://patchline.example/sign-in/openid/callback?next=/",
        ] {
            assert!(callback(text).is_err(), "{text}");
        }
    }
}
