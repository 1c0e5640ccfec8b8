//! A person with a browser: opens the page of the authorization server, consents, and says where that led.

use async_trait::async_trait;
use patchline::engine::gateway::Consent;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;

/// Where the browser is sent after the consent. Nobody listens there: the address is all that counts.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9876/callback";

/// The person.
pub(crate) struct Browser;

#[async_trait]
impl Consent for Browser {
    async fn ask(&self, page: &str) -> Result<String, String> {
        let browser = reqwest::Client::builder().redirect(Policy::none()).build();
        let browser = browser.map_err(|error| error.to_string())?;
        let answer = browser.get(page).send().await.map_err(|error| error.to_string())?;
        let led_to = answer.headers().get(LOCATION).and_then(|address| address.to_str().ok());
        led_to
            .filter(|address| address.starts_with(REDIRECT))
            .map(str::to_owned)
            .ok_or_else(|| format!("the page led nowhere (HTTP {})", answer.status()))
    }
}
