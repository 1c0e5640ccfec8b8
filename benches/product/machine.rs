//! Where and when it was measured: without that no figure means anything.

use crate::built::Built;
use crate::process::field;
use crate::units::bytes;
use jiff::{Timestamp, Unit};

/// Names and values, for the head of the report.
pub(crate) async fn describe(built: &Built) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let now = Timestamp::now();
    vec![
        ("date", now.round(Unit::Second).unwrap_or(now).to_string()),
        ("commit", commit().await),
        ("program", program(built)),
        ("processor", format!("{cores} × {}", read("/proc/cpuinfo", "model name"))),
        ("memory", memory()),
        ("kernel", whole("/proc/sys/kernel/osrelease")),
        ("load before", load()),
    ]
}

/// The commit of the folder in which the measurements run, and whether files differ from it.
async fn commit() -> String {
    let git = async |arguments: &[&str]| {
        let output = tokio::process::Command::new("git").args(arguments).output().await.ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]).await else { return unknown() };
    match git(&["status", "--porcelain", "--untracked-files=no"]).await.as_deref() {
        Some("") => commit,
        Some(_) => format!("{commit} with changes"),
        None => format!("{commit}, whether with changes is unknown"),
    }
}

/// The folder of the program, from where the measurements run.
fn program(built: &Built) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    built.folder.strip_prefix(&here).unwrap_or(&built.folder).display().to_string()
}

fn memory() -> String {
    let text = read("/proc/meminfo", "MemTotal");
    let kib = text.strip_suffix(" kB").and_then(|kib| kib.parse::<u64>().ok());
    kib.map_or_else(unknown, |kib| bytes(kib * 1024))
}

/// How many processes ran or waited on average before, so that a busy machine can be seen.
fn load() -> String {
    let text = whole("/proc/loadavg");
    let means: Vec<&str> = text.split(' ').take(3).collect();
    format!("{} (means over 1, 5 and 15 minutes)", means.join(", "))
}

fn read(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    field(&text, name).map_or_else(unknown, |value| value.trim_start_matches([':', ' ', '\t']).to_owned())
}

fn whole(file: &str) -> String {
    std::fs::read_to_string(file).map_or_else(|_| unknown(), |text| text.trim().to_owned())
}

fn unknown() -> String {
    "unknown".to_owned()
}
