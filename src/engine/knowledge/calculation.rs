//! Questions that ask for a sum: which rates it takes, and what comes out. Pure.
//!
//! The rates are rows of the knowledge base, those of the asked day; the arithmetic is in
//! [`crate::music::royalty`].

use super::entry::{Confidence, Entry};
use super::question::Question;
use crate::music::royalty::album_units::{Ratios, album_units};
use crate::music::royalty::mechanical::{HundredthsOfCent, Rates, owed};

const WORK: &str = "us-mechanical-work";
const MINUTE: &str = "us-mechanical-minute";
const PREMIUM: &str = "album-equivalent-premium";
const ADVERTISING: &str = "album-equivalent-ad";

/// Words of questions about records that are pressed or downloaded.
const MECHANICAL: [&str; 12] = [
    "mechanical",
    "mechanicals",
    "pressed",
    "pressing",
    "press",
    "cd",
    "cds",
    "vinyl",
    "download",
    "downloads",
    "copy",
    "copies",
];

/// Words of questions about what is paid: a song on a record has other sides, too.
const MONEY: [&str; 15] = [
    "mechanical",
    "mechanicals",
    "rate",
    "rates",
    "royalty",
    "royalties",
    "owe",
    "owed",
    "pay",
    "pays",
    "paid",
    "cost",
    "costs",
    "cents",
    "statutory",
];

/// What is to be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// What is owed in the US for a copy of a song that plays for so many seconds.
    Mechanical {
        /// The playing time.
        seconds: u32,
    },
    /// The album units of streams in the US charts.
    AlbumUnits {
        /// Paid streams.
        premium: u64,
        /// Streams financed by advertising.
        advertising: u64,
    },
}

/// A result with the way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Calculation {
    /// The way in words.
    pub text: String,
    /// The result.
    pub value: f64,
    /// What it counts.
    pub unit: &'static str,
    /// The ids of the entries whose values it takes, the one that decides first.
    pub sources: Vec<String>,
}

impl Plan {
    /// What a question asks to be worked out; none when it asks for no sum that we know.
    pub fn of(question: &Question) -> Option<Self> {
        let elsewhere = !question.jurisdictions.is_empty() && !question.jurisdictions.contains(&"US");
        if elsewhere || question.days.len() != 1 {
            return None;
        }
        let lower = question.text.to_lowercase();
        let has =
            |words: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
        let is_about_money = question.asks_for_money || has(&MONEY);
        if let Some(seconds) = question.playing_seconds.filter(|_| is_about_money && has(&MECHANICAL)) {
            return Some(Self::Mechanical { seconds });
        }
        if !has(&["album", "albums"]) {
            return None;
        }
        let sum = |words: &[&str]| -> u64 {
            let fits =
                |what: &str| what.split(' ').any(|word| words.contains(&word)) && what.contains("stream");
            question.counts.iter().filter(|count| fits(&count.what)).map(|count| count.number).sum()
        };
        let premium = sum(&["premium", "paid", "subscription"]);
        let advertising = sum(&["free", "ad", "ads", "advertising"]);
        // A single stream is a way to ask for the ratio, not a sum.
        (premium + advertising > 1).then_some(Self::AlbumUnits { premium, advertising })
    }

    /// The series whose rows it takes.
    pub fn series(self) -> [&'static str; 2] {
        match self {
            Self::Mechanical { .. } => [WORK, MINUTE],
            Self::AlbumUnits { .. } => [PREMIUM, ADVERTISING],
        }
    }

    /// Works it out with the rows in force; none when a row or its value is missing.
    pub fn carry_out(self, rows: &[&Entry]) -> Option<Calculation> {
        let row = |series: &str| rows.iter().copied().find(|row| row.series.as_deref() == Some(series));
        let [first, second] = self.series();
        let (first, second) = (row(first)?, row(second)?);
        match self {
            Self::Mechanical { seconds } => mechanical(first, second, seconds),
            Self::AlbumUnits { premium, advertising } => units(first, second, premium, advertising),
        }
    }
}

fn mechanical(work: &Entry, minute: &Entry, seconds: u32) -> Option<Calculation> {
    let cents = |row: &Entry| HundredthsOfCent::from_cents(row.amount.as_ref()?.value);
    let rates = Rates { work: cents(work)?, minute: cents(minute)? };
    let owed = owed(rates, seconds);
    let (flat, each) = (rates.work.cents(), rates.minute.cents());
    let time = format!("{}:{:02}", seconds / 60, seconds % 60);
    let product =
        format!("{} started minutes × {each} cents = {} cents", owed.minutes, owed.by_minutes.cents());
    let mut text = if owed.is_by_minutes() {
        format!("A song of {time}: {product}, more than the {flat} cents for a work.")
    } else {
        format!("A song of {time}: {flat} cents for a work, more than {product}.")
    };
    if [work, minute].iter().any(|row| row.confidence == Confidence::Unsettled) {
        text.push_str(" One of the rates is unsettled: see its entry.");
    }
    let sources = if owed.is_by_minutes() { [minute, work] } else { [work, minute] };
    Some(Calculation {
        text,
        value: owed.amount.cents(),
        unit: "US cents per copy",
        sources: sources.map(|row| row.id.clone()).to_vec(),
    })
}

