//! The log of this process: gives each record its place and seals it, and signs the tree of all of them every
//! so many records, every so many seconds, and at the end.
//!
//! One task appends, so the order of the log is the order in which records are written.

use super::copies::{Copies, Signed};
use super::programs::Programs;
use super::record_copies::{RecordCopies, line};
use super::{Record, expires_at};
use crate::engine::catalog::audit::KeptCheckpoint;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::sealing::{Checkpoint, Places, SECRET, SigningKey};
use crate::model::merkle::{Hash, Tree};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A checkpoint is made at the latest after so many records …
const EVERY: usize = 256;

/// … or this long after the first record that no checkpoint covers.
const AFTER: Duration = Duration::from_secs(2);

/// The most records that one checkpoint covers: it has to fit into an item.
const MOST: usize = 4096;

/// How long after a checkpoint that could not be kept the next try is.
const PAUSE: Duration = Duration::from_secs(15);

/// The log of a process.
pub(super) struct Log {
    catalog: Arc<Catalog>,
    instance: String,
    /// Read when the first checkpoint is made.
    key: Option<SigningKey>,
    /// The tree at the last checkpoint.
    covered: Tree,
    /// The hashes of the records since.
    pending: Vec<Hash>,
    /// Which of them are kept for a shorter time.
    short_lived: Vec<bool>,
    /// When the next checkpoint is due; none while nothing is pending.
    due: Option<Instant>,
    /// The last hour that was noted.
    hour: String,
    /// Hours with records of which that is not noted yet.
    hours: BTreeSet<String>,
    /// Until when no hour is noted, because the last could not be.
    note_again: Option<Instant>,
    /// The programs that its records tell of.
    programs: Programs,
    ended_at: Option<u64>,
    copies: Option<Copies>,
    record_copies: Option<RecordCopies>,
    /// The records since the last checkpoint, as they are copied; none where they are not.
    lines: Vec<Vec<u8>>,
}

impl Log {
    pub(super) fn new(catalog: Arc<Catalog>, instance: &str) -> Self {
        Self {
            copies: Copies::start(&catalog),
            record_copies: RecordCopies::start(&catalog, instance),
            lines: Vec::new(),
            programs: Programs::new(Arc::clone(&catalog)),
            catalog,
            instance: instance.to_owned(),
            key: None,
            covered: Tree::default(),
            pending: Vec::new(),
            short_lived: Vec::new(),
            due: None,
            hour: String::new(),
            hours: BTreeSet::new(),
            note_again: None,
            ended_at: None,
        }
    }

    /// Gives a record the next place, and seals it.
    pub(super) fn append(&mut self, mut record: Record) -> Record {
        record.seq = self.size();
        self.pending.push(record.seal(salt()));
        self.short_lived.push(record.is_short_lived(self.catalog.audit_retention));
        if self.record_copies.is_some() {
            self.lines.push(line(&record));
        }
        self.due.get_or_insert_with(|| Instant::now() + AFTER);
        record
    }

    fn size(&self) -> u64 {
        self.covered.size() + u64::try_from(self.pending.len()).unwrap_or(u64::MAX)
    }

    /// When a checkpoint is to be made, or an hour or a program to be noted again.
    pub(super) fn due(&self) -> Option<Instant> {
        let hours = (!self.hours.is_empty()).then(|| self.note_again.unwrap_or_else(Instant::now));
        [self.due, hours, self.programs.due()].into_iter().flatten().min()
    }

    /// Whether so many records are pending that a checkpoint is to be made at once.
    pub(super) fn is_long(&self) -> bool {
        // After one that could not be kept, the pause holds.
        self.pending.len() >= EVERY && self.due.is_some_and(|due| due <= Instant::now() + AFTER)
    }

    /// These are in its table, or will be when they can be written.
    pub(super) fn has(&mut self, records: &[Record]) {
        for Record { log_hour, .. } in records {
            if *log_hour != self.hour && !self.hours.contains(log_hour) {
                self.hours.insert(log_hour.clone());
            }
        }
        self.programs.look_at(records);
    }

    /// Notes what records are looked for by, beside their principals: the hours in which there are some, and for whom
    /// programs called. What cannot be noted is tried again, with each checkpoint at the latest.
    pub(super) async fn note_where(&mut self) {
        self.note_hours().await;
        self.programs.note().await;
    }

