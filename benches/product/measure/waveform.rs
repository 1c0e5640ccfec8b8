//! A waveform of an hour in a browser: the first paint of its page, and the frames while it is zoomed.
//!
//! Chromium is driven by Playwright (`benches/product/browser/waveform.mjs`), as in the browser tests. Where there is
//! none, the report says so.

use crate::built::Built;
use crate::measure::audio::{id_of, is_processed, processed, store};
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::server::Server;
use crate::units::{digits, ratio, time};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// The recording, which the measurement of audio may have stored already.
const HOUR: &str = "bench/hour.wav";

pub(crate) async fn measure(built: &Built, data: &Path) -> Result<Section, Problem> {
    let server = Server::ready(built, data, None).await?;
    if !is_processed(&server, HOUR).await {
        store(&server, HOUR, 3_600).await?;
        processed(&server, HOUR).await?;
    }
    let found = browsed(&format!("http://{}", server.client.address())).await?;
    server.stop().await?;
    let how = "The page of a recording of an hour in Chromium without a window and without a graphics card: what is \
               drawn is drawn by the same cores on which the server runs. The whole is zoomed in and out for 4 s, by \
               the wheel with every frame and by a key with every second one, after the finer parts have come; beside \
               it the same loop on a page with nothing in it. A frame counts as late over 16.7 ms, with 1 ms for the \
               rounded clock.";
    let section = Section::new("A waveform of an hour", how).with(first_paint(&found)?);
    let figures = ["wheel", "keys"].map(|by| zooming(&found, by));
    figures
        .into_iter()
        .try_fold(section, |section, figures| Ok(figures?.into_iter().fold(section, Section::with)))
}

/// What the browser found, for the page and for one with nothing in it.
async fn browsed(address: &str) -> Result<Value, Problem> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/product/browser/waveform.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(address).arg(format!("/audio/{}", id_of(HOUR))).kill_on_drop(true);
    let ended = command.output().await.because("run node")?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        let why = said.lines().find(|line| line.contains("Error")).unwrap_or("it ended without a word");
        return Err(Problem::new("look at the page in a browser", why));
    }
    serde_json::from_slice(&ended.stdout).because("read what the browser found")
}

/// A figure of the page, and of the one with nothing in it.
fn both(found: &Value, path: &str) -> Result<(f64, f64), Problem> {
    let figure =
        |of: &str| found.pointer(&format!("/{of}{path}")).and_then(Value::as_f64).because("read a figure");
    Ok((figure("page")?, figure("empty")?))
}

/// A time of the page, beside that of the one with nothing in it.
fn timed(what: String, (page, empty): (f64, f64)) -> Figure {
    let millis = |millis: f64| time(Duration::from_secs_f64(millis.max(0.0) / 1_000.0));
    Figure::new(what, millis(page)).ratio(format!(
        "{} × an empty page ({})",
        ratio(page, empty),
        millis(empty)
    ))
}

fn first_paint(found: &Value) -> Result<Figure, Problem> {
    Ok(timed("first paint, median of 5 loads".to_owned(), both(found, "/firstPaint")?))
}

fn zooming(found: &Value, by: &str) -> Result<Vec<Figure>, Problem> {
    let (frames, empty) = both(found, &format!("/{by}/framesASecond"))?;
    let beside = format!("{} × an empty page ({})", ratio(frames, empty), digits(empty));
    let (late, late_empty) = both(found, &format!("/{by}/late"))?;
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    Ok(vec![
        Figure::new(format!("zoomed by {by}: frames a second, median"), digits(frames)).ratio(beside),
        Figure::new(format!("zoomed by {by}: late frames"), percent(late))
            .ratio(format!("an empty page: {}", percent(late_empty))),
        timed(format!("zoomed by {by}: work of the page for a frame"), both(found, &format!("/{by}/work"))?),
    ])
}
