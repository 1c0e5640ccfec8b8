//! Keeps the server and what loads it on cores of their own, with `taskset`.

use crate::problem::{Because, Problem};
use crate::process::field;
use std::path::Path;
use tokio::process::Command;

/// A processor core by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Core(pub(crate) u32);

impl Core {
    /// A program that runs on this core only. `taskset` becomes the program, so the process id is its.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new("taskset");
        command.arg("--cpu-list").arg(self.0.to_string()).arg(program);
        command
    }
}

/// While it lives, all threads of this process stay away from a core.
#[derive(Debug)]
pub(crate) struct KeptAway {
    before: String,
}

impl KeptAway {
    /// Moves all threads of this process to another core than `from`.
    pub(crate) fn from(from: Core) -> Result<Self, Problem> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        if cores < 2 {
            return Err(Problem::new("keep the load away from the server", "there is only one core"));
        }
        let status = std::fs::read_to_string("/proc/self/status").because("read /proc/self/status")?;
        let before = field(&status, "Cpus_allowed_list:").because("find Cpus_allowed_list")?.to_owned();
        let others: Vec<String> = (0..u32::try_from(cores).unwrap_or(u32::MAX))
            .filter(|core| *core != from.0)
            .map(|core| core.to_string())
            .collect();
        move_all_threads(&others.join(","))?;
        Ok(Self { before })
    }
}

impl Drop for KeptAway {
    fn drop(&mut self) {
        // It worked the other way round; if not this time, the load only stays on fewer cores.
        let _ = move_all_threads(&self.before);
    }
}

fn move_all_threads(cores: &str) -> Result<(), Problem> {
    let process = std::process::id().to_string();
    let moved = std::process::Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", cores, &process])
        .output()
        .because("run taskset")?;
    if moved.status.success() {
        Ok(())
    } else {
        Err(Problem::new("move to other cores", String::from_utf8_lossy(&moved.stderr)))
    }
}
