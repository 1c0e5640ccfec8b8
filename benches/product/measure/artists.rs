//! `GET /artists`: the first page of fifty artists with their sparklines, rendered by the server.
//!
//! The page is asked for as a browser does, so it is compressed on the way. Figures are read from
//! DynamoDB and kept for the time that `engine::catalog` says, so most requests find them in memory
//! and some do not. Beside it stands `GET /livez`, an answer without any work: what HTTP costs alone.

use crate::built::Built;
use crate::client::{Client, as_browser};
use crate::load::{Load, closed_loop, open_loop};
use crate::measure::memory::of;
use crate::pinning::{Core, KeptAway};
use crate::problem::Problem;
use crate::process::{processor_time, tick};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, digits, ratio, time};
use std::path::Path;
use std::time::{Duration, Instant};

/// The artists on the first page.
pub(crate) const ARTISTS: usize = 50;

const PAGE: &str = "/artists";
const BARE: &str = "/livez";

/// Requests a second at the fixed rate.
const PER_SECOND: u32 = 50;
const FIXED_RATE_LASTS: Duration = Duration::from_secs(20);

/// Connections that ask without a pause.
const CONNECTIONS: usize = 8;
const HIGHEST_RATE_LASTS: Duration = Duration::from_secs(10);

const BARE_LASTS: Duration = Duration::from_secs(4);
const WARM_UP: Duration = Duration::from_secs(3);

/// The core of the server while its highest rate is measured.
const CORE: Core = Core(0);

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let how = format!(
        "`GET /artists` with {ARTISTS} artists, rendered by the server from the store and compressed for a \
         browser. First {PER_SECOND} requests a second for {} s, each counted from the moment at which it \
         was due; server and load share the cores. Then {CONNECTIONS} connections without a pause for \
         {} s, the server on one core and the load on the others. A bare answer is `GET /livez`: HTTP \
         without work.",
        FIXED_RATE_LASTS.as_secs(),
        HIGHEST_RATE_LASTS.as_secs(),
    );
    let section = fixed_rate(built, data, Section::new("List of artists", how)).await?;
    match highest_rate(built, data, section.clone()).await {
        Ok(section) => Ok(section),
        Err(problem) => Ok(section.with(Figure::new("highest rate: not measured", problem.to_string()))),
    }
}

async fn fixed_rate(built: &Built, data: &Path, section: Section) -> Result<Section, Problem> {
    let server = Server::ready(built, data, None).await?;
    let begun = Instant::now();
    let sent = server.client.get_as_browser(PAGE).await?.len() as u64;
    let first = begun.elapsed();
    let whole = server.client.get(PAGE).await?;
    let sparklines = String::from_utf8_lossy(&whole).matches("class=\"sparkline\"").count();
    warm_up(&server.client).await?;
    let page = open_loop(as_browser(&server.client, PAGE), PER_SECOND, FIXED_RATE_LASTS).await?;
    let bare = open_loop(as_browser(&server.client, BARE), PER_SECOND, BARE_LASTS).await?;
    server.stop().await?;
    let whole = whole.len() as u64;
    let mut section = section
        .with(Figure::new("the page", bytes(whole)).ratio(format!("{sparklines} sparklines")))
        .with(Figure::new("the page as sent", bytes(sent)).ratio(format!("{} × the page", of(sent, whole))))
        .with(Figure::new("first request after the start", time(first)));
    for percent in [50, 90, 99] {
        let (page, bare) = (page.times.percentile(percent), bare.times.percentile(percent));
        section = section.with(
            Figure::new(format!("{PER_SECOND} requests a second: p{percent}"), time(page)).ratio(format!(
                "{} × a bare answer ({})",
                ratio(page.as_secs_f64(), bare.as_secs_f64()),
                time(bare)
            )),
        );
    }
    Ok(section.with(answered("fixed rate", &page)))
}

async fn highest_rate(built: &Built, data: &Path, section: Section) -> Result<Section, Problem> {
    let _load_elsewhere = KeptAway::from(CORE)?;
    let server = Server::ready(built, data, Some(CORE)).await?;
    warm_up(&server.client).await?;
    let (page, page_time) = loaded(&server, PAGE, HIGHEST_RATE_LASTS).await?;
    let (bare, bare_time) = loaded(&server, BARE, BARE_LASTS).await?;
    server.stop().await?;
    let rate = format!("{} requests/s", digits(page.rate()));
    Ok(section
        .with(Figure::new("highest rate on one core", rate).ratio(format!(
            "bare answers: {} × as many ({}/s)",
            ratio(bare.rate(), page.rate()),
            digits(bare.rate())
        )))
        .with(Figure::new("processor time of a request", time(page_time)).ratio(format!(
            "{} × a bare answer ({})",
            ratio(page_time.as_secs_f64(), bare_time.as_secs_f64()),
            time(bare_time)
        )))
        .with(answered("highest rate", &page)))
}

/// Load without a pause, and the server's processor time for each answer.
async fn loaded(server: &Server, path: &'static str, lasting: Duration) -> Result<(Load, Duration), Problem> {
    let tick = tick().await?;
    let before = processor_time(server.pid, tick)?;
    let load = closed_loop(as_browser(&server.client, path), CONNECTIONS, lasting).await?;
    let used = processor_time(server.pid, tick)?.saturating_sub(before);
    let answers = u32::try_from(load.times.count() + load.failed).unwrap_or(u32::MAX);
    Ok((load, used / answers.max(1)))
}

async fn warm_up(client: &Client) -> Result<(), Problem> {
    closed_loop(as_browser(client, PAGE), CONNECTIONS, WARM_UP).await.map(drop)
}

fn answered(when: &str, load: &Load) -> Figure {
    Figure::new(format!("{when}: answered, failed"), format!("{}, {}", load.times.count(), load.failed))
}
