//! A million lines of a distributor's daily export: how long checking and importing take, and how much memory.
//!
//! A hundred artists, a year, 28 territories; the file is made while it is sent, and the embedded AWS writes to disk.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::process::resident_bytes;
use crate::report::{Figure, Section};
use crate::units::{bytes, digits, time};
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use futures::StreamExt;
use patchline::engine::Engine;
use patchline::engine::gateway::{Channel, Origin, Principal, Role};
use patchline::engine::imports::{BeginImport, BeginImportInput, RunImport, VersionInput, ViewImport};
use patchline::model::import::{ImportState, ImportView};
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

const ARTISTS: u32 = 100;
const DAYS: i32 = 365;
const TERRITORIES: [&str; 28] = [
    "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IN",
    "IT", "JP", "MX", "NL", "NO", "NZ", "PL", "PT", "SE", "US", "ZA",
];

/// Between two looks at the work.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

struct Desk {
    engine: Engine,
    who: Principal,
    origin: Origin,
    peak: u64,
}

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let house = InProcess::open(folder.path()).await?;
    let started = Engine::start(house.config.clone(), Some(&house.embedded)).await;
    let engine = started.because("start the engine")?;
    for artist in 0..ARTISTS {
        put_artist(&house, artist).await?;
    }
    let idle = resident_bytes(std::process::id())?;
    let who = Principal::new("usr_bench", "Bench", Role::Admin);
    let mut desk = Desk { engine, who, origin: Origin::new(Channel::Page, None), peak: idle };
    let begun = Instant::now();
    let content = futures::stream::iter((0..DAYS).map(|day| Ok(lines_of(day)))).boxed();
    let input = BeginImportInput { file_name: "trends.csv".to_owned(), announced_bytes: None, content };
    let id = desk.engine.imports.call::<BeginImport>(&desk.who, &desk.origin, input).await;
    let id = id.map_err(|error| Problem::new("send the file", error.message))?;
    let view = desk.until(&id, ImportState::Ready).await?;
    let checked = begun.elapsed();
    let lines = view.counts.map_or(0, |counts| counts.lines);
    let begun = Instant::now();
    let seen = VersionInput { id: id.clone(), version: view.version };
    let run = desk.engine.imports.call::<RunImport>(&desk.who, &desk.origin, seen).await;
    run.map_err(|error| Problem::new("run the import", error.message))?;
    let view = desk.until(&id, ImportState::Done).await?;
    let written = begun.elapsed();
    let peak = desk.peak;
    desk.engine.close().await;
    drop(desk);
    house.close().await;

    let a_second =
        |count: u64, took: Duration| format!("{} a second", digits(as_float(count) / took.as_secs_f64()));
    let how = format!("A file of {lines} lines that come to {} days of artists.", view.progress.added);
    Ok(Section::new("A million lines imported", how)
        .with(Figure::new("sent and checked", time(checked)).ratio(a_second(lines, checked)))
        .with(Figure::new("imported", time(written)).ratio(a_second(lines, written)))
        .with(Figure::new("rows written", a_second(view.progress.added, written)))
        .with(Figure::new("memory before", bytes(idle)))
        .with(Figure::new("highest memory during it, with the embedded AWS", bytes(peak))))
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn as_float(count: u64) -> f64 {
    count as f64
}

async fn put_artist(house: &InProcess, artist: u32) -> Result<(), Problem> {
    let item = json!({
        "artistId": format!("art_{artist}"), "name": format!("Artist {artist}"), "genre": "pop", "country": "NO",
        "signedOn": "2024-03-01", "biography": "Sings.", "events": [], "version": 1
    });
    let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(item).because("write an artist")?;
    let put = house.clients.dynamodb.put_item().table_name("artists").set_item(Some(item)).send().await;
    put.map(drop).because("put an artist")
}

/// All lines of a day, after the names of columns on the first.
fn lines_of(day: i32) -> Bytes {
    let date = jiff::civil::date(2025, 1, 1).saturating_add(jiff::Span::new().days(day));
    let mut text = String::new();
    if day == 0 {
        text.push_str("artistId,date,platform,territory,streams\n");
    }
    for artist in 0..ARTISTS {
        for (place, territory) in TERRITORIES.iter().enumerate() {
            // Writing to memory does not fail.
            let _ = writeln!(text, "art_{artist},{date},spotify,{territory},{}", place * 7 + 3);
        }
    }
    text.into()
}

impl Desk {
    /// Waits until the import is in a state, and looks meanwhile how much memory is taken.
    async fn until(&mut self, id: &str, state: ImportState) -> Result<ImportView, Problem> {
        loop {
            self.peak = self.peak.max(resident_bytes(std::process::id())?);
            let view = self.engine.imports.call::<ViewImport>(&self.who, &self.origin, id.to_owned()).await;
            let view = view.map_err(|error| Problem::new("look at the import", error.message))?;
            if view.row.state == state {
                return Ok(view);
            }
            if !view.row.state.is_under_way() {
                return Err(Problem::new("import the file", view.failure.unwrap_or_default()));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
