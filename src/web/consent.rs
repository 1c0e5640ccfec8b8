//! A person at the terminal who consents in a browser: the page is named, and a port of this machine waits for
//! where the browser goes then.

use crate::engine::gateway::Consent;
use async_trait::async_trait;
use axum::Router;
use axum::extract::RawQuery;
use axum::routing::get;
use reqwest::Url;
use std::io::Write;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How long somebody may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// How long the last answer may be on its way.
const FAREWELL: Duration = Duration::from_secs(2);

/// The terminal.
pub struct Terminal;

#[async_trait]
impl Consent for Terminal {
    async fn ask(&self, page: &str, redirect: &Url) -> Result<String, String> {
        let port = redirect.port_or_known_default().unwrap_or_default();
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
            format!("port {port} of this machine is to hear of the consent, and is not free ({error})")
        })?;
        let (tell, mut heard) = mpsc::channel(1);
        let expected = state(Url::parse(page).ok().as_ref().and_then(Url::query));
        let arrived = move |RawQuery(query): RawQuery| async move {
            // Any page of the browser could come here: the one that is waited for brings the state along.
            if expected.is_none() || state(query.as_deref()) != expected {
                return "This is not the answer that Patchline waits for.";
            }
            // Whoever comes a second time has nothing to add.
            let _ = tell.try_send(query.unwrap_or_default());
            "Patchline has heard of it. You can close this page, and read in the terminal what came of it."
        };
        let router = Router::new().route(redirect.path(), get(arrived));
        let stop = CancellationToken::new();
        let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        let serving = tokio::spawn(serving.into_future());
        invite(page, redirect).map_err(|error| error.to_string())?;
        let heard = tokio::time::timeout(PATIENCE, heard.recv()).await;
        // What the browser asked for is still on its way to it.
        stop.cancel();
        let _ = tokio::time::timeout(FAREWELL, serving).await;
        match heard {
            Ok(Some(query)) => {
                let mut address = redirect.clone();
                address.set_query(Some(&query));
                Ok(address.into())
            }
            Ok(None) | Err(_) => Err(format!("nobody consented within {} min", PATIENCE.as_secs() / 60)),
        }
    }
}

/// What binds an answer to the page that was shown.
fn state(query: Option<&str>) -> Option<String> {
    let mut address = Url::parse("http://localhost/").ok()?;
    address.set_query(query);
    address.query_pairs().find(|(name, _)| name == "state").map(|(_, state)| state.into_owned())
}

fn invite(page: &str, redirect: &Url) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Open this page and consent:\n\n  {page}\n")?;
    writeln!(out, "The browser then goes to {redirect}, which has to be this machine.")?;
    out.flush()
}
