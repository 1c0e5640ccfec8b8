//! Reads the audit log of all instances together, the newest record first, as far as somebody wants to go.

use super::audit_people::Meant;
use crate::engine::catalog::audit::AuditHour;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::ToolError;
use crate::model::audit::{AuditQuestion, AuditRecord, RETENTION_DAYS, Retention};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use ulid::Ulid;

/// Records that are read at once from an hour of an instance.
const READ: i32 = 100;

/// Records that an export takes at once.
const BATCH: usize = 200;

/// How far back is looked unless somebody says otherwise.
const USUAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Comes after every id and every hour.
const BEHIND_ALL: &str = "9";

/// The time that a question is about.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    /// Whether it reaches until now. Then the ids have no end: when the clock was set back, the newest records
    /// have ids of later than now.
    is_open: bool,
}

impl Span {
    fn of(question: &AuditQuestion, retention: Retention, now: Timestamp) -> Result<Self, ToolError> {
        let to = moment("to", &question.to)?.unwrap_or(now);
        let from = moment("from", &question.from)?;
        if from.is_some_and(|from| to < from) {
            return Err(ToolError::field("to", "the end must come after the start"));
        }
        let is_open = to >= now;
        let to = to.min(now);
        let from = from.unwrap_or_else(|| to.checked_sub(USUAL).unwrap_or(to));
        // Older ones have been removed. Some may be there yet of a time when they were kept as usual.
        let days = i64::from(retention.all.max(RETENTION_DAYS)) + 2;
        let oldest = now - SignedDuration::from_hours(days * 24);
        Ok(Self { from: from.max(oldest).min(to), to, is_open })
    }
}

/// The records that a question is about.
pub struct AuditRecords {
    catalog: Arc<Catalog>,
    question: AuditQuestion,
    /// Whom it means by their names.
    meant: Meant,
    /// Since when.
    pub(in crate::engine::tools) from: Timestamp,
    /// Until when.
    pub(in crate::engine::tools) to: Timestamp,
    /// Every id is at least this.
    lower: String,
    /// And less than this.
    upper: String,
    /// The first hour in which such records can be, and the last, `yyyymmddhh`.
    first_hour: String,
    last_hour: String,
    /// The day that is looked at next.
    day: Option<Date>,
    hours: VecDeque<AuditHour>,
    parts: Vec<Part>,
    /// How many records have been looked at.
    pub(in crate::engine::tools) looked: u32,
}

/// An hour of an instance.
struct Part {
    log_hour: String,
    upper: String,
    waiting: VecDeque<AuditRecord>,
    is_done: bool,
}

impl Part {
    fn newest(&self) -> Option<&str> {
        self.waiting.front().map(|record| record.id.as_str())
    }

    async fn fill(&mut self, catalog: &Catalog, lower: &str) -> Result<(), CatalogError> {
        if self.is_done || !self.waiting.is_empty() {
            return Ok(());
        }
        let read = catalog.audit_records(&self.log_hour, Some(&self.upper), READ).await?;
        match read.last() {
            None => self.is_done = true,
            Some(last) => self.upper.clone_from(&last.id),
        }
        self.waiting.extend(read);
        if self.upper.as_str() < lower {
            self.is_done = true;
            self.waiting.retain(|record| record.id.as_str() >= lower);
        }
        Ok(())
    }
}

impl AuditRecords {
    /// Those of a question that is asked now.
    ///
    /// # Errors
    /// When its times or its `before` cannot be read.
    pub(in crate::engine::tools) fn new(
        catalog: Arc<Catalog>,
        question: AuditQuestion,
        now: Timestamp,
    ) -> Result<Self, ToolError> {
        let Span { from, to, is_open } = Span::of(&question, catalog.audit_retention, now)?;
        let (mut upper, mut last_hour) = if is_open {
            (BEHIND_ALL.to_owned(), BEHIND_ALL.to_owned())
        } else {
            (first_id(to.as_millisecond().saturating_add(1)), hour_of(to))
        };
        // When the clock was set back over midnight, the newest records stand in hours of tomorrow.
        let mut last = if is_open { day_of(to).tomorrow().unwrap_or(Date::MAX) } else { day_of(to) };
        if !question.before.is_empty() {
            let before = Ulid::from_string(&question.before)
                .map_err(|_| ToolError::field("before", "the id of a record is needed"))?;
            upper = upper.min(before.to_string());
            let made = i64::try_from(before.timestamp_ms()).unwrap_or(i64::MAX);
            let made = Timestamp::from_millisecond(made).unwrap_or(to);
            last = last.min(day_of(made));
            last_hour = last_hour.min(hour_of(made));
        }
        // A record can stand in the hour before the one in which it got its id.
        let first = from.checked_sub(SignedDuration::from_secs(1)).unwrap_or(from);
        Ok(Self {
            catalog,
            question,
            meant: Meant::default(),
            first_hour: hour_of(first),
            last_hour,
            from,
            to,
            lower: first_id(from.as_millisecond()),
            upper,
            day: Some(last),
            hours: VecDeque::new(),
            parts: Vec::new(),
            looked: 0,
        })
    }

    /// The same, also of people whom the question means by their names.
    pub(super) fn also_of(self, meant: Meant) -> Self {
        Self { meant, ..self }
    }

