//! The calendar by moon and sun as Korea keeps it, calculated from where moon and sun stand.
//!
//! A month begins on the day of new moon in Korea. The month of the December solstice is the eleventh. Where thirteen
//! begin from one eleventh to the next, the first in which the sun reaches no multiple of 30° is a leap month and has the
//! number of the one before (the rules of 1645; Aslaksen, The Mathematics of the Chinese Calendar).
//!
//! New moons are those of Meeus, Astronomical Algorithms (2nd edition, 1998), chapter 49, without the terms of planets,
//! which are less than two minutes together; the sun's longitude is that of chapter 25, to 0.01°. From 1950 to 2050 the
//! holidays made of them are those of the calendar that the Korea Astronomy and Space Science Institute publishes.

use crate::music::analysis::daily::after;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The years that are calculated.
pub(super) const YEARS: RangeInclusive<i16> = 1950..=2100;

/// The last month before that of the next solstice, from which the months of the next year are counted.
const LAST_MONTH: i32 = 10;

/// How far Korea's clocks, at UTC+9, are ahead of the uniform time of astronomers, in days: the latter is some 70 seconds
/// ahead of UTC in these years.
const AHEAD: f64 = 9.0 / 24.0 - 70.0 / 86_400.0;

/// The Julian day at noon of 1 January 2000.
const NOON_OF_2000: i32 = 2_451_545;

/// The first days of the months of each year.
static FIRST_DAYS: LazyLock<BTreeMap<i16, Vec<Date>>> =
    LazyLock::new(|| YEARS.filter_map(|year| Some((year, first_days(year)?))).collect());

/// A day of one of the months 1 to 10, of which none is a leap month; 0 is the day before the first. None in years that
/// are not calculated.
pub(super) fn day_of(year: i16, month: u8, day: i32) -> Option<Date> {
    let months = FIRST_DAYS.get(&year)?;
    let first = months.get(usize::from(month).checked_sub(1)?)?;
    Some(after(*first, day - 1))
}

fn first_days(year: i16) -> Option<Vec<Date>> {
    let (solstice, next_solstice) = (eleventh(year - 1)?, eleventh(year)?);
    let is_leap = |lunation: &i32| twelfth_of(*lunation) == twelfth_of(*lunation + 1);
    let has_leap = next_solstice - solstice == 13;
    let leap = has_leap.then(|| (solstice + 1..next_solstice).find(is_leap)).flatten();
    let begin = |month: i32| {
        let usual = solstice + 1 + month;
        let lunation = usual + i32::from(leap.is_some_and(|leap| leap <= usual));
        after(date(2000, 1, 1), first_day(lunation) - NOON_OF_2000)
    };
    Some((1..=LAST_MONTH).map(begin).collect())
}

/// The month of the December solstice of a year.
fn eleventh(year: i16) -> Option<i32> {
    let near = whole((f64::from(year) + 0.97 - 2000.0) * 12.3685);
    (near - 2..=near + 2)
        .find(|lunation| longitude_at(*lunation) < 270.0 && longitude_at(lunation + 1) >= 270.0)
}

/// In which twelfth of its way the sun is when a month begins.
fn twelfth_of(lunation: i32) -> i32 {
    whole(longitude_at(lunation) / 30.0)
}

/// The sun's longitude at the midnight with which a month begins, in degrees.
fn longitude_at(lunation: i32) -> f64 {
    longitude(f64::from(first_day(lunation)) - 0.5 - AHEAD)
}

/// The day of a new moon in Korea, as its Julian day at noon. They are counted from the first one of 2000.
fn first_day(lunation: i32) -> i32 {
    whole(new_moon(lunation) + AHEAD + 0.5)
}

/// A term of a new moon: days, and how often the angle has the mean anomaly of the sun, that of the moon, and the moon's
/// argument of latitude in it.
struct Term(f64, i32, f64, f64);

const TERMS: [Term; 21] = [
    Term(-0.40720, 0, 1.0, 0.0),
    Term(0.17241, 1, 0.0, 0.0),
    Term(0.01608, 0, 2.0, 0.0),
    Term(0.01039, 0, 0.0, 2.0),
    Term(0.00739, -1, 1.0, 0.0),
    Term(-0.00514, 1, 1.0, 0.0),
    Term(0.00208, 2, 0.0, 0.0),
    Term(-0.00111, 0, 1.0, -2.0),
    Term(-0.00057, 0, 1.0, 2.0),
    Term(0.00056, 1, 2.0, 0.0),
    Term(-0.00042, 0, 3.0, 0.0),
    Term(0.00042, 1, 0.0, 2.0),
    Term(0.00038, 1, 0.0, -2.0),
    Term(-0.00024, -1, 2.0, 0.0),
    Term(-0.00007, 2, 1.0, 0.0),
    Term(0.00004, 0, 2.0, -2.0),
    Term(0.00004, 3, 0.0, 0.0),
    Term(0.00003, 1, 1.0, -2.0),
    Term(0.00003, 0, 2.0, 2.0),
    Term(-0.00003, 1, 1.0, 2.0),
    Term(0.00003, -1, 1.0, 2.0),
];

