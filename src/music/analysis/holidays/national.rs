//! Public holidays of single territories that can be calculated: those of the sample label's artists and of the largest
//! markets, as their laws stand in 2026. Days that somebody has to see the moon for (those of Islam in Nigeria), substitute
//! days, and those of regions are not among them.

use super::moon;
use crate::music::analysis::daily::after;
use jiff::civil::{Date, Weekday};

/// A day that some territories keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NationalHoliday {
    /// Its usual name in English.
    pub name: &'static str,
    when: When,
    /// The territories that keep it, ISO 3166-1 alpha-2.
    pub territories: &'static [&'static str],
}

/// On which day of a year it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Always this month and day.
    Fixed(i8, i8),
    /// The same; the day before where it is a Sunday.
    NotOnSunday(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i32),
    /// The first such day of the week from this month and day on.
    From(i8, i8, Weekday),
    /// A month and day of the calendar by moon and sun; none in years for which that is not calculated.
    Moon(u8, i32),
}

impl When {
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::NotOnSunday(month, day) => {
                let date = Date::new(year, month, day).ok()?;
                Some(if date.weekday() == Weekday::Sunday { after(date, -1) } else { date })
            }
            Self::Easter(days) => easter(year).map(|sunday| after(sunday, days)),
            Self::From(month, day, weekday) => {
                let first = Date::new(year, month, day).ok()?;
                (0..7).map(|days| after(first, days)).find(|date| date.weekday() == weekday)
            }
            Self::Moon(month, day) => moon::day_of(year, month, day),
        }
    }
}

/// Easter Sunday of the Gregorian calendar; none before its first whole year, 1583.
///
/// The computus of "A New York correspondent", Nature 13 (1876), p. 487; also Meeus, Astronomical Algorithms (1991),
/// chapter 8.
pub fn easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let whole = i32::from(year);
    let golden = whole % 19;
    let (century, in_century) = (whole / 100, whole % 100);
    let corrected = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + corrected + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - moon - in_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * to_sunday) / 451;
    let days = moon + to_sunday - 7 * late + 114;
    let (month, day) = (i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?);
    Date::new(year, month, day).ok()
}

/// The holidays of a day, wherever they are kept.
pub fn on(date: Date) -> impl Iterator<Item = &'static NationalHoliday> {
    HOLIDAYS.iter().filter(move |holiday| holiday.when.in_year(date.year()) == Some(date))
}

/// The holidays of a day that some of these territories keep, each with those of them that do.
pub fn kept_in<'t>(date: Date, territories: &[&'t str]) -> Vec<(&'static str, Vec<&'t str>)> {
    let kept = |holiday: &'static NationalHoliday| {
        let where_kept: Vec<&str> =
            territories.iter().copied().filter(|code| holiday.territories.contains(code)).collect();
        (!where_kept.is_empty()).then_some((holiday.name, where_kept))
    };
    on(date).filter_map(kept).collect()
}

