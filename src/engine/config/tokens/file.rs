//! Reads the file: every mistake is told with its line and what is allowed instead.

use super::{Audience, ClaimedRoles, TokenIssuer, USUAL_ALGORITHMS};
use crate::engine::config::issuer::{IssuerSettings, IssuerUrl, SigningAlgorithm};
use crate::engine::config::toml_file::{self, Mistake, mistake};
use crate::model::role::Role;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    issuer: Vec<IssuerTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerTable {
    issuer: Spanned<String>,
    #[serde(default)]
    private_addresses: bool,
    algorithms: Option<Vec<Spanned<String>>>,
    audience: Option<Spanned<String>>,
    token_type: Option<Spanned<String>>,
    scope_prefix: Option<Spanned<String>>,
    #[serde(default)]
    clients: Vec<Spanned<String>>,
    role_claim: Option<Spanned<String>>,
    default_role: Option<Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<String>>,
}

/// Reads the file at a path.
///
/// # Errors
/// What is wrong, with the line, and what is allowed.
pub(in crate::engine::config) fn read(path: &str) -> Result<Vec<TokenIssuer>, String> {
    parse(&toml_file::text_of(path)?)
}

fn parse(text: &str) -> Result<Vec<TokenIssuer>, String> {
    toml_file::parse(text, understand)
}

fn understand(file: File) -> Result<Vec<TokenIssuer>, Mistake> {
    let mut issuers: Vec<TokenIssuer> = Vec::new();
    for table in file.issuer {
        let issuer = table.understand()?;
        let url = &issuer.issuer.url;
        if issuers.iter().any(|known| known.issuer.url == *url) {
            return Err(mistake(&table.issuer, format!("the issuer {url} is there twice")));
        }
        issuers.push(issuer);
    }
    Ok(issuers)
}

impl IssuerTable {
    fn understand(&self) -> Result<TokenIssuer, Mistake> {
        let read = TokenIssuer {
            issuer: IssuerSettings {
                url: url(&self.issuer)?,
                algorithms: self.algorithms()?,
                private_addresses: self.private_addresses,
            },
            audience: self.audience()?,
            typed: self.is_typed()?,
            scope_prefix: self.scope_prefix.as_ref().map(scope_prefix).transpose()?.unwrap_or_default(),
            clients: self.clients.iter().map(|client| word("client", client)).collect::<Result<_, _>>()?,
            roles: self.roles()?,
        };
        if read.audience == Audience::LeftOut && (read.scope_prefix.is_empty() || read.clients.is_empty()) {
            let words = "where tokens name no audience, scope_prefix and clients are needed, by which those for \
                         Patchline are told from others";
            return Err(mistake(self.audience.as_ref().unwrap_or(&self.issuer), words));
        }
        Ok(read)
    }

    fn algorithms(&self) -> Result<Vec<SigningAlgorithm>, Mistake> {
        let Some(named) = &self.algorithms else { return Ok(USUAL_ALGORITHMS.to_vec()) };
        if named.is_empty() {
            let words = "one of the algorithms at least is needed; leave the list out for the usual";
            return Err(mistake(&self.issuer, words));
        }
        named.iter().map(algorithm).collect()
    }

    fn audience(&self) -> Result<Audience, Mistake> {
        match &self.audience {
            None => Ok(Audience::Named),
            Some(text) => match text.get_ref().as_str() {
                "required" => Ok(Audience::Named),
                "left_out" => Ok(Audience::LeftOut),
                other => Err(mistake(text, format!("{other:?} is none; allowed are required and left_out"))),
            },
        }
    }

    fn is_typed(&self) -> Result<bool, Mistake> {
        match &self.token_type {
            None => Ok(true),
            Some(text) => match text.get_ref().as_str() {
                "at+jwt" => Ok(true),
                "jwt" => Ok(false),
                other => Err(mistake(text, format!("{other:?} is none; allowed are at+jwt and jwt"))),
            },
        }
    }

    fn roles(&self) -> Result<ClaimedRoles, Mistake> {
        let claim = self.role_claim.as_ref().map(|claim| word("claim", claim)).transpose()?;
        let roles = self.roles.iter().map(|(value, named)| role(named).map(|role| (value.clone(), role)));
        let of = roles.collect::<Result<Vec<_>, Mistake>>()?;
        if claim.is_some() == of.is_empty() {
            let words = "role_claim and [issuer.roles] belong together: the claim has the values that the table \
                         makes roles of";
            return Err(mistake(self.role_claim.as_ref().unwrap_or(&self.issuer), words));
        }
        let otherwise = self.default_role.as_ref().map(role).transpose()?;
        Ok(ClaimedRoles { claim, of, otherwise })
    }
}

fn url(text: &Spanned<String>) -> Result<IssuerUrl, Mistake> {
    text.get_ref().parse().map_err(|allowed: String| mistake(text, allowed))
}

