//! A person with a browser: opens the page of the authorization server, consents, and says where that led.

use async_trait::async_trait;
use patchline::engine::gateway::Consent;
use reqwest::Url;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;

/// The person.
pub(crate) struct Browser;

#[async_trait]
impl Consent for Browser {
    async fn ask(&self, page: &str, redirect: &Url) -> Result<String, String> {
        let browser = reqwest::Client::builder().redirect(Policy::none()).build();
        let browser = browser.map_err(|error| error.to_string())?;
        let answer = browser.get(page).send().await.map_err(|error| error.to_string())?;
        let led_to = answer.headers().get(LOCATION).and_then(|address| address.to_str().ok());
        led_to
            .filter(|address| address.starts_with(redirect.as_str()))
            .map(str::to_owned)
            .ok_or_else(|| format!("the page led nowhere (HTTP {})", answer.status()))
    }
}
