//! What the suite says of the scenario that it runs.

use crate::browser::Browser;
use patchline::engine::config::{
    Access, BrowserClient, Grant, OAuthSettings, Questions, RegisteredClient, Revision,
};
use patchline::engine::gateway::{UpstreamClient, Verdicts};
use reqwest::Url;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// How long an answer of the suite's server may take, and how large it may be.
const PATIENCE: Duration = Duration::from_secs(20);
const LARGEST: usize = 8 * 1024 * 1024;

/// The document about this client that the suite expects. Nothing is served there.
const DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

/// Where the browser goes after the consent. Nobody listens there: the address is all that counts.
const REDIRECT: &str = "http://127.0.0.1:9876/callback";

/// Scenarios whose names begin so want a token of the client itself, without anybody's consent.
const WITHOUT_CONSENT: &str = "auth/client-credentials-";

/// A scenario.
pub(crate) struct Scenario {
    pub(crate) name: String,
    address: Url,
    revision: Revision,
    pub(crate) context: Context,
}

/// What the client is to know, as far as scenarios that are run say such things.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Context {
    #[serde(rename = "client_id")]
    client_id: Option<String>,
    #[serde(rename = "client_secret")]
    client_secret: Option<SecretString>,
    issuer: Option<String>,
    /// The calls that a scenario wants to see.
    #[serde(default)]
    pub(crate) tool_calls: Vec<ToolCall>,
}

/// A call of a tool.
#[derive(Deserialize)]
pub(crate) struct ToolCall {
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
}

impl Scenario {
    /// The scenario that the suite's variables name.
    pub(crate) fn of_environment(address: &str) -> Result<Self, Box<dyn Error>> {
        let revision = match variable("MCP_CONFORMANCE_PROTOCOL_VERSION")?.as_str() {
            "2025-11-25" => Revision::V2025_11_25,
            "2026-07-28" => Revision::V2026_07_28,
            other => return Err(format!("the suite asks for the revision {other}").into()),
        };
        let context = match std::env::var("MCP_CONFORMANCE_CONTEXT") {
            Ok(context) => serde_json::from_str(&context)?,
            Err(_) => Context::default(),
        };
        let name = variable("MCP_CONFORMANCE_SCENARIO")?;
        Ok(Self { name, address: Url::parse(address)?, revision, context })
    }

    /// The product's client, set up as an operator would for this server.
    pub(crate) fn client(&self) -> Result<UpstreamClient, Box<dyn Error>> {
        let access = if self.name.starts_with("auth/") {
            Access::OAuth(Box::new(self.oauth()?))
        } else {
            Access::Open
        };
        let client =
            UpstreamClient::new(self.address.clone(), access, PATIENCE, LARGEST, Verdicts::default())
                .of_third_party()
                .in_revision(self.revision)
                .answering(Questions::Defaults)
                .with_consent(Arc::new(Browser));
        Ok(client)
    }

    fn oauth(&self) -> Result<OAuthSettings, Box<dyn Error>> {
        let Context { client_id, client_secret, issuer, .. } = &self.context;
        let grant = if self.name.starts_with(WITHOUT_CONSENT) {
            let (Some(client_id), Some(client_secret)) = (client_id.clone(), client_secret.clone()) else {
                return Err("the client shows a secret only, and the suite gives it none".into());
            };
            Grant::ClientCredentials { client_id, client_secret }
        } else {
            let secret = client_secret.clone();
            Grant::AuthorizationCode(BrowserClient {
                registered: client_id.clone().map(|id| RegisteredClient { id, secret }),
                document: Some(Url::parse(DOCUMENT)?),
                redirect: Url::parse(REDIRECT)?,
            })
        };
        Ok(OAuthSettings { grant, issuer: issuer.clone(), scopes: Vec::new() })
    }
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    std::env::var(name).map_err(|_| format!("the suite sets {name}, and it is not there").into())
}
