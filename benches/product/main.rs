//! The measurements of the product: `make bench` runs them against the program it has built.
//!
//! They print what they find and assert nothing. Everything stays on loopback and in a temporary
//! folder (`TMPDIR` says where), every step has an upper bound, all of them together under an hour,
//! besides the time in which the tests are built that let instances of tasks die.

mod built;
mod client;
mod history;
mod in_process;
mod label;
mod load;
mod machine;
mod mcp;
mod measure;
mod pinning;
mod problem;
mod process;
mod report;
mod samples;
mod server;
mod shared_aws;
mod units;

use built::Built;
use clap::Parser;
use problem::{Because, Problem};
use report::{Figure, Report, Section};
use std::io::Write;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Measures a built Patchline and prints what it found.
#[derive(Parser)]
struct Arguments {
    /// The folder with `patchline`, `hash.txt` and `site`, as `scripts/build` makes it
    #[arg(long, env = "PATCHLINE_BUILT", default_value = "build/release")]
    built: PathBuf,
    /// Also write the result to this file, in Markdown
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Only the measurements with this in their title, for instance `log`
    #[arg(long)]
    only: Option<String>,
    /// How much is uploaded, in MiB
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=3072))]
    upload_mib: u64,
    /// How many years of figures each artist of the large label has
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10))]
    label_years: u32,
    /// Under how many seeds a task's instance dies at every write; 0 leaves that out
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(..=1000))]
    crash_seeds: u64,
    /// Only serves MCP by rmcp alone at this port, for the measurement that compares with it
    #[arg(long, hide = true)]
    serve_bare: Option<u16>,
    /// What cargo passes to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&format!("the measurements cannot begin: {error}")),
    };
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = Box::pin(run(&arguments)) => ended,
            // Dropping the rest ends the server and removes the temporary folder.
            _ = tokio::signal::ctrl_c() => Err(Problem::new("go on", "it was interrupted")),
        }
    });
    // What ran out of time may still be busy in a thread of its own.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => complain(&problem.to_string()),
    }
}

/// A measurement that has not begun.
type Measurement<'a> = Pin<Box<dyn Future<Output = Result<Section, Problem>> + 'a>>;

async fn run(arguments: &Arguments) -> Result<(), Problem> {
    if let Some(port) = arguments.serve_bare {
        let answer = std::env::var("ANSWER").because("find ANSWER")?;
        return mcp::bare::serve(port, &answer).await;
    }
    let built = Built::find(&arguments.built)?;
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let data = folder.path().join("data");
    let large = folder.path().join("large");
    let mut report = Report::new(machine::describe(&built).await);
    let artists = async {
        label::grow_to(&built, &data, measure::artists::ARTISTS).await?;
        measure::artists::measure(&built, &data).await
    };
    // What each may take, in seconds.
    let mut measurements: Vec<(&'static str, u64, Measurement<'_>)> = vec![
        ("Start", 100, Box::pin(measure::start::measure(&built, &data))),
        ("List of artists", 90, Box::pin(artists)),
        (
            "A label with 500 artists",
            600,
            Box::pin(measure::craft::measure(&built, &large, arguments.label_years)),
        ),
        ("Memory", 30, Box::pin(measure::memory::measure(&built, &data))),
        ("A tool call", 30, Box::pin(measure::door::measure())),
        ("The whole door at a fixed rate", 40, Box::pin(measure::whole_door::measure())),
        ("The audit record of a read", 60, Box::pin(measure::audit::measure())),
        ("A decision", 20, Box::pin(async { measure::policy::measure() })),
        ("Calls over MCP", 150, Box::pin(measure::tool_calls::measure(&built, &data))),
        ("A flood of sign-ins", 60, Box::pin(measure::sign_in_flood::measure(&built, &data))),
        ("A replica that is killed", 60, Box::pin(measure::killed_replica::measure(&built, &data))),
        ("Logs and metrics of a call", 20, Box::pin(measure::telemetry::measure())),
        ("A million log records", 100, Box::pin(measure::logs::measure())),
        ("Answers of the knowledge base", 60, Box::pin(measure::knowledge::measure())),
        ("Tasks", 60, Box::pin(measure::tasks::measure())),
        ("Upload", 60, Box::pin(measure::upload::measure(&built, &data, arguments.upload_mib))),
        ("Audio", 240, Box::pin(measure::audio::measure(&built, &data))),
        ("A waveform of an hour", 180, Box::pin(measure::waveform::measure(&built, &data))),
        ("A million lines imported", 180, Box::pin(measure::imports::measure())),
        // Late, because compressing cannot be interrupted and would disturb the others.
        ("Browser side", 40, Box::pin(measure::site::measure(&built, &data))),
    ];
    if arguments.crash_seeds > 0 {
        // At the end: its tests may have to be built first, which is in this time and not in its own bound.
        let crashes = measure::crashes::measure(arguments.crash_seeds);
        measurements.push(("Crashes of tasks", 3_600, Box::pin(crashes)));
    }
    let only = arguments.only.as_deref().unwrap_or_default().to_lowercase();
    for (title, seconds, measurement) in measurements {
        if title.to_lowercase().contains(&only) {
            report.add(step(title, Duration::from_secs(seconds), measurement).await);
        }
    }

    say(&report.plain())?;
    if let Some(file) = &arguments.markdown {
        std::fs::write(file, report.markdown()).because(&format!("write {}", file.display()))?;
    }
    Ok(())
}

/// Runs one measurement within its bound. What cannot be measured is a line of the report, too.
async fn step(
    title: &'static str,
    bound: Duration,
    measurement: impl Future<Output = Result<Section, Problem>>,
) -> Section {
    let begun = Instant::now();
    let outcome = tokio::time::timeout(bound, measurement).await.unwrap_or(Err(Problem::OutOfTime(bound)));
    let section = outcome.unwrap_or_else(|problem| {
        Section::new(title, "").with(Figure::new("not measured", problem.to_string()))
    });
    // Progress is a courtesy; a closed output is noticed when the report is printed.
    let _ = say(&format!("{title}: {:.0} s\n", begun.elapsed().as_secs_f64()));
    section
}

fn say(text: &str) -> Result<(), Problem> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).because("print")
}

fn complain(text: &str) -> ExitCode {
    // Nothing can be done about a closed standard error.
    let _ = writeln!(std::io::stderr().lock(), "bench: {text}");
    ExitCode::FAILURE
}
