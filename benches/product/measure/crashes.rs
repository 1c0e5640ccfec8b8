//! Tasks whose instance dies at every write and at every call of a model, under so many seeds.
//!
//! The test `supervisor::killed_anywhere` does it, and knows what has to hold. Here it is built, run with more seeds
//! than the tests have time for, and what it came to is told in a line.

use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::units::time;
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use tokio::process::Command;

/// The test, as the program of all tests finds it.
const TEST: &str = "supervisor::killed_anywhere";

/// How long it may take once it is built; fifty seeds take two minutes on a quiet machine.
const BOUND: Duration = Duration::from_mins(15);

pub(crate) async fn measure(seeds: u64) -> Result<Section, Problem> {
    let tests = built().await?;
    let mut command = Command::new(tests);
    command.args([TEST, "--nocapture"]).env("PATCHLINE_CRASH_SEEDS", seeds.to_string());
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).kill_on_drop(true);
    let begun = Instant::now();
    let ended = tokio::time::timeout(BOUND, command.output()).await.map_err(|_| Problem::OutOfTime(BOUND))?;
    let ended = ended.because("run the test of crashes")?;
    let took = time(begun.elapsed());
    let figure = match tried(&ended) {
        Some(points) => Figure::new(points, took).ratio("same end each time, no effect twice"),
        None => Figure::new("FAILED", took).ratio(first_failure(&ended)),
    };
    Ok(Section::new("Crashes of tasks", how(seeds)).with(figure))
}

fn how(seeds: u64) -> String {
    format!(
        "A task that reads, changes a release after an approval, and in some seeds fails in a step, pays a model or is \
         raced for by a second instance. Its instance dies at each write and each call of a model in turn, before or \
         after it, and another one finishes the task. {seeds} seeds give orders, delays and failures. Done by the \
         test `{TEST}`, which is not optimised."
    )
}

/// The program of the tests, built where it is not yet.
async fn built() -> Result<PathBuf, Problem> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args([
        "test",
        "--features",
        "ssr",
        "--test",
        "integration",
        "--no-run",
        "--message-format",
        "json",
    ]);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit()).kill_on_drop(true);
    let told = command.output().await.because("build the tests")?.stdout;
    let told = String::from_utf8_lossy(&told);
    let messages = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "integration");
    let program = programs.find_map(|message| message["executable"].as_str().map(PathBuf::from));
    program.because("find the program of the tests, which cargo was to build")
}

/// How many points were tried, as the test says at its end; none where it failed.
fn tried(ended: &Output) -> Option<String> {
    let told = String::from_utf8_lossy(&ended.stdout);
    let line = told.lines().find(|line| line.contains(" points under "));
    line.filter(|_| ended.status.success()).map(|line| line.trim().to_owned())
}

/// The first thing that did not hold: seed, point and what was seen.
fn first_failure(ended: &Output) -> String {
    let told = String::from_utf8_lossy(&ended.stderr);
    let with = |words: &str| told.lines().find(|line| line.contains(words));
    with("seed ").or_else(|| with("panicked")).unwrap_or("the test says why").chars().take(200).collect()
}
