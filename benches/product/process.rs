//! What Linux says about a running process, from `/proc`.

use crate::problem::{Because, Problem};
use std::time::Duration;

/// The resident memory of a process in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64, Problem> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).because("read /proc/PID/status")?;
    field(&status, "VmRSS:")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map(|kib| kib * 1024)
        .because("find VmRSS in /proc/PID/status")
}

/// The processor time that a process has used, its own and the kernel's for it.
pub(crate) fn processor_time(pid: u32, tick: Duration) -> Result<Duration, Problem> {
    // utime and stime, fields 14 and 15 of proc_pid_stat(5).
    times_in(&format!("/proc/{pid}/stat"), 14, tick)
}

/// The processor time of all programs that this one has started and that have ended.
pub(crate) fn processor_time_of_children(tick: Duration) -> Result<Duration, Problem> {
    // cutime and cstime, fields 16 and 17.
    times_in("/proc/self/stat", 16, tick)
}

/// The sum of two fields of a file `stat`, counted from 1.
fn times_in(file: &str, first: usize, tick: Duration) -> Result<Duration, Problem> {
    let stat = std::fs::read_to_string(file).because("read the stat of a process")?;
    // The second field is the program's name in parentheses and may contain anything.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // The third field is the first here.
    let ticks = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<u32>().ok());
    ticks(first)
        .zip(ticks(first + 1))
        .map(|(user, system)| tick * (user + system))
        .because("find the times in the stat of a process")
}

/// The unit in which `/proc/PID/stat` counts processor time.
pub(crate) async fn tick() -> Result<Duration, Problem> {
    let asked = tokio::process::Command::new("getconf").arg("CLK_TCK").output().await;
    let text = asked.because("run getconf CLK_TCK")?.stdout;
    let per_second: u32 = String::from_utf8_lossy(&text).trim().parse().because("read getconf CLK_TCK")?;
    Ok(Duration::from_secs(1) / per_second.max(1))
}

/// The value of a line `name value` in a file of `/proc`.
pub(crate) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}
