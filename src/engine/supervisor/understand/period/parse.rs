//! The forms in which people write periods.

use super::Direction;
use super::span::{Span, Unit};
use crate::engine::supervisor::understand::text::Text;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

const MONTHS: [(&str, &str); 12] = [
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may", "may"),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// Words before which a short or ambiguous name of a month is one.
const BEFORE_MONTHS: &str =
    "in of since for during from until till to between and last this next by early late mid vs against";

/// Words that say that two periods are compared.
const COMPARATORS: &str = "against vs versus over than before";
/// Words that say so where something is compared; elsewhere they only join.
const LINKS: &str = "with to and from";

/// Reads spans at places of a text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a Text,
    pub(super) today: Date,
    pub(super) direction: Direction,
}

/// Whether a word is one of a list of words apart by blanks.
fn one_of(word: &str, list: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|known| known == word)
}

/// Whether a word is the name of a month or of a day of the week.
pub(in crate::engine::supervisor::understand) fn is_calendar_word(word: &str) -> bool {
    MONTHS.iter().any(|(name, _)| *name == word) || WEEKDAYS.iter().any(|(name, _)| *name == word)
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "day" | "days" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" => Unit::Year,
        _ => return None,
    })
}

fn number(word: &str) -> Option<i64> {
    let said = NUMBERS.iter().position(|name| *name == word).and_then(|place| i64::try_from(place).ok());
    let written =
        || word.parse().ok().filter(|_| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()));
    said.or_else(written)
}

fn year(word: &str) -> Option<i16> {
    let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|year| digits && (1990..=2100).contains(year))
}

/// The day of a month: `3`, `3rd`.
fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
}

