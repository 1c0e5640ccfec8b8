//! What a flood of sign-ins does to those who are signed in: a page is asked for again and again, first alone, then
//! while many try passwords as fast as they are answered.
//!
//! All of them come from one address, as they would from one machine. So most are turned away after the first ones,
//! which take the time of hashing; what is measured is what signed-in people notice of all of it.

use crate::built::Built;
use crate::client::Client;
use crate::load::{Load, closed_loop};
use crate::problem::Problem;
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{digits, ratio, time};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many try passwords at the same time.
const INTRUDERS: usize = 32;

const ALONE: Duration = Duration::from_secs(5);
const FLOODED: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(1);

/// The page of somebody who is signed in: what is theirs is looked up for it.
const PAGE: &str = "/account";

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let server = Server::ready(built, data, None).await?;
    let measured = measured(&server.client).await;
    server.stop().await?;
    let (alone, flooded, tried) = measured?;
    let how = format!(
        "`{PAGE}` for somebody who is signed in, one request after the other: for {} s alone, then for {} s while \
         {INTRUDERS} others try passwords of made-up accounts from one address, without a pause.",
        ALONE.as_secs(),
        FLOODED.as_secs(),
    );
    let mut section = Section::new("A flood of sign-ins", how);
    for percent in [50, 99] {
        let (before, during) = (alone.times.percentile(percent), flooded.times.percentile(percent));
        section =
            section
                .with(Figure::new(format!("a page alone: p{percent}"), time(before)))
                .with(Figure::new(format!("a page during the flood: p{percent}"), time(during)).ratio(
                    format!("{} × the page alone", ratio(during.as_secs_f64(), before.as_secs_f64())),
                ));
    }
    let failed = alone.failed + flooded.failed;
    let pages = Figure::new("pages that were not shown", failed.to_string());
    Ok(section
        .with(pages)
        .with(Figure::new("sign-ins that were answered", format!("{} a second", digits(tried)))))
}

/// The page alone, and during the flood; and how many sign-ins were answered a second.
async fn measured(client: &Client) -> Result<(Load, Load, f64), Problem> {
    closed_loop(page_of(client), 1, WARM_UP).await?;
    let alone = closed_loop(page_of(client), 1, ALONE).await?;
    let flood = closed_loop(attempt_at(client), INTRUDERS, FLOODED);
    let (flooded, tried) = tokio::join!(closed_loop(page_of(client), 1, FLOODED), flood);
    Ok((alone, flooded?, tried?.rate()))
}

type Answer = BoxFuture<'static, Result<Bytes, Problem>>;

fn page_of(client: &Client) -> impl Fn() -> Answer + Clone + Send + 'static {
    let client = client.clone();
    move || {
        let client = client.clone();
        async move { client.get(PAGE).await }.boxed()
    }
}

/// Another made-up account each time.
fn attempt_at(client: &Client) -> impl Fn() -> Answer + Clone + Send + 'static {
    let (client, number) = (client.clone(), Arc::new(AtomicU64::new(0)));
    move || {
        let (client, number) = (client.clone(), number.fetch_add(1, Ordering::Relaxed));
        async move {
            let form = format!("email=nobody-{number}%40label.example&password=a-guess-of-somebody");
            client.form_of_stranger("/sign-in", form.into()).await
        }
        .boxed()
    }
}
