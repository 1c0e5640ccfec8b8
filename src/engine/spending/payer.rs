//! Whose budgets a call of a model is paid from, and for which day.

use crate::engine::config::Budgets;
use crate::model::money::MicroDollars;
use crate::model::role::Role;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// On whose behalf a model is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The id of the person: with a key, of its owner.
    pub id: String,
    /// What the person is to the label.
    pub role: Role,
}

/// A budget that pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payer {
    pub(super) whose: Whose,
    /// How much it has for a day.
    pub(super) budget: MicroDollars,
}

/// Whose a budget is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    Person(String),
    Role(Role),
    Label,
}

impl Who {
    /// The budgets that pay, the narrowest first.
    pub(super) fn payers(&self, budgets: &Budgets) -> Vec<Payer> {
        let role = budgets.roles.iter().find(|(role, _)| role == self.role.id()).map(|(_, budget)| *budget);
        let payers = [
            (Whose::Person(self.id.clone()), budgets.person),
            (Whose::Role(self.role), role),
            (Whose::Label, budgets.label),
        ];
        payers.into_iter().filter_map(|(whose, budget)| Some(Payer { whose, budget: budget? })).collect()
    }
}

impl Payer {
    /// The item in which its day is counted.
    pub(super) fn item(&self, day: &Day) -> String {
        let date = &day.date;
        match &self.whose {
            Whose::Person(id) => format!("spent#{date}#person#{id}"),
            Whose::Role(role) => format!("spent#{date}#role#{}", role.id()),
            Whose::Label => format!("spent#{date}#label"),
        }
    }
}

impl Whose {
    /// At the beginning of a sentence.
    pub(super) fn in_words(&self) -> String {
        match self {
            Whose::Person(_) => "Your budget".to_owned(),
            Whose::Role(role) => format!("The budget of everybody with the role {}", role.title()),
            Whose::Label => "The budget of the whole label".to_owned(),
        }
    }
}

/// A day of the budgets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// The date where the label is.
    pub(super) date: String,
    /// When the next day begins.
    pub(super) ends: Timestamp,
    /// The same where the label is, as people say it.
    pub(super) ends_in_words: String,
}

impl Day {
    pub(super) fn of(now: Timestamp, zone: &TimeZone) -> Self {
        let date = now.to_zoned(zone.clone()).date();
        let next = date.tomorrow().and_then(|next| next.to_zoned(zone.clone()));
        // The calendar has a next day until the year 9999.
        let ends = next.map_or_else(|_| now + SignedDuration::from_hours(24), |next| next.timestamp());
        let ends_in_words = ends.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M (%Z)").to_string();
        Self { date: date.to_string(), ends, ends_in_words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(now: &str, zone: &str) -> Day {
        let zone = TimeZone::get(zone).expect("a time zone");
        Day::of(now.parse().expect("a moment"), &zone)
    }

    #[test]
    fn a_day_is_that_of_the_label_also_when_it_has_25_hours() {
        let oslo = day("2026-10-24T22:30:00Z", "Europe/Oslo");
        assert_eq!(
            (oslo.date.as_str(), oslo.ends.to_string().as_str()),
            ("2026-10-25", "2026-10-25T23:00:00Z")
        );
        let utc = day("2026-10-24T22:30:00Z", "UTC");
        assert_eq!(
            (utc.date.as_str(), utc.ends.to_string().as_str()),
            ("2026-10-24", "2026-10-25T00:00:00Z")
        );
        assert_eq!(utc.ends_in_words, "25 Oct 2026, 00:00 (UTC)");
    }

    #[test]
    fn a_person_pays_from_their_own_budget_that_of_their_role_and_that_of_the_label() {
        let budgets = Budgets {
            person: Some(MicroDollars(1)),
            roles: vec![("artist".to_owned(), MicroDollars(2))],
            label: Some(MicroDollars(3)),
        };
        let items = |role| {
            let who = Who { id: "usr_1".to_owned(), role };
            let day = day("2026-11-26T12:00:00Z", "UTC");
            who.payers(&budgets).iter().map(|payer| payer.item(&day)).collect::<Vec<_>>()
        };
        let (person, label) = ("spent#2026-11-26#person#usr_1", "spent#2026-11-26#label");
        assert_eq!(items(Role::Artist), [person, "spent#2026-11-26#role#artist", label]);
        assert_eq!(items(Role::Label), [person, label]);
        let nobody = Who { id: "usr_1".to_owned(), role: Role::Label }.payers(&Budgets::default());
        assert!(nobody.is_empty(), "where nothing is limited nothing is counted");
    }
}
