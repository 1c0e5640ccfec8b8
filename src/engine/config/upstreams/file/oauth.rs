//! The table `[upstream.oauth]`: how a token for a third party's server is come by.

use super::{Mistake, address, is_safe, mistake, named, secret, within};
use crate::engine::config::upstreams::{BrowserClient, Grant, OAuthSettings, RegisteredClient};
use reqwest::Url;
use serde::Deserialize;
use toml::Spanned;

const GRANTS: [(&str, Whose); 2] =
    [("client_credentials", Whose::Patchline), ("authorization_code", Whose::Person)];

/// Where the browser goes after the consent of a person.
const CALLBACK_PORT: u32 = 8976;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OAuthTable {
    grant: Option<Spanned<String>>,
    issuer: Option<Spanned<String>>,
    client_id: Option<Spanned<String>>,
    client_secret_variable: Option<Spanned<String>>,
    client_metadata_url: Option<Spanned<String>>,
    callback_port: Option<Spanned<i64>>,
    #[serde(default)]
    scopes: Vec<Spanned<String>>,
}

/// Whose token it is.
#[derive(Clone, Copy, Default)]
enum Whose {
    #[default]
    Patchline,
    Person,
}

impl OAuthTable {
    /// Reads it. `url` is that of the server.
    pub(super) fn understand(
        &self,
        url: &Spanned<String>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<OAuthSettings, Mistake> {
        if !is_safe(&address(url)?) {
            return Err(mistake(url, "with OAuth https:// is needed, except for this machine"));
        }
        if let Some(issuer) = &self.issuer
            && !is_safe(&address(issuer)?)
        {
            return Err(mistake(issuer, "https:// is needed, except for this machine"));
        }
        let issuer = self.issuer.as_ref().map(|issuer| issuer.get_ref().clone());
        let grant = self.grant(url, variable)?;
        let scopes = self.scopes.iter().map(|scope| visible("scope", scope)).collect::<Result<_, _>>()?;
        Ok(OAuthSettings { grant, issuer, scopes })
    }

    fn grant(
        &self,
        url: &Spanned<String>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Grant, Mistake> {
        let id = self.client_id.as_ref().map(|id| visible("client_id", id)).transpose()?;
        let client_secret = match &self.client_secret_variable {
            Some(name) if self.issuer.is_none() => {
                return Err(mistake(name, "with a secret the issuer is needed, who alone gets it"));
            }
            Some(name) if id.is_none() => return Err(mistake(name, "with a secret the client_id is needed")),
            Some(name) => Some(secret("client's secret", name, variable)?),
            None => None,
        };
        match named("grant", self.grant.as_ref(), &GRANTS)? {
            Whose::Patchline => {
                let (Some(client_id), Some(client_secret)) = (id, client_secret) else {
                    let words = "its [upstream.oauth] needs issuer, client_id and client_secret_variable, or \
                                 grant = \"authorization_code\"";
                    return Err(mistake(url, words));
                };
                Ok(Grant::ClientCredentials { client_id, client_secret })
            }
            Whose::Person => {
                let port = within(self.callback_port.as_ref(), 1_024..=65_535)?.unwrap_or(CALLBACK_PORT);
                let redirect = format!("http://127.0.0.1:{port}/callback");
                Ok(Grant::AuthorizationCode(BrowserClient {
                    registered: id.map(|id| RegisteredClient { id, secret: client_secret }),
                    document: self.client_metadata_url.as_ref().map(document).transpose()?,
                    redirect: Url::parse(&redirect).map_err(|error| mistake(url, error))?,
                }))
            }
        }
    }
}

/// The address of the document about a client, which is the client's name, too.
fn document(text: &Spanned<String>) -> Result<Url, Mistake> {
    let url = address(text)?;
    if url.scheme() == "https" && url.path() != "/" {
        return Ok(url);
    }
    Err(mistake(text, "an address that begins with https:// and has a path is allowed"))
}

/// A word of visible ASCII.
fn visible(what: &str, text: &Spanned<String>) -> Result<String, Mistake> {
    let word = text.get_ref();
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(word.clone());
    }
    Err(mistake(text, format!("a {what} is one word of visible ASCII")))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::engine::config::Access;

    const KEYED: &str = "[[upstream]]\nkey_variable = \"KEY\"";
    const SAFE: &str = "https://a.example/mcp";
    const SECRET: &str = "\nclient_secret_variable = \"KEY\"\n";
    const PERSON: &str = "grant = \"authorization_code\"\n";

    /// A third party with OAuth: what is in the table begins in line 5.
    fn oauth(url: &str, table: &str) -> String {
        format!("[[upstream]]\nprefix = \"a\"\nurl = \"{url}\"\n[upstream.oauth]\n{table}")
    }

    fn ours(issuer: &str, variable: &str) -> String {
        format!("issuer = \"{issuer}\"\nclient_id = \"label\"\nclient_secret_variable = \"{variable}\"\n")
    }

    fn settings(text: &str) -> OAuthSettings {
        let read = parse(text, &|name| (name == "KEY").then(|| "hunter2".to_owned()));
        let upstreams = read.unwrap_or_else(|complaint| panic!("{text} is right, but: {complaint}"));
        assert!(!format!("{upstreams:?}").contains("hunter2"));
        let Access::OAuth(settings) = upstreams.third_parties[0].access.clone() else {
            panic!("it is OAuth")
        };
        *settings
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_is_allowed() {
        let cases = [
            (oauth(SAFE, SECRET), "line 6: with a secret the issuer"),
            (
                oauth(SAFE, &format!("issuer = \"https://b\"\n{SECRET}")),
                "line 7: with a secret the client_id",
            ),
            (oauth(SAFE, &ours("https://b", "NONE")), "line 7: the variable NONE"),
            (oauth("http://a/mcp", &ours("https://b", "KEY")), "line 3: with OAuth https://"),
            (oauth(SAFE, &ours("http://b", "KEY")), "line 5: https:// is needed"),
            (
                oauth(SAFE, &format!("{}scopes = [\"a b\"]", ours("https://b", "KEY"))),
                "line 8: a scope is one word",
            ),
            (oauth(SAFE, "issuer = \"https://b\""), "line 3: its [upstream.oauth] needs issuer"),
            (oauth(SAFE, "grant = \"password\""), "line 5: there is no grant \"password\""),
            (
                oauth(SAFE, &format!("{PERSON}client_metadata_url = \"https://a\"")),
                "line 6: an address that begins with https:// and has a path",
            ),
            (oauth(SAFE, &format!("{PERSON}callback_port = 80")), "line 6: a whole number from 1024"),
            (
                oauth(SAFE, PERSON).replace("[[upstream]]", KEYED),
                "line 2: either a key_variable or [upstream.oauth]",
            ),
        ];
        for (text, expected) in cases {
            let variable = |name: &str| (name == "KEY").then(|| "hunter2".to_owned());
            let message = parse(&text, &variable).expect_err("it is wrong");
            assert!(message.contains(expected), "{message} is not {expected}");
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn a_token_of_patchline_is_asked_for_with_a_secret_from_a_variable() {
        let text = oauth(SAFE, &format!("{}scopes = [\"shows:read\"]", ours("https://b.example", "KEY")));
        let settings = settings(&text);
        assert!(
            matches!(&settings.grant, Grant::ClientCredentials { client_id, .. } if client_id == "label")
        );
        assert_eq!(settings.issuer.as_deref(), Some("https://b.example"));
        assert_eq!(settings.scopes, ["shows:read"]);
    }

    #[test]
    fn where_a_person_consents_nothing_need_be_registered_before() {
        let Grant::AuthorizationCode(browser) = settings(&oauth(SAFE, PERSON)).grant else {
            panic!("a person consents")
        };
        assert!(browser.registered.is_none() && browser.document.is_none());
        assert_eq!(browser.redirect.as_str(), "http://127.0.0.1:8976/callback");
        let registered = format!("{PERSON}client_id = \"label\"\ncallback_port = 4000");
        let Grant::AuthorizationCode(browser) = settings(&oauth(SAFE, &registered)).grant else {
            panic!("a person consents")
        };
        assert_eq!(browser.registered.map(|client| client.id).as_deref(), Some("label"));
        assert_eq!(browser.redirect.port(), Some(4000));
    }
}