    async fn note_hours(&mut self) {
        if self.note_again.is_some_and(|again| again > Instant::now()) {
            return;
        }
        while let Some(log_hour) = self.hours.first().cloned() {
            let until = self.outlasts_records(Timestamp::now());
            if let Err(error) = self.catalog.note_audit_hour(&log_hour, until).await {
                tracing::warn!(%error, log_hour, "the audit page does not find this hour yet");
                self.note_again = Some(Instant::now() + PAUSE);
                return;
            }
            self.hours.remove(&log_hour);
            self.hour = log_hour;
        }
    }

    /// Makes a checkpoint over what is pending. To be called only while every record that has a place is in the
    /// table.
    pub(super) async fn checkpoint(&mut self) {
        self.note_where().await;
        while !self.pending.is_empty() {
            let leaves = &self.pending[..MOST.min(self.pending.len())];
            let mut tree = self.covered.clone();
            tree.extend(leaves);
            let count = leaves.len();
            let encoded = STANDARD.encode(leaves.concat());
            let short_lived = Places::of(self.covered.size(), &self.short_lived[..count]);
            if let Err(error) = self.keep(&tree, encoded, short_lived, false).await {
                tracing::warn!(%error, records = self.pending.len(), "no checkpoint of the audit log could be kept");
                self.due = Some(Instant::now() + PAUSE);
                return;
            }
            let from = self.covered.size();
            self.covered = tree;
            if let Some(copies) = &self.record_copies {
                copies.hand_over(from, self.lines.drain(..count));
            }
            self.pending.drain(..count);
            self.short_lived.drain(..count);
        }
        self.due = None;
    }

    /// The same, and that nothing follows.
    pub(super) async fn end(&mut self) {
        // It is the last chance to note an hour or a program.
        self.note_again = None;
        self.programs.hurry();
        self.checkpoint().await;
        let size = self.covered.size();
        if !self.pending.is_empty() || size == 0 || self.ended_at == Some(size) {
            return;
        }
        let tree = self.covered.clone();
        match self.keep(&tree, String::new(), Places::default(), true).await {
            Ok(()) => self.ended_at = Some(size),
            Err(error) => tracing::warn!(%error, "the end of the audit log could not be signed"),
        }
        if let Some(copies) = &mut self.copies {
            copies.finish().await;
        }
        if let Some(copies) = &mut self.record_copies {
            copies.finish().await;
        }
    }

    async fn keep(
        &mut self,
        tree: &Tree,
        leaves: String,
        short_lived: Places,
        ended: bool,
    ) -> Result<(), CatalogError> {
        let now = Timestamp::now();
        let checkpoint = Checkpoint {
            log: self.instance.clone(),
            size: tree.size(),
            root: tree.root(),
            time: now.to_string(),
            short_lived,
            kept: self.catalog.audit_retention,
            ended,
        };
        let note = checkpoint.sign(self.key().await?);
        let key = KeptCheckpoint::key(tree.size());
        let kept = KeptCheckpoint {
            log: KeptCheckpoint::partition(&self.instance),
            id: if ended { format!("{key}#end") } else { key },
            from: self.covered.size(),
            peaks: STANDARD.encode(self.covered.peaks().concat()),
            leaves,
            note: note.clone(),
            expires_at: self.outlasts_records(now),
        };
        self.catalog.keep_checkpoint(&kept).await?;
        if let Some(copies) = &self.copies {
            copies.hand_over(Signed { checkpoint, note });
        }
        Ok(())
    }

    /// When what is known of the records of a moment may be removed, epoch seconds: a day later than they.
    fn outlasts_records(&self, moment: Timestamp) -> i64 {
        expires_at(moment, self.catalog.audit_retention.all.saturating_add(1))
    }

    async fn key(&mut self) -> Result<&SigningKey, CatalogError> {
        let key = if let Some(key) = self.key.take() {
            key
        } else {
            let seed = self.catalog.shared_secret(SECRET).await?;
            SigningKey::from_seed(&seed).map_err(|error| CatalogError::Unreadable {
                what: "secret",
                id: SECRET.to_owned(),
                detail: error.to_string(),
            })?
        };
        Ok(self.key.insert(key))
    }
}

/// Keeps the digest of a payload from being guessed once the payload is erased.
fn salt() -> String {
    let mut bytes = [0_u8; 16];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "an audit record is sealed without a random salt");
    }
    hex::encode(bytes)
}