    /// The next ones that fit the question; none at the end.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn batch(&mut self) -> Result<Vec<AuditRecord>, ToolError> {
        let mut found = Vec::new();
        while found.len() < BATCH {
            match self.look().await? {
                Some(record) if self.meant.fits(&self.question, &record) => found.push(record),
                Some(_) => {}
                None => break,
            }
        }
        Ok(found)
    }

    /// The next record of the time that is asked about, whether it fits or not.
    pub(in crate::engine::tools) async fn look(&mut self) -> Result<Option<AuditRecord>, CatalogError> {
        loop {
            for part in &mut self.parts {
                part.fill(&self.catalog, &self.lower).await?;
            }
            self.parts.retain(|part| !part.waiting.is_empty());
            let newest = self.parts.iter_mut().max_by(|one, other| one.newest().cmp(&other.newest()));
            if let Some(part) = newest {
                self.looked = self.looked.saturating_add(1);
                return Ok(part.waiting.pop_front());
            }
            if self.begin_hour() {
                continue;
            }
            let Some(day) = self.day else { return Ok(None) };
            let hours = self.catalog.audit_hours(day).await?.into_iter();
            self.hours = hours.filter(|hour| self.is_asked_about(hour)).collect();
            self.day = day.yesterday().ok().filter(|before| *before >= day_of(self.from));
        }
    }

    fn is_asked_about(&self, hour: &AuditHour) -> bool {
        let hour = hour.log_hour.rsplit('#').next().unwrap_or_default();
        (self.first_hour.as_str()..=self.last_hour.as_str()).contains(&hour)
    }

    /// Begins with the latest hour that is left of the day.
    fn begin_hour(&mut self) -> bool {
        let Some(hour) = self.hours.front().map(|hour| hour.hour.clone()) else { return false };
        while self.hours.front().is_some_and(|next| next.hour == hour) {
            let Some(next) = self.hours.pop_front() else { break };
            self.parts.push(Part {
                log_hour: next.log_hour,
                upper: self.upper.clone(),
                waiting: VecDeque::new(),
                is_done: false,
            });
        }
        true
    }
}

impl fmt::Debug for AuditRecords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AuditRecords").field("question", &self.question).finish_non_exhaustive()
    }
}

/// The least id of a millisecond.
pub(super) fn first_id(millisecond: i64) -> String {
    Ulid::from_parts(u64::try_from(millisecond).unwrap_or_default(), 0).to_string()
}

fn hour_of(moment: Timestamp) -> String {
    moment.strftime("%Y%m%d%H").to_string()
}

fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// A time in RFC 3339, or a date with or without time in UTC; none for an empty text.
fn moment(field: &'static str, text: &str) -> Result<Option<Timestamp>, ToolError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some(moment));
    }
    let local = text.parse::<DateTime>().ok().and_then(|time| time.to_zoned(TimeZone::UTC).ok());
    let moment = local.map(|time| time.timestamp());
    let needed = "a time such as 2026-11-24T09:30:00Z, 2026-11-24T09:30 or 2026-11-24 is needed";
    moment.map(Some).ok_or_else(|| ToolError::field(field, needed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_and_forms_write_them() {
        let at = |text: &str| moment("from", text).expect("a time").map(|time| time.to_string());
        assert_eq!(at(""), None);
        assert_eq!(at("2026-11-24T09:30").as_deref(), Some("2026-11-24T09:30:00Z"));
        assert_eq!(at("2026-11-24").as_deref(), Some("2026-11-24T00:00:00Z"));
        assert_eq!(at("2026-11-24T09:30:00+01:00").as_deref(), Some("2026-11-24T08:30:00Z"));
        assert!(moment("from", "yesterday").is_err());
    }

    #[test]
    fn a_time_of_which_nothing_is_left_is_no_mistake_and_an_end_before_the_start_is() {
        let now = "2026-11-24T09:30:00Z".parse().expect("a time");
        let asked = |from: &str, to: &str| {
            let question =
                AuditQuestion { from: from.to_owned(), to: to.to_owned(), ..AuditQuestion::default() };
            Span::of(&question, Retention::default(), now)
        };
        assert!(asked("", "").expect("a span").is_open);
        assert!(asked("", "2027-01-01").expect("a span").is_open);
        assert!(!asked("", "2026-11-24T09:29").expect("a span").is_open);
        let old = asked("2020-01-01", "2020-01-02").expect("a span");
        assert_eq!((old.from, old.to.to_string().as_str()), (old.to, "2020-01-02T00:00:00Z"));
        assert!(asked("2020-01-02", "2020-01-01").is_err());
        assert!(asked("2026-11-25", "").is_err(), "it has not come yet");
    }

    #[test]
    fn every_id_and_every_hour_comes_before_the_open_end() {
        assert!(Ulid::from_parts(u64::MAX >> 16, u128::MAX).to_string().as_str() < BEHIND_ALL);
        let late = "2999-12-31T23:00:00Z".parse().expect("a time");
        assert!(hour_of(late).as_str() < BEHIND_ALL);
    }

    #[test]
    fn the_first_id_of_a_millisecond_comes_before_all_others_of_it() {
        let one = Ulid::from_parts(1_700_000_000_000, 5).to_string();
        assert!(first_id(1_700_000_000_000) < one);
        assert!(first_id(1_700_000_000_001) > one);
    }
}