fn units(
    premium_row: &Entry,
    advertising_row: &Entry,
    premium: u64,
    advertising: u64,
) -> Option<Calculation> {
    let value = |row: &Entry| row.amount.as_ref().map(|amount| amount.value);
    let ratios = Ratios { premium: value(premium_row)?, advertising: value(advertising_row)? };
    // A tenth of an album is as fine as charts print.
    let units = (album_units(ratios, premium, advertising)? * 10.0).round() / 10.0;
    let mut terms = Vec::new();
    let mut sources = Vec::new();
    for (streams, ratio, row) in
        [(premium, ratios.premium, premium_row), (advertising, ratios.advertising, advertising_row)]
    {
        if streams > 0 {
            terms.push(format!("{} / {ratio}", grouped(streams)));
            sources.push(row.id.clone());
        }
    }
    let text = format!("{} = {units} album units.", terms.join(" + "));
    Some(Calculation { text, value: units, unit: "album units", sources })
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::*;
    use jiff::civil::{Date, date};

    fn calculate(text: &str, today: Date) -> Option<Calculation> {
        let question = Question::read(text, today);
        let rows = shipped::entries().expect("the shipped entries are right").iter();
        let rows: Vec<&Entry> =
            rows.filter(|row| question.days.iter().any(|day| row.effect.contains(*day))).collect();
        Plan::of(&question)?.carry_out(&rows)
    }

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn a_song_of_six_minutes_and_ten_seconds_costs_17_64_cents_in_2026() {
        let found =
            calculate("what is the mechanical rate for a 6:10 song pressed in 2026?", TODAY).expect("a sum");
        assert!((found.value - 17.64).abs() < 1e-9);
        assert_eq!(found.unit, "US cents per copy");
        assert_eq!(found.sources, ["us-mechanical-minute-2026", "us-mechanical-work-2026"]);
        assert_eq!(
            found.text,
            "A song of 6:10: 7 started minutes × 2.52 cents = 17.64 cents, more than the 13.1 cents for a work."
        );
    }

    #[test]
    fn the_asked_year_decides_the_rates() {
        let found = calculate("mechanical for a 6:10 song in 2025", TODAY).expect("a sum");
        assert!((found.value - 17.15).abs() < 1e-9);
        let short = calculate("mechanical for a 3:00 song in 2025", TODAY).expect("a sum");
        assert!((short.value - 12.7).abs() < 1e-9);
        assert_eq!(short.sources.first().map(String::as_str), Some("us-mechanical-work-2025"));
        let former = calculate("mechanical for a 6:10 song in 2024", TODAY).expect("a sum");
        assert!((former.value - 16.66).abs() < 1e-9 && !former.text.contains("unsettled"), "{former:?}");
    }

    #[test]
    fn a_rate_that_is_unsettled_is_said_to_be() {
        let rows = shipped::entries().expect("the shipped entries are right").iter();
        let mut rows: Vec<Entry> =
            rows.filter(|row| row.effect.contains(date(2025, 7, 1))).cloned().collect();
        for row in &mut rows {
            row.confidence = Confidence::Unsettled;
        }
        let rows: Vec<&Entry> = rows.iter().collect();
        let found = Plan::Mechanical { seconds: 370 }.carry_out(&rows).expect("a sum");
        assert!(found.text.contains("unsettled"), "{}", found.text);
    }

    #[test]
    fn a_playing_time_on_a_record_is_not_always_about_money() {
        for other in [
            "How loud should a 3:30 master for CD be?",
            "How many copies of a 2:45 song for a gold record?",
            "Can a 6:10 song be offered as a download?",
        ] {
            assert_eq!(calculate(other, TODAY), None, "{other}");
        }
        for money in ["What do we owe for a 6:10 song on CD?", "cost of a 6:10 song per vinyl copy"] {
            assert!(calculate(money, TODAY).is_some(), "{money}");
        }
    }

    #[test]
    fn plays_count_by_the_ratios_of_their_own_week_and_not_of_the_chart() {
        let text = "a million premium and a million free streams, how many albums";
        let first = calculate(text, date(2026, 1, 5)).expect("a sum");
        assert!((first.value - 1400.0).abs() < 1e-9, "{first:?}");
    }

    #[test]
    fn without_a_rate_nothing_is_worked_out() {
        assert_eq!(calculate("mechanical for a 6:10 song in 2027", TODAY), None);
        assert_eq!(calculate("mechanical for a 6:10 song in 1999", TODAY), None);
        assert_eq!(calculate("mechanical for a 6:10 song in Germany", TODAY), None);
        assert_eq!(calculate("how loud is a 6:10 song", TODAY), None);
    }

    #[test]
    fn streams_become_albums_by_the_ratios_of_the_day() {
        let text = "a million premium and a million free streams, how many albums";
        let now = calculate(text, TODAY).expect("a sum");
        assert!((now.value - 1400.0).abs() < 1e-9);
        assert_eq!(now.text, "1,000,000 / 1000 + 1,000,000 / 2500 = 1400 album units.");
        let before = calculate(text, date(2025, 10, 1)).expect("a sum");
        assert!((before.value - 1066.7).abs() < 1e-9);
        let ones = "1 million premium streams and 1 million free ones in March 2026 in album units";
        assert_eq!(calculate(ones, TODAY).expect("a sum").text, now.text);
    }
}
