//! `patchline audit …`: checking the audit log, from the machine of Patchline.

use super::{Failure, say};
use clap::Subcommand;
use patchline::engine::audit_check::{self, AuditReport};
use patchline::engine::aws::Embedded;
use patchline::engine::config::Config;
use patchline::engine::sealing::PublicKey;
use std::fmt::Write;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Compare every record with the signed checkpoints, and say which was changed, removed, added or moved
    Verify {
        /// The public key that must have signed, as an earlier run printed it; the key of this store unless given
        #[arg(long)]
        key: Option<PublicKey>,
    },
}

/// Does it over the stores of the configuration.
pub(crate) async fn run(config: Config, command: AuditCommand) -> Result<(), Failure> {
    let AuditCommand::Verify { key } = command;
    let embedded = Embedded::open(&config).await?;
    let report = audit_check::verify(&config, embedded.as_ref(), key).await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    let report = report?;
    say(&in_words(&report))?;
    match report.problems() {
        0 => Ok(()),
        problems => Err(Failure::Tampered(problems)),
    }
}

fn in_words(report: &AuditReport) -> String {
    let mut text = String::new();
    for log in &report.logs {
        let end = if log.ended { "ended in order" } else { "has not ended in order, or is being written" };
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "log {}: {} records, {} covered by checkpoints, {} copies of these, {} erased, {} expired; {end}",
            log.log, log.records, log.covered, log.copies, log.erased, log.expired
        );
        for problem in &log.problems {
            let _ = writeln!(text, "  wrong: {problem}");
        }
    }
    for name in &report.unreadable {
        let _ = writeln!(text, "wrong: {name} is no record");
    }
    match &report.key {
        Some(key) => {
            let _ = writeln!(text, "Checked against the key {key}.");
        }
        None => text.push_str("There is no key yet: nothing was ever signed.\n"),
    }
    text
}