const fn kept(name: &'static str, when: When, territories: &'static [&'static str]) -> NationalHoliday {
    NationalHoliday { name, when, territories }
}

/// Sources by territory: AU Fair Work Act 2009 s. 115; BR Lei 662/1949, 6.802/1980, 9.093/1995, 14.759/2023, and the
/// federal calendar of optional days (Carnival, Corpus Christi); CA Holidays Act and Canada Labour Code s. 166; DE the
/// holidays of all states; ES Real Decreto 2001/1983 art. 45; FR Code du travail L3133-1; GB Banking and Financial
/// Dealings Act 1971 (England and Wales); IS lög 88/1971; JP Act on National Holidays 178/1948 (Golden Week); KR Act on
/// Public Holidays 2021; MX Ley Federal del Trabajo art. 74; NG Public Holidays Act; NL Algemene termijnenwet art. 3;
/// NO lov 1995-02-24-12 and 1947-04-26-1; PL ustawa of 18 January 1951; SE lag 1989:253, with Midsummer Eve as it is
/// kept; US 5 U.S.C. § 6103, of which those that are widely kept.
#[rustfmt::skip]
const HOLIDAYS: &[NationalHoliday] = &[
    kept("Carnival Monday", When::Easter(-48), &["BR"]),
    kept("Carnival Tuesday", When::Easter(-47), &["BR"]),
    kept("Maundy Thursday", When::Easter(-3), &["IS", "NO"]),
    kept("Good Friday", When::Easter(-2), &["AU", "BR", "CA", "DE", "ES", "GB", "IS", "NG", "NO", "SE"]),
    kept("Easter Sunday", When::Easter(0), &["IS", "NL", "NO", "PL", "SE"]),
    kept("Easter Monday", When::Easter(1), &["AU", "DE", "FR", "GB", "IS", "NG", "NL", "NO", "PL", "SE"]),
    kept("Ascension Day", When::Easter(39), &["DE", "FR", "IS", "NL", "NO", "SE"]),
    kept("Whit Monday", When::Easter(50), &["DE", "FR", "IS", "NL", "NO"]),
    kept("Corpus Christi", When::Easter(60), &["BR", "PL"]),

    kept("Epiphany", When::Fixed(1, 6), &["ES", "PL", "SE"]),
    kept("Labour Day", When::Fixed(5, 1), &["BR", "DE", "ES", "FR", "IS", "MX", "NG", "NO", "PL", "SE"]),
    kept("Assumption Day", When::Fixed(8, 15), &["ES", "FR", "PL"]),
    kept("All Saints’ Day", When::Fixed(11, 1), &["ES", "FR", "PL"]),

    kept("Australia Day", When::Fixed(1, 26), &["AU"]),
    kept("Anzac Day", When::Fixed(4, 25), &["AU"]),

    kept("Tiradentes Day", When::Fixed(4, 21), &["BR"]),
    kept("Independence Day", When::Fixed(9, 7), &["BR"]),
    kept("Our Lady of Aparecida", When::Fixed(10, 12), &["BR"]),
    kept("All Souls’ Day", When::Fixed(11, 2), &["BR"]),
    kept("Republic Day", When::Fixed(11, 15), &["BR"]),
    kept("Black Consciousness Day", When::Fixed(11, 20), &["BR"]),

    kept("Canada Day", When::Fixed(7, 1), &["CA"]),
    kept("Labor Day", When::From(9, 1, Weekday::Monday), &["CA", "US"]),
    kept("Thanksgiving", When::From(10, 8, Weekday::Monday), &["CA"]),

    kept("German Unity Day", When::Fixed(10, 3), &["DE"]),

    kept("National Day", When::Fixed(10, 12), &["ES"]),
    kept("Constitution Day", When::Fixed(12, 6), &["ES"]),
    kept("Immaculate Conception", When::Fixed(12, 8), &["ES"]),

    kept("Victory Day", When::Fixed(5, 8), &["FR"]),
    kept("Bastille Day", When::Fixed(7, 14), &["FR"]),
    kept("Armistice Day", When::Fixed(11, 11), &["FR"]),

    kept("Early May bank holiday", When::From(5, 1, Weekday::Monday), &["GB"]),
    kept("Spring bank holiday", When::From(5, 25, Weekday::Monday), &["GB"]),
    kept("Summer bank holiday", When::From(8, 25, Weekday::Monday), &["GB"]),

    kept("First Day of Summer", When::From(4, 19, Weekday::Thursday), &["IS"]),
    kept("National Day", When::Fixed(6, 17), &["IS"]),
    kept("Commerce Day", When::From(8, 1, Weekday::Monday), &["IS"]),

    kept("Showa Day (Golden Week)", When::Fixed(4, 29), &["JP"]),
    kept("Constitution Day (Golden Week)", When::Fixed(5, 3), &["JP"]),
    kept("Greenery Day (Golden Week)", When::Fixed(5, 4), &["JP"]),
    kept("Children’s Day (Golden Week)", When::Fixed(5, 5), &["JP"]),

    kept("Day before Seollal", When::Moon(1, 0), &["KR"]),
    kept("Seollal (Lunar New Year)", When::Moon(1, 1), &["KR"]),
    kept("Day after Seollal", When::Moon(1, 2), &["KR"]),
    kept("Buddha’s Birthday", When::Moon(4, 8), &["KR"]),
    kept("Day before Chuseok", When::Moon(8, 14), &["KR"]),
    kept("Chuseok", When::Moon(8, 15), &["KR"]),
    kept("Day after Chuseok", When::Moon(8, 16), &["KR"]),
    kept("Independence Movement Day", When::Fixed(3, 1), &["KR"]),
    kept("Children’s Day", When::Fixed(5, 5), &["KR"]),
    kept("Memorial Day", When::Fixed(6, 6), &["KR"]),
    kept("Liberation Day", When::Fixed(8, 15), &["KR"]),
    kept("National Foundation Day", When::Fixed(10, 3), &["KR"]),
    kept("Hangul Day", When::Fixed(10, 9), &["KR"]),

    kept("Constitution Day", When::From(2, 1, Weekday::Monday), &["MX"]),
    kept("Benito Juárez Day", When::From(3, 15, Weekday::Monday), &["MX"]),
    kept("Independence Day", When::Fixed(9, 16), &["MX"]),
    kept("Revolution Day", When::From(11, 15, Weekday::Monday), &["MX"]),

    kept("Democracy Day", When::Fixed(6, 12), &["NG"]),
    kept("Independence Day", When::Fixed(10, 1), &["NG"]),

    kept("King’s Day", When::NotOnSunday(4, 27), &["NL"]),

    kept("Constitution Day", When::Fixed(5, 17), &["NO"]),

    kept("Constitution Day", When::Fixed(5, 3), &["PL"]),
    kept("Independence Day", When::Fixed(11, 11), &["PL"]),

    kept("National Day", When::Fixed(6, 6), &["SE"]),
    kept("Midsummer Eve", When::From(6, 19, Weekday::Friday), &["SE"]),
    kept("Midsummer Day", When::From(6, 20, Weekday::Saturday), &["SE"]),

    kept("Martin Luther King Jr. Day", When::From(1, 15, Weekday::Monday), &["US"]),
    kept("Memorial Day", When::From(5, 25, Weekday::Monday), &["US"]),
    kept("Juneteenth", When::Fixed(6, 19), &["US"]),
    kept("Independence Day", When::Fixed(7, 4), &["US"]),
    kept("Thanksgiving", When::From(11, 22, Weekday::Thursday), &["US"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn easter_is_on_the_days_of_the_almanac() {
        let known = [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2028, 4, 16)];
        let extremes = [(1818, 3, 22), (1943, 4, 25), (1954, 4, 18), (1981, 4, 19)];
        for (year, month, day) in known.into_iter().chain(extremes) {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        assert_eq!(easter(1582), None);
    }

    #[test]
    fn days_that_move_are_found_in_their_year() {
        let names = |date: Date, code: &str| -> Vec<&str> {
            kept_in(date, &[code]).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(date(2026, 11, 26), "US"), ["Thanksgiving"]);
        assert_eq!(names(date(2029, 11, 22), "US"), ["Thanksgiving"]);
        assert_eq!(names(date(2026, 6, 19), "SE"), ["Midsummer Eve"]);
        assert_eq!(names(date(2027, 6, 25), "SE"), ["Midsummer Eve"]);
        assert_eq!(names(date(2026, 5, 25), "GB"), ["Spring bank holiday"]);
        assert_eq!(names(date(2025, 4, 26), "NL"), ["King’s Day"]);
        assert_eq!(names(date(2026, 5, 14), "NO"), ["Ascension Day"]);
        assert_eq!(names(date(2026, 2, 16), "KR"), ["Day before Seollal"]);
        assert_eq!(names(date(2026, 5, 24), "KR"), ["Buddha’s Birthday"]);
        assert_eq!(names(date(2026, 9, 25), "KR"), ["Chuseok"]);
        assert_eq!(names(date(2025, 10, 6), "KR"), ["Chuseok"]);
        assert_eq!(names(date(2027, 2, 8), "KR"), ["Day after Seollal"]);
        assert!(names(date(2026, 5, 14), "US").is_empty() && names(date(2026, 5, 12), "NO").is_empty());
        assert_eq!(kept_in(date(2026, 4, 3), &["NO", "US", "DE"]), [("Good Friday", vec!["NO", "DE"])]);
    }

    proptest! {
        #[test]
        fn easter_is_a_sunday_of_spring_and_each_holiday_is_in_each_year_that_is_calculated(year in 1583_i16..9999) {
            let sunday = easter(year).expect("a year of the calendar");
            prop_assert_eq!(sunday.weekday(), Weekday::Sunday);
            prop_assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&sunday));
            for holiday in HOLIDAYS {
                let Some(day) = holiday.when.in_year(year) else {
                    prop_assert!(matches!(holiday.when, When::Moon(..)) && !moon::YEARS.contains(&year));
                    continue;
                };
                prop_assert_eq!(day.year(), year);
                prop_assert!(on(day).any(|found| found == holiday));
            }
        }
    }
}
