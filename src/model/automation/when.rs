//! When an automation runs: at its time, or when something happens.

use crate::model::release::ReleaseStatus;
use crate::model::written_time::clock;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// When an automation runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum When {
    /// At its time.
    #[serde(rename_all = "camelCase")]
    Schedule {
        /// Which one.
        schedule: Schedule,
        /// The IANA time zone of it: `Europe/Oslo`.
        time_zone: String,
    },
    /// When something happens.
    #[serde(rename_all = "camelCase")]
    Trigger {
        /// What.
        trigger: Trigger,
    },
}

/// A schedule, in the time of its zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "every")]
pub enum Schedule {
    /// Every day.
    Day {
        /// At this time.
        at: Time,
    },
    /// From Monday to Friday.
    Weekday {
        /// At this time.
        at: Time,
    },
    /// Once a week.
    Week {
        /// On this day.
        on: DayOfWeek,
        /// At this time.
        at: Time,
    },
    /// Once a month.
    Month {
        /// On this day, from 1 to 28, which every month has.
        day: u8,
        /// At this time.
        at: Time,
    },
    /// On the last day of each month.
    MonthEnd {
        /// At this time.
        at: Time,
    },
    /// As an expression of cron says: minute, hour, day of the month, month, day of the week.
    Cron {
        /// The five fields.
        expression: String,
    },
}

impl Schedule {
    /// The five fields of cron.
    pub fn cron(&self) -> String {
        let of = |at: &Time, rest: &str| format!("{} {} {rest}", at.minute(), at.hour());
        match self {
            Self::Day { at } => of(at, "* * *"),
            Self::Weekday { at } => of(at, "* * 1-5"),
            Self::Week { on, at } => of(at, &format!("* * {}", on.number())),
            Self::Month { day, at } => of(at, &format!("{day} * *")),
            Self::MonthEnd { at } => of(at, "L * *"),
            Self::Cron { expression } => expression.clone(),
        }
    }

    /// The words that people read.
    pub fn in_words(&self) -> String {
        let time = |at: &Time| clock(*at);
        match self {
            Self::Day { at } => format!("every day at {}", time(at)),
            Self::Weekday { at } => format!("from Monday to Friday at {}", time(at)),
            Self::Week { on, at } => format!("every {} at {}", on.label(), time(at)),
            Self::Month { day, at } => format!("on day {day} of every month at {}", time(at)),
            Self::MonthEnd { at } => format!("on the last day of every month at {}", time(at)),
            Self::Cron { expression } => format!("by the expression {expression}"),
        }
    }
}

/// The days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DayOfWeek {
    /// The first working day.
    Monday,
    /// The day after.
    Tuesday,
    /// The middle of the week.
    Wednesday,
    /// The day after.
    Thursday,
    /// The last working day, on which releases come out.
    Friday,
    /// The first day of the weekend.
    Saturday,
    /// The last day of the weekend.
    Sunday,
}

impl DayOfWeek {
    /// All of them, from Monday.
    pub const ALL: [DayOfWeek; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The number that cron knows it by, from 1.
    pub fn number(self) -> u8 {
        match self {
            Self::Monday => 1,
            Self::Tuesday => 2,
            Self::Wednesday => 3,
            Self::Thursday => 4,
            Self::Friday => 5,
            Self::Saturday => 6,
            Self::Sunday => 7,
        }
    }

    /// The word that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }

    /// The day of this [`DayOfWeek::label`] in small letters.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.id() == id)
    }

    /// The word in forms.
    pub fn id(self) -> String {
        self.label().to_ascii_lowercase()
    }
}

/// What may happen that an automation runs for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "on")]
pub enum Trigger {
    /// A release enters a status.
    ReleaseStatus {
        /// Which one.
        status: ReleaseStatus,
    },
    /// An upload has landed and was listened to.
    #[serde(rename_all = "camelCase")]
    Upload {
        /// Only uploads that something stands against.
        problems_only: bool,
    },
    /// A day stands out in the figures of an artist.
    #[serde(rename_all = "camelCase")]
    Anomaly {
        /// The artist.
        artist_id: String,
    },
    /// The notice date of a contract is near.
    NoticeDate {
        /// How many days before it.
        days: u32,
    },
    /// An alarm of `CloudWatch` fires.
    Alarm {
        /// The name of the alarm; empty for any.
        name: String,
    },
}

impl Trigger {
    /// The words that people read.
    pub fn in_words(&self) -> String {
        match self {
            Self::ReleaseStatus { status } => {
                format!("when a release becomes “{status}”")
            }
            Self::Upload { problems_only: false } => "when an upload has landed".to_owned(),
            Self::Upload { problems_only: true } => {
                "when an upload has landed that something stands against".to_owned()
            }
            Self::Anomaly { artist_id } => format!("when a day stands out in the figures of {artist_id}"),
            Self::NoticeDate { days } => format!("{days} days before the notice date of a contract"),
            Self::Alarm { name } if name.is_empty() => "when an alarm fires".to_owned(),
            Self::Alarm { name } => format!("when the alarm “{name}” fires"),
        }
    }
}

impl When {
    /// The words that people read.
    pub fn in_words(&self) -> String {
        match self {
            Self::Schedule { schedule, time_zone } => format!("{}, {time_zone}", schedule.in_words()),
            Self::Trigger { trigger } => trigger.in_words(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn each_schedule_is_five_fields_and_a_sentence() {
        let at = time(7, 5, 0, 0);
        for (schedule, cron, words) in [
            (Schedule::Day { at }, "5 7 * * *", "every day at 07:05"),
            (Schedule::Weekday { at }, "5 7 * * 1-5", "from Monday to Friday at 07:05"),
            (Schedule::Week { on: DayOfWeek::Friday, at }, "5 7 * * 5", "every Friday at 07:05"),
            (Schedule::Month { day: 3, at }, "5 7 3 * *", "on day 3 of every month at 07:05"),
            (Schedule::MonthEnd { at }, "5 7 L * *", "on the last day of every month at 07:05"),
        ] {
            assert_eq!((schedule.cron().as_str(), schedule.in_words().as_str()), (cron, words));
        }
    }

    #[test]
    fn when_has_one_spelling_on_the_wire() {
        let when = When::Trigger { trigger: Trigger::ReleaseStatus { status: ReleaseStatus::Scheduled } };
        let wire = serde_json::to_string(&when).expect("JSON");
        assert_eq!(wire, r#"{"kind":"trigger","trigger":{"on":"releaseStatus","status":"scheduled"}}"#);
        assert_eq!(serde_json::from_str::<When>(&wire).expect("it is read"), when);
        for day in DayOfWeek::ALL {
            assert_eq!(DayOfWeek::from_id(&day.id()), Some(day));
        }
    }
}
