//! The rules of timing, read from the entries of the knowledge base that are in force.
//!
//! Days come from the entries' values. The day of the week and the closed weeks stand in the statements only, so
//! they are read from there. What is missing or cannot be read is a rule that is not known.

use crate::engine::knowledge::entry::{Confidence, Entry};
use crate::engine::knowledge::shipped;
use crate::engine::tools::ToolError;
use crate::model::release::ReleaseKind;
use crate::model::release_dates::RuleView;
use crate::model::written_time::MONTHS;
use crate::music::release::rules::{ClosedWeeks, DayRange, Rule, Rules, YearDay};
use jiff::civil::{Date, Weekday};

const DAYS_OF_THE_WEEK: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The entries of the knowledge base that are in force on a day.
pub(in crate::engine::tools::music) struct Shelf {
    entries: &'static [Entry],
    day: Date,
}

impl Shelf {
    /// Those of a day.
    pub(in crate::engine::tools::music) fn of(day: Date) -> Result<Self, ToolError> {
        let entries = shipped::entries().map_err(|error| {
            ToolError::NotAvailable(format!("The rules of the knowledge base cannot be read: {error}."))
        })?;
        Ok(Self { entries, day })
    }

    /// An entry by id, if it is in force.
    pub(in crate::engine::tools::music) fn entry(&self, id: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.id == id && entry.effect.contains(self.day))
    }

    /// The row of a series that is in force.
    pub(in crate::engine::tools::music) fn row(&self, series: &str) -> Option<&'static Entry> {
        let fits = |entry: &&Entry| entry.series.as_deref() == Some(series);
        self.entries.iter().filter(fits).find(|entry| entry.effect.contains(self.day))
    }

    /// The rules with these ids, each once.
    pub(in crate::engine::tools::music) fn named(&self, ids: &[&str]) -> Vec<RuleView> {
        let mut views: Vec<RuleView> = Vec::new();
        for entry in ids.iter().filter_map(|id| self.entry(id)) {
            if views.iter().all(|view| view.id != entry.id) {
                views.push(RuleView { id: entry.id.clone(), title: entry.title.clone() });
            }
        }
        views
    }

    /// The figure of an entry as a whole number, as long as it counts this.
    pub(super) fn number(&self, id: &str) -> Option<Rule<i32>> {
        let entry = self.entry(id)?;
        Some(Rule { id: &entry.id, value: whole(entry.amount.as_ref()?.value)? })
    }

    fn range(&self, id: &str) -> Option<Rule<DayRange>> {
        let entry = self.entry(id)?;
        let amount = entry.amount.as_ref()?;
        let least = whole(amount.value)?;
        let most = amount.to.map_or(Some(least), whole)?;
        Some(Rule { id: &entry.id, value: DayRange { least, most } })
    }

    /// Lead times, pitches, closed weeks and distances for a kind of release.
    pub(super) fn rules(&self, kind: ReleaseKind) -> Rules {
        let advised = match kind {
            ReleaseKind::Album => "album-lead",
            ReleaseKind::Single | ReleaseKind::Ep => "distributor-lead-ideal",
        };
        let read = |id: &str| self.entry(id).map(|entry| (entry.id.as_str(), entry.statement.as_str()));
        Rules {
            weekday: read("release-day-friday")
                .and_then(|(id, statement)| Some(Rule { id, value: weekday(statement)? })),
            least_lead: self.number("distributor-lead-minimum"),
            advised_lead: self.range(advised),
            pitch_floor: self.number("spotify-pitch-deadline"),
            pitch_advised: self.number("pitch-advised-lead"),
            closed: read("holiday-caution")
                .and_then(|(id, statement)| Some(Rule { id, value: closed_weeks(statement)? })),
            clash: self.number("roster-clash"),
            spacing: self.range("days-between-releases"),
        }
    }

    /// How far apart the steps of a waterfall are.
    pub(super) fn waterfall_interval(&self) -> Option<DayRange> {
        self.range("waterfall-interval").map(|rule| rule.value)
    }
}

