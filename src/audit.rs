//! `patchline audit …`: checking the audit log, and erasing what is personal in it, from the machine of Patchline.

use super::{Failure, say};
use clap::Subcommand;
use patchline::engine::Engine;
use patchline::engine::audit_check::{self, AuditReport, GroupReport};
use patchline::engine::aws::Embedded;
use patchline::engine::config::Config;
use patchline::engine::gateway::{CallError, Channel, Origin, Principal};
use patchline::engine::sealing::PublicKey;
use patchline::engine::tools::views::{EraseAuditPayloads, EraseAuditPayloadsInput};
use std::fmt::Write;

/// What is done.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Compare every record with the signed checkpoints, with the copies in the bucket and with the lines of the
    /// audit log group, and say which was changed, removed, added or moved
    Verify {
        /// The public key that must have signed, as an earlier run printed it; the key of this store unless given
        #[arg(long)]
        key: Option<PublicKey>,
    },
    /// Erase addresses, arguments, resources and errors in the records of somebody, of their keys and of access
    /// tokens in their name; that they did something, and when, stays, and so does the proof of it
    Erase {
        /// Their e-mail address, or an id of the audit log: of a principal, or of whoever programs call for
        who: String,
    },
}

/// Does it over the stores of the configuration.
pub(crate) async fn run(config: Config, command: AuditCommand) -> Result<(), Failure> {
    match command {
        // Its future is kilobytes large, and is moved.
        AuditCommand::Verify { key } => Box::pin(verify(config, key)).await,
        AuditCommand::Erase { who } => Box::pin(erase(config, &who)).await,
    }
}

async fn verify(config: Config, key: Option<PublicKey>) -> Result<(), Failure> {
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

async fn erase(config: Config, who: &str) -> Result<(), Failure> {
    let embedded = Embedded::open(&config).await?;
    // Only records are looked after: nothing of the sample label is written meanwhile.
    let config = Config { demo: false, ..config };
    let engine = Engine::start(config, embedded.as_ref()).await?;
    let done = erase_all(&engine, who).await;
    engine.close().await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    let records = done.map_err(Failure::Call)?;
    say(&format!("What was personal in {records} records is erased.\n"))
}

/// Erases, through the door, and answers with the number of records.
async fn erase_all(engine: &Engine, who: &str) -> Result<u64, CallError> {
    // A client of OAuth may have an address as its name.
    let is_email = who.contains('@') && !who.starts_with("token:");
    let principal = if is_email { engine.identity.user(who).await?.id } else { who.to_owned() };
    let (operator, origin) = (Principal::local_operator(), Origin::new(Channel::Command, None));
    let input = EraseAuditPayloadsInput { principal };
    Ok(engine.gateway.call::<EraseAuditPayloads>(&operator, &origin, input).await?.output)
}

fn in_words(report: &AuditReport) -> String {
    let mut text = String::new();
    for log in &report.logs {
        let end = if log.ended { "ended in order" } else { "has not ended in order, or is being written" };
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "log {}: {} records, {} covered by checkpoints, {} copies of these and of {} records, {} lines in the \
             audit log group, {} erased, {} expired; {end}",
            log.log,
            log.records,
            log.covered,
            log.copies,
            log.copied_records,
            log.group_lines,
            log.erased,
            log.expired
        );
        if log.uncovered > 0 {
            let _ = writeln!(text, "  {} records that no checkpoint covers", log.uncovered);
        }
        for problem in &log.problems {
            let _ = writeln!(text, "  wrong: {problem}");
        }
    }
    for name in &report.unreadable {
        let _ = writeln!(text, "wrong: {name} cannot be read");
    }
    if let Some(group) = &report.group {
        let GroupReport { name, lines, without_record, problem } = group;
        let _ = writeln!(
            text,
            "audit log group {name}: {lines} lines of records, {without_record} calls whose lines tell of none"
        );
        if let Some(problem) = problem {
            let _ = writeln!(text, "  wrong: {problem}");
        }
    }
    match &report.key {
        Some(key) => {
            let _ = writeln!(text, "Checked against the key {key}.");
        }
        None => text.push_str("There is no key yet: nothing was ever signed.\n"),
    }
    text
}