impl Reader<'_> {
    fn word(&self, place: usize) -> &str {
        self.text.free(place).map_or("", |token| token.word.as_str())
    }

    fn before(&self, place: usize) -> &str {
        place.checked_sub(1).map_or("", |before| self.text.word(before))
    }

    /// `year over year`, and how many words that are.
    pub(super) fn year_before(&self, place: usize) -> Option<usize> {
        let [first, second, third] = [0, 1, 2].map(|step| self.word(place + step));
        match (first, second, third) {
            ("yoy", _, _) => Some(1),
            ("year", "over" | "on", "year") => Some(3),
            ("same", "period" | "time", "last") if self.word(place + 3) == "year" => Some(4),
            _ => None,
        }
    }

    /// Where the words that compare with what is at this place begin.
    pub(super) fn comparator(&self, place: usize) -> usize {
        let mut begin = place;
        while begin > 0 && place - begin < 3 {
            let word = self.before(begin);
            let compares = one_of(word, COMPARATORS) || one_of(word, LINKS) && self.is_comparison();
            if !compares && !one_of(word, "the compared compare") {
                break;
            }
            begin -= 1;
        }
        begin
    }

    /// Whether what is at this place is compared with what was before.
    pub(super) fn compares(&self, place: usize) -> bool {
        let begin = self.comparator(place);
        (begin..place).any(|at| self.text.word(at) != "the")
    }

    fn is_comparison(&self) -> bool {
        self.text
            .tokens
            .iter()
            .any(|token| token.stem.starts_with("compar") || token.stem.starts_with("differ"))
    }

    /// `last`, where `month` was said before.
    pub(super) fn elided(&self, place: usize, first: &Span) -> Option<(Span, usize)> {
        let is_last = one_of(self.word(place), "last previous prior");
        let goes_on = unit(self.word(place + 1)).is_some() || number(self.word(place + 1)).is_some();
        if !is_last || goes_on {
            return None;
        }
        let length = if self.word(place + 1) == "one" { 2 } else { 1 };
        Some((first.whole?.near(first.from, -1)?, length))
    }

    /// The longest span that begins at a place, and how many words it has.
    pub(super) fn span(&self, place: usize) -> Option<(Span, usize)> {
        self.since(place).or_else(|| self.range(place)).or_else(|| self.single(place))
    }

    fn since(&self, place: usize) -> Option<(Span, usize)> {
        if self.word(place) != "since" {
            return None;
        }
        let (from, length) = match weekday(self.word(place + 1)) {
            Some(day) => (self.latest(day)?, 1),
            None => self.single(place + 1).map(|(span, length)| (span.from, length))?,
        };
        let end = if self.direction == Direction::Past { self.today.yesterday().ok()? } else { self.today };
        Some((Span::days(from, end.max(from)), length + 1))
    }

    /// `from … to …`, `between … and …`, `… to …`.
    fn range(&self, place: usize) -> Option<(Span, usize)> {
        let opened = usize::from(one_of(self.word(place), "from between"));
        let (first, length) = self.single(place + opened)?;
        let link = place + opened + length;
        let (last, end) = self.single(link + 1)?;
        // `October and November` are one period, `October and May` are none.
        let joined = !self.is_comparison() && last.from == first.to.saturating_add(1.day());
        let links = match self.before(place + opened) {
            "between" => "and",
            _ if joined => "and to until till through",
            _ => "to until till through",
        };
        if !one_of(self.word(link), links) {
            return None;
        }
        // `between March and May 2026` means March 2026, too.
        let (mut from, mut year) = (first.from, 0);
        while from > last.to && year < 2 {
            from = from.saturating_sub(1.year());
            year += 1;
        }
        Some((Span::days(from, last.to), opened + length + 1 + end))
    }

    fn single(&self, place: usize) -> Option<(Span, usize)> {
        self.iso(place)
            .or_else(|| self.named_week(place))
            .or_else(|| self.relative(place))
            .or_else(|| self.quarter(place))
            .or_else(|| self.dated(place))
            .or_else(|| self.month(place))
            .or_else(|| self.weekday(place))
            .or_else(|| self.year(place))
    }

    fn iso(&self, place: usize) -> Option<(Span, usize)> {
        let word = self.word(place);
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        let date = |y: &str, m: &str, d: &str| Date::new(year(y)?, m.parse().ok()?, d.parse().ok()?).ok();
        let span = match parts.as_slice() {
            [y, w] if w.starts_with('w') => Span::week(year(y)?, w[1..].parse().ok()?)?,
            [y, m] if m.len() == 2 => Unit::Month.around(date(y, m, "1")?),
            [y, m, d] if y.len() == 4 => Unit::Day.around(date(y, m, d)?),
            [d, m, y] if word.contains('.') => Unit::Day.around(date(y, m, d)?),
            _ => return None,
        };
        Some((span, 1))
    }

    /// `week 45`, `w45`, `week 45 of 2025`.
    fn named_week(&self, place: usize) -> Option<(Span, usize)> {
        let word = self.word(place);
        let (week, mut length): (i8, usize) = match word {
            "week" | "cw" | "kw" => (self.word(place + 1).parse().ok()?, 2),
            _ => (word.strip_prefix('w')?.parse().ok()?, 1),
        };
        let (said, more) = self.year_after(place + length);
        length += more;
        let this_year = self.today.iso_week_date().year();
        let year = said.unwrap_or(this_year);
        let span = Span::week(year, week)?;
        let begun = span.from <= self.today || said.is_some() || self.direction == Direction::Future;
        Some((if begun { span } else { Span::week(year - 1, week)? }, length))
    }

    fn year_after(&self, place: usize) -> (Option<i16>, usize) {
        let skipped = usize::from(one_of(self.word(place), "of in"));
        match year(self.word(place + skipped)) {
            Some(year) => (Some(year), skipped + 1),
            None => (None, 0),
        }
    }

    fn relative(&self, place: usize) -> Option<(Span, usize)> {
        let today = self.today;
        let word = self.word(place);
        match (word, self.word(place + 1), self.word(place + 2)) {
            ("today", _, _) => return Some((Unit::Day.around(today), 1)),
            ("yesterday", _, _) => return Some((Unit::Day.near(today, -1)?, 1)),
            ("tomorrow", _, _) => return Some((Unit::Day.near(today, 1)?, 1)),
            ("ytd", _, _) => return Some((Unit::Year.around(today), 1)),
            ("mtd", _, _) => return Some((Unit::Month.around(today), 1)),
            (part, "to", "date") => return Some((unit(part)?.around(today), 3)),
            _ => {}
        }
        let count = match word {
            "last" | "previous" | "past" | "prior" => -1,
            "this" | "current" => 0,
            "next" | "coming" | "following" => 1,
            _ => return None,
        };
        let next = self.word(place + 1);
        if let Some(many) = number(next).filter(|many| *many > 0 && count != 0) {
            return self.counted(place, many, count);
        }
        if next == "weekend" {
            let sunday = Unit::Week.near(today, count)?.to;
            return Some((Span::days(sunday.saturating_sub(1.day()), sunday), 2));
        }
        if let Some(month) = month(next) {
            return Some((self.month_of(month, None)?, 2));
        }
        if let Some(day) = weekday(next) {
            let latest = self.latest(day)?;
            let day = if count > 0 { latest.saturating_add(1.week()) } else { latest };
            return Some((Unit::Day.around(day), 2));
        }
        let unit = unit(next)?;
        // `the past week` are seven days; `last week` is one of the calendar.
        let span = if word == "past" { Span::last(1, unit, today)? } else { unit.near(today, count)? };
        Some((span, 2))
    }

    /// `last 28 days`, `next two weeks`, `past 24 hours`.
    fn counted(&self, place: usize, many: i64, count: i64) -> Option<(Span, usize)> {
        let word = self.word(place + 2);
        if one_of(word, "hour hours h") {
            let days = many.clamp(1, 24 * 366).saturating_add(23) / 24;
            let from = self.today.checked_sub(days.days()).ok()?;
            return Some((Span::days(from, self.today), 3));
        }
        let unit = unit(word)?;
        let span =
            if count < 0 { Span::last(many, unit, self.today) } else { Span::next(many, unit, self.today) };
        Some((span?, 3))
    }

    /// `Q3`, `Q3 2025`, `third quarter of 2025`.
    fn quarter(&self, place: usize) -> Option<(Span, usize)> {
        let word = self.word(place);
        let named = ["first", "second", "third", "fourth"].iter().position(|name| *name == word);
        let (quarter, length): (i8, usize) = match (named, self.word(place + 1)) {
            (Some(at), "quarter") => (i8::try_from(at).ok()? + 1, 2),
            _ => (word.strip_prefix('q')?.parse().ok().filter(|q| (1..=4).contains(q))?, 1),
        };
        let (said, more) = self.year_after(place + length);
        let of = |year: i16| Date::new(year, quarter * 3 - 2, 1).ok().map(|day| Unit::Quarter.around(day));
        Some((self.nearest(said, of)?, length + more))
    }

    /// `3 October`, `October 3rd, 2026`, `3rd of October`.
    fn dated(&self, place: usize) -> Option<(Span, usize)> {
        let skipped = usize::from(self.word(place + 1) == "of");
        let (day, named, length) = match (ordinal(self.word(place)), month(self.word(place + 1 + skipped))) {
            (Some(day), Some(named)) => (day, named, 2 + skipped),
            _ => (ordinal(self.word(place + 1))?, month(self.word(place))?, 2),
        };
        let (said, more) = self.year_after(place + length);
        let of = |year: i16| Date::new(year, named, day).ok().map(|day| Unit::Day.around(day));
        Some((self.nearest(said, of)?, length + more))
    }

    fn month(&self, place: usize) -> Option<(Span, usize)> {
        let part = one_of(self.word(place), "end beginning start middle mid early late");
        let skipped = usize::from(part) * if self.word(place + 1) == "of" { 2 } else { 1 };
        let word = self.word(place + skipped);
        let named = month(word)?;
        let (said, more) = self.year_after(place + skipped + 1);
        let certain = said.is_some()
            || part
            || one_of(self.before(place), BEFORE_MONTHS)
            || !one_of(word, "may march mar dec sep jan jun");
        let length = skipped + 1 + more;
        let span = certain.then(|| self.month_of(named, said)).flatten()?;
        let third = |from: i64, to: Date| Span::days(span.from.saturating_add(from.days()), to);
        let tenth = span.from.saturating_add(9.days());
        Some(match self.word(place) {
            "end" | "late" => (third(20, span.to), length),
            "beginning" | "start" | "early" => (third(0, tenth), length),
            "middle" | "mid" => (third(10, tenth.saturating_add(10.days())), length),
            _ => (span, length),
        })
    }

    fn month_of(&self, month: i8, said: Option<i16>) -> Option<Span> {
        let of = |year: i16| Date::new(year, month, 1).ok().map(|day| Unit::Month.around(day));
        self.nearest(said, of)
    }

    /// `on Friday`, `last Friday`: the latest before today. `a Friday` is none.
    fn weekday(&self, place: usize) -> Option<(Span, usize)> {
        let day = weekday(self.word(place))?;
        let certain = one_of(self.before(place), "on until till from by");
        certain.then_some(())?;
        Some((Unit::Day.around(self.latest(day)?), 1))
    }

    fn year(&self, place: usize) -> Option<(Span, usize)> {
        let span = Unit::Year.around(Date::new(year(self.word(place))?, 1, 1).ok()?);
        Some((span, 1))
    }

    /// The latest such day before today; for plans, the next.
    fn latest(&self, day: Weekday) -> Option<Date> {
        let nth = if self.direction == Direction::Future { 1 } else { -1 };
        self.today.nth_weekday(nth, day).ok()
    }

    /// What a year says, or the latest that has begun; for plans, the next that has not ended.
    fn nearest(&self, said: Option<i16>, of: impl Fn(i16) -> Option<Span>) -> Option<Span> {
        if let Some(year) = said {
            return of(year);
        }
        let this = of(self.today.year())?;
        match self.direction {
            Direction::Past | Direction::Records if this.from > self.today => of(self.today.year() - 1),
            Direction::Future if this.to < self.today => of(self.today.year() + 1),
            _ => Some(this),
        }
    }
}

fn month(word: &str) -> Option<i8> {
    let place = MONTHS
        .iter()
        .position(|(name, short)| *name == word || *short == word || word == "sept" && *short == "sep")?;
    i8::try_from(place + 1).ok()
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, day)| *day)
}