/// What rules are missing for a full answer, in words.
pub(super) fn missing(rules: &Rules) -> Vec<String> {
    let all = [
        ("the day of the week", rules.weekday.is_some()),
        ("the least lead time", rules.least_lead.is_some()),
        ("the advised lead time", rules.advised_lead.is_some()),
        ("the last day for a pitch", rules.pitch_floor.is_some()),
        ("the closed weeks of the year", rules.closed.is_some()),
        ("the distance between releases of one genre", rules.clash.is_some()),
        ("the distance between releases of one artist", rules.spacing.is_some()),
    ];
    let gone = all.into_iter().filter(|(_, known)| !known);
    gone.map(|(what, _)| format!("No rule in force says {what}: it is not known.")).collect()
}

/// The ids of the rules that are known.
pub(super) fn ids(rules: &Rules) -> Vec<&'static str> {
    let of = [
        rules.weekday.as_ref().map(|rule| rule.id),
        rules.least_lead.as_ref().map(|rule| rule.id),
        rules.advised_lead.as_ref().map(|rule| rule.id),
        rules.pitch_floor.as_ref().map(|rule| rule.id),
        rules.pitch_advised.as_ref().map(|rule| rule.id),
        rules.closed.as_ref().map(|rule| rule.id),
        rules.clash.as_ref().map(|rule| rule.id),
        rules.spacing.as_ref().map(|rule| rule.id),
    ];
    of.into_iter().flatten().collect()
}

/// A statement with the warning that belongs to an unsettled one.
pub(super) fn told(entry: &Entry) -> String {
    match entry.confidence {
        Confidence::Unsettled if !entry.statement.contains("nsettled") => {
            format!("{} Our sources do not agree on it.", entry.statement)
        }
        _ => entry.statement.clone(),
    }
}

/// A figure as whole days.
#[expect(clippy::cast_possible_truncation, reason = "whole and within bounds, as was checked before")]
fn whole(value: f64) -> Option<i32> {
    const MOST: f64 = 10_000.0;
    ((0.0..=MOST).contains(&value) && value.fract().abs() < f64::EPSILON).then_some(value as i32)
}

/// The day of the week that a statement names first.
fn weekday(statement: &str) -> Option<Weekday> {
    let found = DAYS_OF_THE_WEEK.iter().filter_map(|(name, day)| Some((statement.find(name)?, *day)));
    found.min_by_key(|(place, _)| *place).map(|(_, day)| day)
}

/// The span that a statement names as `18 December to 1 January`.
fn closed_weeks(statement: &str) -> Option<ClosedWeeks> {
    let words: Vec<&str> =
        statement.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(5).find_map(|words| match words {
        [from_day, from_month, "to", to_day, to_month] => {
            Some(ClosedWeeks { from: year_day(from_day, from_month)?, to: year_day(to_day, to_month)? })
        }
        _ => None,
    })
}

fn year_day(day: &str, month: &str) -> Option<YearDay> {
    let month = i8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let day: i8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some(YearDay { month, day })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_rule_of_timing_is_in_the_knowledge_base() {
        let shelf = Shelf::of(date(2026, 11, 22)).expect("the entries are right");
        for kind in [ReleaseKind::Single, ReleaseKind::Ep, ReleaseKind::Album] {
            let rules = shelf.rules(kind);
            assert_eq!(missing(&rules), Vec::<String>::new());
            assert_eq!(shelf.named(&ids(&rules)).len(), 8);
        }
        let rules = shelf.rules(ReleaseKind::Single);
        assert_eq!(rules.weekday.map(|rule| rule.value), Some(Weekday::Friday));
        assert_eq!(rules.least_lead.map(|rule| rule.value), Some(7));
        assert_eq!(rules.pitch_floor.map(|rule| rule.value), Some(7));
        let closed = rules.closed.expect("closed weeks").value;
        assert!(closed.contains(date(2026, 12, 18)) && closed.contains(date(2027, 1, 1)));
        assert!(!closed.contains(date(2026, 12, 17)) && !closed.contains(date(2027, 1, 2)));
        assert!(shelf.waterfall_interval().is_some());
    }

    #[test]
    fn what_an_entry_does_not_say_is_not_known() {
        assert_eq!(weekday("Music comes out whenever it is ready."), None);
        assert_eq!(closed_weeks("Stores close from the middle of December to early January."), None);
        let before_the_global_day = Shelf::of(date(2014, 1, 1)).expect("the entries are right");
        assert_eq!(before_the_global_day.rules(ReleaseKind::Single).weekday, None);
    }
}
