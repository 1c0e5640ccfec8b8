//! Calls of the addresses that people gave, signed as Standard Webhooks has it.
//!
//! They go to public addresses only, unless the configuration says otherwise; what a name leads to is looked at when
//! it is connected to. Redirects are not followed, and of the answer only its status counts.

use crate::engine::config::WebhookAddresses;
use crate::engine::identity::issuers::addresses::Reach;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::{StatusCode, Url};
use std::time::Duration;

/// How secrets begin.
const PREFIX: &str = "whsec_";

/// The bytes of a secret.
const BYTES: usize = 32;

/// How long it may take until somebody answers at an address, and how long the answer may take.
const CONNECT: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls addresses. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Webhooks {
    http: Option<reqwest::Client>,
    reach: Reach,
}

/// A call that is to be made.
#[derive(Debug, Clone)]
pub(super) struct Called<'a> {
    /// Names what it tells, the same for every try.
    pub(super) id: &'a str,
    /// What it tells, as JSON.
    pub(super) body: &'a str,
    /// What signs it.
    pub(super) secret: &'a str,
    /// The time of the call.
    pub(super) now: Timestamp,
}

/// Why a call was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotTaken {
    /// Why, a full sentence.
    pub(super) reason: String,
    /// Whether it makes no sense to try again.
    pub(super) for_ever: bool,
}

impl Webhooks {
    /// Calls that lead as far as this.
    pub(super) fn new(addresses: WebhookAddresses) -> Self {
        let reach = Reach::from(addresses);
        let http = reach.client(CONNECT, PATIENCE);
        if let Err(error) = &http {
            tracing::error!(%error, "there is no HTTP client for webhooks");
        }
        Self { http: http.ok(), reach }
    }

    /// Whether an address can be called at all.
    pub(super) fn check(&self, address: &str) -> Result<Url, String> {
        let url = Url::parse(address).map_err(|error| format!("it is no address: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("leave name and password out; each call is signed".to_owned());
        }
        if url.fragment().is_some() {
            return Err("leave out what stands after the #".to_owned());
        }
        self.reach.check(&url)?;
        Ok(url)
    }

    /// Calls an address.
    pub(super) async fn call(&self, address: &str, called: Called<'_>) -> Result<(), NotTaken> {
        let url = self
            .check(address)
            .map_err(|reason| NotTaken::for_ever(format!("It cannot be called: {reason}.")))?;
        let Some(http) = &self.http else {
            return Err(NotTaken::for_now("There is no HTTP client for it.".to_owned()));
        };
        let timestamp = called.now.as_second().to_string();
        let signature = signature(called.secret, called.id, &timestamp, called.body)
            .ok_or_else(|| NotTaken::for_ever("What signs it cannot be read.".to_owned()))?;
        let sent = http
            .post(url)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .header(reqwest::header::USER_AGENT, concat!("Patchline/", env!("CARGO_PKG_VERSION")))
            .header("webhook-id", called.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(called.body.to_owned())
            .send()
            .await;
        match sent.map(|response| response.status()) {
            Ok(status) if status.is_success() => Ok(()),
            Ok(StatusCode::GONE) => {
                Err(NotTaken::for_ever("It answers that it is gone for good (status 410).".to_owned()))
            }
            Ok(status) if status.is_redirection() => {
                let status = status.as_u16();
                Err(NotTaken::for_now(format!(
                    "It leads elsewhere (status {status}), which is not followed."
                )))
            }
            Ok(status) => Err(NotTaken::for_now(format!("It answers with status {}.", status.as_u16()))),
            Err(error) => Err(NotTaken::for_now(in_words(&error))),
        }
    }
}

impl NotTaken {
    fn for_now(reason: String) -> Self {
        Self { reason, for_ever: false }
    }

    fn for_ever(reason: String) -> Self {
        Self { reason, for_ever: true }
    }
}

/// The host of an address: what may be shown of it, as the rest may open something. Empty where it has none.
pub(super) fn host(address: &str) -> String {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}

/// A new secret, in the form of Standard Webhooks.
///
/// # Errors
/// When there is no randomness.
pub(super) fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// What a receiver checks: `v1,` and the HMAC-SHA256 of id, time and body, in base64. None where the secret cannot
/// be read.
fn signature(secret: &str, id: &str, timestamp: &str, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(tag.as_ref())))
}

/// What went wrong, without the address, which may hold what opens something.
fn in_words(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() { "no answer in time" } else { "no answer" };
    let mut innermost = None;
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        innermost = Some(inner.to_string());
        cause = inner.source();
    }
    match innermost {
        Some(detail) => format!("It gave {why}: {detail}."),
        None => format!("It gave {why}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_signed_as_standard_webhooks_has_it() {
        // The example of the specification.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(signature("MfKQ", "a", "1", body), None);
        let made = new_secret().expect("there is randomness");
        assert!(signature(&made, "a", "1", body).is_some());
    }

    #[test]
    fn of_an_address_only_its_host_is_shown() {
        assert_eq!(host("https://hooks.label.example/services/T0/secret?key=1"), "hooks.label.example");
        assert_eq!(host("no address"), "");
    }

    #[test]
    fn no_address_leads_behind_the_wall() {
        let public = Webhooks::new(WebhookAddresses::Public);
        assert!(public.check("https://hooks.label.example/a?b=c").is_ok());
        for wrong in [
            "hooks.label.example",
            "http://hooks.label.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://me:word@hooks.label.example/",
        ] {
            assert!(public.check(wrong).is_err(), "{wrong}");
        }
        let here = Webhooks::new(WebhookAddresses::ThisMachine);
        assert!(here.check("http://127.0.0.1:4000/hook").is_ok());
        assert!(here.check("https://8.8.8.8/").is_err());
    }
}
