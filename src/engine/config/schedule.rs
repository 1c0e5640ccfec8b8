//! Hours in which calls are allowed, such as `Mon-Fri 09:00-18:30`.

use jiff::Zoned;
use jiff::civil::{Time, Weekday};
use std::fmt;
use std::str::FromStr;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// One or more windows; a moment is allowed when any of them holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Vec<Window>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    first: Weekday,
    last: Weekday,
    from: Time,
    /// Not included; none is the end of the day.
    to: Option<Time>,
}

impl Schedule {
    /// Whether a moment lies in one of the windows, by the wall clock of its zone.
    pub fn allows(&self, moment: &Zoned) -> bool {
        self.0.iter().any(|window| window.contains(moment))
    }

    /// The same as parts of days.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.0.iter().flat_map(Window::spans)
    }
}

/// A part of some days, which does not go over midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// From Monday (1) to Sunday (7).
    pub weekdays: Vec<i64>,
    /// The first minute since midnight.
    pub from: i64,
    /// The first minute after it.
    pub to: i64,
}

impl Window {
    /// The same without midnight in it: of a window over midnight the evening, and the morning after.
    fn spans(&self) -> Vec<Span> {
        const END_OF_DAY: i64 = 24 * 60;
        let minute = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
        let days = |after: bool| {
            let days = WEEKDAYS.iter().map(|(_, day)| *day);
            let days = days.filter(|day| self.has_day(if after { day.previous() } else { *day }));
            days.map(|day| i64::from(day.to_monday_one_offset())).collect::<Vec<_>>()
        };
        let from = minute(self.from);
        match self.to {
            None => vec![Span { weekdays: days(false), from, to: END_OF_DAY }],
            Some(to) if self.from < to => vec![Span { weekdays: days(false), from, to: minute(to) }],
            Some(to) => vec![
                Span { weekdays: days(false), from, to: END_OF_DAY },
                Span { weekdays: days(true), from: 0, to: minute(to) },
            ],
        }
    }

    /// A window over midnight belongs to the day on which it begins.
    fn contains(&self, moment: &Zoned) -> bool {
        let (day, time) = (moment.weekday(), moment.time());
        match self.to {
            None => self.has_day(day) && time >= self.from,
            Some(to) if self.from < to => self.has_day(day) && time >= self.from && time < to,
            Some(to) => {
                (self.has_day(day) && time >= self.from) || (self.has_day(day.previous()) && time < to)
            }
        }
    }

    fn has_day(&self, day: Weekday) -> bool {
        let (first, last, day) = (
            self.first.to_monday_zero_offset(),
            self.last.to_monday_zero_offset(),
            day.to_monday_zero_offset(),
        );
        if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, window) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(formatter, "{between}{window}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            |day: Weekday| WEEKDAYS.iter().find(|(_, known)| *known == day).map_or("", |(name, _)| *name);
        formatter.write_str(name(self.first))?;
        if self.last != self.first {
            write!(formatter, "-{}", name(self.last))?;
        }
        let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        let to = self.to.map_or_else(|| "24:00".to_owned(), clock);
        write!(formatter, " {}-{to}", clock(self.from))
    }
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(';').map(window).collect::<Result<_, _>>().map(Self)
    }
}

