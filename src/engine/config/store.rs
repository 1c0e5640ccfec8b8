//! Which AWS there is: the embedded one with what only it has, or an account.

use super::addresses::loopback_address;
use super::values::{Environment, boolean, without_credentials, wrong};
use super::{ConfigError, table, upstreams};
use reqwest::Url;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How the embedded AWS runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedMode {
    /// Where it keeps its files.
    pub data_dir: PathBuf,
    /// Where it listens for others; none when it does not.
    pub address: Option<SocketAddr>,
    /// The language model that writes for its Bedrock; none when its own model quotes.
    pub language_model: Option<LanguageModel>,
}

/// An OpenAI-compatible server.
#[derive(Clone, PartialEq, Eq)]
pub struct LanguageModel {
    /// Its base address.
    pub url: String,
    /// The name of the model; none where the server has one only.
    pub name: Option<String>,
}

/// The address may hold a name and a password.
impl std::fmt::Debug for LanguageModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = without_credentials(&self.url);
        formatter.debug_struct("LanguageModel").field("url", &url).field("name", &self.name).finish()
    }
}

/// Whether one of the sources that the SDK reads is set up. Instance roles cannot be seen without a
/// request: on such a machine set `MCP_MOCK_AWS_SERVICES=false`.
pub(super) fn credentials_are_configured() -> bool {
    const VARIABLES: [&str; 5] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    let file = std::env::home_dir().map(|home| home.join(".aws/credentials"));
    VARIABLES.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        || file.is_some_and(|file| file.exists())
}

pub(super) fn embedded_mode(
    environment: &Environment<'_>,
    credentials: bool,
) -> Result<Option<EmbeddedMode>, ConfigError> {
    let embedded = environment.parse(&table::MOCK_AWS, boolean)?.unwrap_or(!credentials);
    let data_dir = environment.required(&table::DATA_DIR, |text| Ok(PathBuf::from(text)))?;
    let address = environment.required(&table::EMBEDDED_ADDR, |text| match text {
        "off" => Ok(None),
        text => loopback_address(text).map(Some).map_err(|allowed| format!("{allowed}, or off")),
    })?;
    let language_model = environment.parse(&table::LLM_URL, |text| {
        if !embedded {
            return Err("it is not accepted with a real account, which has models; unset it".to_owned());
        }
        language_model(text)
    })?;
    Ok(embedded.then_some(EmbeddedMode { data_dir, address, language_model }))
}

/// The address, and after `#` the name of the model.
fn language_model(text: &str) -> Result<LanguageModel, String> {
    let (url, name) = match text.split_once('#') {
        Some((url, name)) if !name.is_empty() => (url, Some(name.to_owned())),
        _ => (text.trim_end_matches('#'), None),
    };
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    if host.is_empty() || host.starts_with('/') {
        return Err("an address that begins with http:// or https://".to_owned());
    }
    Ok(LanguageModel { url: url.to_owned(), name })
}

pub(super) fn demo_mode(environment: &Environment<'_>, embedded: bool) -> Result<bool, ConfigError> {
    match environment.parse(&table::DEMO_MODE, boolean)? {
        Some(true) if !embedded => Err(wrong(
            &table::DEMO_MODE,
            "true",
            "the demo is never written into a real account; set false, or MCP_MOCK_AWS_SERVICES=true"
                .to_owned(),
        )),
        Some(demo) => Ok(demo),
        None => Ok(embedded),
    }
}

pub(super) fn bootstrap_key(
    environment: &Environment<'_>,
    embedded: bool,
) -> Result<Option<SecretString>, ConfigError> {
    environment.parse(&table::BOOTSTRAP_KEY, |text| {
        if !embedded && !is_aws_of_this_machine(environment) {
            return Err("it is not accepted with a real account; unset it".to_owned());
        }
        if text.len() < 16 {
            return Err("at least 16 characters are needed".to_owned());
        }
        Ok(SecretString::from(text))
    })
}

/// The services that have clients, as the AWS SDK names them in `AWS_ENDPOINT_URL_*`.
const SERVICES: [&str; 11] = [
    "BEDROCK_AGENT",
    "BEDROCK_AGENT_RUNTIME",
    "BEDROCK_RUNTIME",
    "CLOUDWATCH",
    "CLOUDWATCH_LOGS",
    "DYNAMODB",
    "RDS",
    "RDS_DATA",
    "S3",
    "SESV2",
    "STS",
];

/// Whether the AWS SDK is pointed at this machine, as where several instances share one embedded AWS.
pub(super) fn is_aws_of_this_machine(environment: &Environment<'_>) -> bool {
    let is_here = |name: &str| {
        let endpoint = (environment.lookup)(name).filter(|endpoint| !endpoint.trim().is_empty())?;
        Some(endpoint.trim().parse::<Url>().is_ok_and(|url| upstreams::is_loopback(&url)))
    };
    let is_elsewhere = |service: &str| is_here(&format!("AWS_ENDPOINT_URL_{service}")) == Some(false);
    // With this the SDK passes over all of them.
    let is_ignored = (environment.lookup)("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .is_some_and(|said| !matches!(said.trim(), "" | "false"));
    is_here("AWS_ENDPOINT_URL") == Some(true) && !is_ignored && !SERVICES.into_iter().any(is_elsewhere)
}