/// The moment of a new moon, as a Julian day.
fn new_moon(lunation: i32) -> f64 {
    let number = f64::from(lunation);
    let centuries = number / 1236.85;
    let squared = centuries * centuries;
    let eccentricity = 1.0 - 0.002_516 * centuries - 0.000_007_4 * squared;
    let of_sun = 2.5534 + 29.105_356_7 * number - 0.000_001_4 * squared;
    let of_moon = 201.5643 + 385.816_935_28 * number + 0.010_758_2 * squared;
    let of_latitude = 160.7108 + 390.670_502_84 * number - 0.001_611_8 * squared;
    let node = 124.7746 - 1.563_755_88 * number + 0.002_067_2 * squared;
    let mean = 2_451_550.097_66 + 29.530_588_861 * number + 0.000_154_37 * squared;
    let term = |Term(days, sun, moon, latitude): &Term| {
        let angle = f64::from(*sun) * of_sun + moon * of_moon + latitude * of_latitude;
        days * eccentricity.powi(sun.abs()) * sine(angle)
    };
    mean + TERMS.iter().map(term).sum::<f64>() - 0.00017 * sine(node)
}

/// The apparent longitude of the sun at a Julian day, in degrees.
fn longitude(julian_day: f64) -> f64 {
    let centuries = (julian_day - f64::from(NOON_OF_2000)) / 36_525.0;
    let squared = centuries * centuries;
    let mean = 280.46646 + 36000.76983 * centuries + 0.000_303_2 * squared;
    let anomaly = 357.52911 + 35999.05029 * centuries - 0.000_153_7 * squared;
    let centre = (1.914_602 - 0.004_817 * centuries - 0.000_014 * squared) * sine(anomaly)
        + (0.019_993 - 0.000_101 * centuries) * sine(2.0 * anomaly)
        + 0.000_289 * sine(3.0 * anomaly);
    let node = 125.04 - 1934.136 * centuries;
    (mean + centre - 0.00569 - 0.00478 * sine(node)).rem_euclid(360.0)
}

/// The sine of an angle in degrees.
fn sine(degrees: f64) -> f64 {
    degrees.to_radians().sin()
}

#[expect(clippy::cast_possible_truncation, reason = "Julian days and numbers of moons are far below 2^31")]
fn whole(number: f64) -> i32 {
    number.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_on_the_days_of_the_almanac() {
        // In 2027 the new moon is before midnight in China and after it in Korea; in 2033 the sun reaches two multiples
        // of 30° in one month.
        for (year, new_year, eighth) in [
            (1985, date(1985, 2, 20), date(1985, 9, 15)),
            (1997, date(1997, 2, 8), date(1997, 9, 2)),
            (2024, date(2024, 2, 10), date(2024, 9, 3)),
            (2025, date(2025, 1, 29), date(2025, 9, 22)),
            (2027, date(2027, 2, 7), date(2027, 9, 1)),
            (2033, date(2033, 1, 31), date(2033, 8, 25)),
            (2034, date(2034, 2, 19), date(2034, 9, 13)),
        ] {
            assert_eq!((day_of(year, 1, 1), day_of(year, 8, 1)), (Some(new_year), Some(eighth)));
        }
        assert_eq!((day_of(1949, 1, 1), day_of(2026, 11, 1), day_of(2026, 0, 1)), (None, None, None));
    }

    #[test]
    fn each_month_of_each_year_is_one_of_the_moon() {
        for year in YEARS {
            for month in 1..10 {
                let first = day_of(year, month, 1).expect("a month");
                let next = day_of(year, month + 1, 1).expect("the next");
                let days = crate::music::analysis::daily::days_between(first, next);
                // A leap month may lie between.
                assert!([29, 30, 58, 59, 60].contains(&days), "{first} to {next}");
            }
            let new_year = day_of(year, 1, 1).expect("a new year");
            assert!((date(year, 1, 20)..=date(year, 2, 21)).contains(&new_year), "{new_year}");
        }
    }
}
