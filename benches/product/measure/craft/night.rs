//! Everything that Patchline works out of figures, for everybody, as a night would: it keeps no analyses, so this is
//! what it would take to keep them.

use crate::client::Client;
use crate::problem::Problem;
use crate::process::resident_bytes;
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{bytes, time};
use bytes::Bytes;
use futures::{StreamExt, stream};
use patchline::engine::sample::{DEFAULT_SEED, artist_ids};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Calls side by side: as many as there are cores here.
const SIDE_BY_SIDE: usize = 2;

/// Over the label with so many artists beside the sample label's.
pub(super) async fn measure(server: &Server, added: u32, section: Section) -> Result<Section, Problem> {
    let (client, ids) = (&server.client, ids(added));
    let before = resident_bytes(server.pid)?;
    let mut highest = before;
    let begun = Instant::now();
    let analysed = everybody(server, &ids, "analyze_artist_performance", &mut highest).await?;
    let likened = everybody(server, &ids, "compare_artists", &mut highest).await?;
    let genres = Instant::now();
    call(client, "find_breakouts", &json!({})).await?;
    call(client, "identify_genre_trends", &json!({})).await?;
    client.get_as_browser("/report").await?;
    let (genres, whole) = (genres.elapsed(), begun.elapsed());
    highest = highest.max(resident_bytes(server.pid)?);
    let all = u32::try_from(ids.len()).unwrap_or(u32::MAX).max(1);
    let each = |took: Duration| format!("{} each, {SIDE_BY_SIDE} at a time", time(took / all));
    Ok(section
        .with(Figure::new(format!("a whole night: everything for {all} artists"), time(whole)))
        .with(Figure::new("the analyses of everybody", time(analysed)).ratio(each(analysed)))
        .with(Figure::new("those who resemble everybody", time(likened)).ratio(each(likened)))
        .with(Figure::new("breakouts, genres, report", time(genres)))
        .with(Figure::new("memory before it, with the embedded AWS", bytes(before)))
        .with(Figure::new("highest memory during it", bytes(highest))))
}

/// The ids of all artists: those of the sample label, and those that were added.
fn ids(added: u32) -> Vec<String> {
    let sample = artist_ids(DEFAULT_SEED).into_iter().map(|id| id.to_string());
    sample.chain((0..added).map(|number| format!("bench_{number}"))).collect()
}

/// Calls a tool for each artist, and looks meanwhile how much memory is taken.
async fn everybody(
    server: &Server,
    ids: &[String],
    tool: &'static str,
    highest: &mut u64,
) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let calls = ids.iter().map(|id| {
        let (client, arguments) = (server.client.clone(), json!({ "artistId": id }));
        async move { call(&client, tool, &arguments).await }
    });
    let mut answers = stream::iter(calls).buffer_unordered(SIDE_BY_SIDE);
    while let Some(answer) = answers.next().await {
        answer?;
        *highest = (*highest).max(resident_bytes(server.pid)?);
    }
    Ok(begun.elapsed())
}

/// Calls a tool over REST.
async fn call(client: &Client, tool: &str, arguments: &Value) -> Result<(), Problem> {
    let body = Bytes::from(arguments.to_string());
    client.post(&format!("/api/tools/{tool}"), &[], body).await.map(drop)
}