fn window(text: &str) -> Result<Window, String> {
    let form = || format!("{:?} is not a window like \"Mon-Fri 09:00-18:30\"", text.trim());
    let (days, hours) = text.trim().split_once(char::is_whitespace).ok_or_else(form)?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let (from, to) = hours.trim().split_once('-').ok_or_else(form)?;
    let weekday =
        |name: &str| WEEKDAYS.iter().find(|(known, _)| *known == name).map(|(_, day)| *day).ok_or_else(form);
    let time = |text: &str| {
        let clock = if text.len() == 5 { Time::strptime("%H:%M", text).ok() } else { None };
        clock.ok_or_else(form)
    };
    let to = if matches!(to, "24:00" | "00:00") { None } else { Some(time(to)?) };
    let window = Window { first: weekday(first)?, last: weekday(last)?, from: time(from)?, to };
    if window.to == Some(window.from) {
        return Err(format!("{:?} is an empty window", text.trim()));
    }
    Ok(window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    fn allows(schedule: &str, moment: &str) -> bool {
        let schedule: Schedule = schedule.parse().expect("a schedule");
        schedule.allows(&moment.parse().expect("a moment"))
    }

    #[test]
    fn office_hours_hold_on_weekdays_only() {
        // 2026-11-20 is a Friday.
        assert!(allows("Mon-Fri 09:00-18:30", "2026-11-20T09:00[Europe/Oslo]"));
        assert!(!allows("Mon-Fri 09:00-18:30", "2026-11-20T18:30[Europe/Oslo]"));
        assert!(!allows("Mon-Fri 09:00-18:30", "2026-11-21T12:00[Europe/Oslo]"));
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
        assert!(allows("Fri 22:00-02:00", "2026-11-21T01:59[UTC]"));
        assert!(!allows("Fri 22:00-02:00", "2026-11-20T01:59[UTC]"));
    }

    #[test]
    fn several_windows_add_up_and_days_may_wrap_round_the_week() {
        assert!(allows("Mon 08:00-10:00; Sat-Sun 00:00-24:00", "2026-11-22T23:59[UTC]"));
        assert!(allows("Sat-Mon 08:00-10:00", "2026-11-23T08:00[UTC]"));
    }

    #[test]
    fn the_parts_of_days_allow_what_the_windows_allow() {
        for text in [
            "Mon-Fri 09:00-18:30",
            "Fri 22:00-02:00",
            "Sat-Mon 08:00-24:00",
            "Mon 08:00-10:00; Sun 23:00-01:00",
        ] {
            let schedule: Schedule = text.parse().expect("a schedule");
            let monday: Zoned = "2026-11-16T00:00[UTC]".parse().expect("a moment");
            for minute in 0..7 * 24 * 60 {
                let moment = &monday + jiff::Span::new().minutes(minute);
                let of_day = i64::from(moment.hour()) * 60 + i64::from(moment.minute());
                let weekday = i64::from(moment.weekday().to_monday_one_offset());
                let within = schedule
                    .spans()
                    .any(|span| span.weekdays.contains(&weekday) && (span.from..span.to).contains(&of_day));
                assert_eq!(within, schedule.allows(&moment), "{text} at {moment}");
            }
        }
    }

    #[test]
    fn a_schedule_is_written_as_it_is_read() {
        for text in ["Mon-Fri 09:00-18:30", "Fri 22:00-02:00; Sun 08:00-24:00"] {
            assert_eq!(text.parse::<Schedule>().expect("a schedule").to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused_with_the_form_that_is_allowed() {
        for text in ["", "Mon", "Mon-Fry 09:00-10:00", "Mon 9-10", "Mon 09:00-09:00"] {
            assert!(text.parse::<Schedule>().is_err(), "{text:?} must be refused");
        }
    }

    #[test]
    fn fuzz_hours() {
        let seeds = ["Mon-Fri 09:00-18:30", "Fri 22:00-02:00; Sun 08:00-24:00", "Sat-Mon 00:00-00:01"];
        fuzzing::text(500, &seeds, &["Mon", "-Sun", " 24:00", "00:00", ";", ":60", "\u{2003}"], |text| {
            let Ok(schedule) = text.parse::<Schedule>() else { return };
            for span in schedule.spans() {
                assert!(0 <= span.from && span.from < span.to && span.to <= 24 * 60, "{span:?}");
                assert!(!span.weekdays.is_empty() && span.weekdays.iter().all(|day| (1..=7).contains(day)));
            }
            assert_eq!(schedule.to_string().parse(), Ok(schedule), "it is written as it is read");
        });
    }
}