fn algorithm(text: &Spanned<String>) -> Result<SigningAlgorithm, Mistake> {
    SigningAlgorithm::from_id(text.get_ref()).ok_or_else(|| {
        let allowed = SigningAlgorithm::ALL.map(SigningAlgorithm::id).join(", ");
        mistake(text, format!("{:?} is not taken; allowed are {allowed}", text.get_ref()))
    })
}

/// A word of visible ASCII.
fn word(what: &str, text: &Spanned<String>) -> Result<String, Mistake> {
    let word = text.get_ref();
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(word.clone());
    }
    Err(mistake(text, format!("a {what} is one word of visible ASCII")))
}

/// What stands before scopes stands in a header, too (RFC 6750).
fn scope_prefix(text: &Spanned<String>) -> Result<String, Mistake> {
    let prefix = word("scope_prefix", text)?;
    if prefix.contains(['"', '\\']) {
        return Err(mistake(text, "a scope_prefix has no quotation mark and no backslash"));
    }
    Ok(prefix)
}

fn role(text: &Spanned<String>) -> Result<Role, Mistake> {
    Role::from_id(text.get_ref()).ok_or_else(|| {
        let known = Role::ALL.map(Role::id).join(", ");
        mistake(text, format!("there is no role {:?}; allowed are {known}", text.get_ref()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    const ISSUER: &str = "[[issuer]]\nissuer = \"https://login.example\"\n";

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_is_allowed() {
        for (table, expected) in [
            ("algorithms = [\"RS256\",\n\"HS256\"]", "line 4: \"HS256\" is not taken"),
            ("algorithms = [\"none\"]", "line 3: \"none\" is not taken"),
            ("algorithms = []", "line 2: one of the algorithms"),
            ("audience = \"any\"", "line 3: \"any\" is none"),
            ("audience = \"left_out\"", "line 3: where tokens name no audience"),
            ("audience = \"left_out\"\nscope_prefix = \"p/\"", "line 3: where tokens name no audience"),
            ("audience = \"left_out\"\nclients = [\"c\"]", "line 3: where tokens name no audience"),
            ("token_type = \"id\"", "line 3: \"id\" is none"),
            ("scope_prefix = \"a b\"", "line 3: a scope_prefix is one word"),
            ("scope_prefix = 'a\"'", "line 3: a scope_prefix has no quotation mark"),
            ("role_claim = \"groups\"", "line 3: role_claim and [issuer.roles] belong together"),
            ("[issuer.roles]\nstaff = \"label\"", "line 2: role_claim and [issuer.roles]"),
            (
                "role_claim = \"groups\"\n[issuer.roles]\nstaff = \"boss\"",
                "line 5: there is no role \"boss\"",
            ),
            ("default_role = \"everything\"", "line 3: there is no role"),
            ("secret = \"x\"", "unknown field `secret`"),
            (ISSUER, "line 4: the issuer https://login.example is there twice"),
        ] {
            let message = parse(&format!("{ISSUER}{table}")).expect_err(table);
            assert!(message.contains(expected), "{message} is not {expected}");
        }
        let clear = parse("[[issuer]]\nissuer = \"http://login.example\"").expect_err("it is not https");
        assert!(clear.starts_with("line 2: an https:// address"), "{clear}");
    }

    #[test]
    fn an_issuer_stays_as_it_is_written_and_has_usual_settings() {
        let read = parse("[[issuer]]\nissuer = \"https://Login.example/\"\n").expect("it is right");
        let [issuer] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(issuer.issuer.url.as_str(), "https://Login.example/");
        assert_eq!(issuer.issuer.algorithms, USUAL_ALGORITHMS);
        assert!(
            issuer.typed && issuer.audience == Audience::Named && issuer.roles == ClaimedRoles::default()
        );
    }

    #[test]
    fn fuzz_file_of_authorization_servers() {
        let left_out = format!(
            "{ISSUER}audience = \"left_out\"\nscope_prefix = \"patchline/\"\nclients = [\"report\"]\n"
        );
        let roles = format!("{ISSUER}role_claim = \"groups\"\n[issuer.roles]\nstaff = \"label\"\n");
        let words =
            ["[[issuer]]\n", "= ", "\"", "http://127.0.0.1:1", "algorithms = [", "RS256", "none", "left_out"];
        fuzzing::text(500, &[ISSUER, &left_out, &roles], &words, |text| match parse(text) {
            Err(message) => assert!(!message.is_empty()),
            Ok(issuers) => issuers.iter().for_each(is_whole),
        });
    }

    /// What holds of whatever is taken.
    fn is_whole(issuer: &TokenIssuer) {
        assert!(!issuer.issuer.algorithms.is_empty(), "{issuer:?}");
        let tells_whose = !issuer.scope_prefix.is_empty() && !issuer.clients.is_empty();
        assert!(issuer.audience == Audience::Named || tells_whose, "{issuer:?}");
        assert_ne!(issuer.roles.claim.is_some(), issuer.roles.of.is_empty(), "{issuer:?}");
        let mut shown = issuer.clients.iter().chain([&issuer.scope_prefix]);
        assert!(shown.all(|word| word.bytes().all(|byte| byte.is_ascii_graphic())), "{issuer:?}");
    }
}
