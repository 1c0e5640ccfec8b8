//! Which days are advised for a release, and why, by made-up rules and plans.

use super::super::rules::{ClosedWeeks, Rule, YearDay};
use super::*;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

fn rules() -> Rules {
    let closed = ClosedWeeks { from: YearDay { month: 12, day: 18 }, to: YearDay { month: 1, day: 1 } };
    Rules {
        weekday: Some(Rule { id: "release-day-friday", value: Weekday::Friday }),
        least_lead: Some(Rule { id: "distributor-lead-minimum", value: 7 }),
        advised_lead: Some(Rule { id: "distributor-lead-ideal", value: DayRange { least: 21, most: 28 } }),
        pitch_floor: Some(Rule { id: "spotify-pitch-deadline", value: 7 }),
        pitch_advised: Some(Rule { id: "pitch-advised-lead", value: 21 }),
        closed: Some(Rule { id: "holiday-caution", value: closed }),
        clash: Some(Rule { id: "roster-clash", value: 7 }),
        spacing: Some(Rule { id: "days-between-releases", value: DayRange { least: 28, most: 56 } }),
    }
}

fn asked(ready: Date) -> Asked<'static> {
    Asked {
        ready,
        earliest: None,
        latest: None,
        own_lead: None,
        genre: "folk",
        roster: &[],
        occasions: &[],
        days_of_figures: 400,
        territories: &[],
    }
}

fn dates(advice: &Advice) -> Vec<Date> {
    advice.candidates.iter().map(|candidate| candidate.date).collect()
}

/// The worked example: a single that is ready on Sunday 22 November 2026.
#[test]
fn a_single_ready_in_late_november_comes_out_in_january() {
    let asked = asked(date(2026, 11, 22));
    let advice = advise(&asked, &rules());
    assert_eq!(dates(&advice)[..2], [date(2027, 1, 8), date(2027, 1, 15)]);

    let [soon, closed] = &advice.impossible[..] else { panic!("two ranges: {:?}", advice.impossible) };
    assert_eq!((soon.from, soon.to), (date(2026, 11, 22), date(2026, 11, 28)));
    assert!((soon.from..=soon.to).contains(&date(2026, 11, 27)));
    assert_eq!(days_between(asked.ready, date(2026, 11, 27)), 5);
    assert_eq!((closed.from, closed.to), (date(2026, 12, 18), date(2027, 1, 1)));
    assert_eq!(closed.rule, Some("holiday-caution"));

    // 4 December is the first Friday that the floor for pitches allows, and loses for it.
    let floor = scored(&asked, &rules(), date(2026, 12, 4));
    assert!(floor.score < advice.candidates[0].score);
    assert!(
        advice.would_change[0].contains("Friday 4 December 2026 is possible"),
        "{:?}",
        advice.would_change
    );
    assert!(
        advice.would_change.iter().any(|text| text.contains("holiday-caution")),
        "{:?}",
        advice.would_change
    );
}

#[test]
fn the_score_is_the_sum_that_is_shown() {
    let asked = asked(date(2026, 11, 22));
    let found = scored(&asked, &rules(), date(2026, 12, 4));
    let parts: Vec<_> = found.parts.iter().map(|part| (part.id, part.points, part.most)).collect();
    let expected = [
        ("weekday", 25, 25),
        ("lead", 6, 25),
        ("holidays", 10, 20),
        ("rosterClash", 20, 20),
        ("spacing", 0, 0),
        ("occasion", 0, 0),
        ("season", 0, 0),
    ];
    assert_eq!(parts, expected);
    assert_eq!(found.score, 68, "61 of 90");
}

#[test]
fn another_release_of_the_genre_and_the_artist_s_own_move_the_day() {
    let other = |date, genre: &str, is_own| Planned {
        title: "Other".to_owned(),
        artist: "Somebody".to_owned(),
        date,
        genre: genre.to_owned(),
        is_own,
    };
    let roster = [other(date(2027, 1, 8), "folk", false), other(date(2027, 1, 15), "latin", false)];
    let advice = advise(&Asked { roster: &roster, ..asked(date(2026, 11, 22)) }, &rules());
    assert_eq!(dates(&advice)[0], date(2027, 1, 22));
    assert!(
        advice.would_change.iter().any(|text| text.contains("“Other” by Somebody")),
        "{:?}",
        advice.would_change
    );

    let own = [other(date(2026, 12, 31), "latin", true)];
    let advice = advise(&Asked { roster: &own, ..asked(date(2026, 11, 22)) }, &rules());
    assert_eq!(dates(&advice)[0], date(2027, 1, 29), "29 days after the artist's last");
}

#[test]
fn what_is_delivered_in_the_closed_weeks_waits_for_their_end() {
    let advice = advise(&asked(date(2026, 12, 20)), &rules());
    let first = advice.impossible.iter().map(|range| range.to).max();
    assert_eq!(first, Some(date(2027, 1, 8)), "seven open days from 2 January");
}

#[test]
fn without_rules_nothing_is_made_up() {
    let advice = advise(&asked(date(2026, 11, 22)), &Rules::default());
    assert!(advice.impossible.is_empty());
    assert!(
        advice.candidates.iter().all(|one| one.score == 0 && one.parts.iter().all(|part| part.most == 0))
    );
}

#[test]
fn a_span_without_a_possible_day_has_no_date() {
    let late = Asked { latest: Some(date(2026, 11, 27)), ..asked(date(2026, 11, 22)) };
    let advice = advise(&late, &rules());
    assert!(advice.candidates.is_empty() && !advice.impossible.is_empty());
}

#[test]
fn a_span_that_begins_late_has_dates() {
    let earliest = date(2028, 3, 1);
    let advice = advise(&Asked { earliest: Some(earliest), ..asked(date(2026, 11, 22)) }, &rules());
    assert_eq!(advice.candidates.len(), PROPOSED);
    assert!(advice.candidates.iter().all(|candidate| candidate.date >= earliest));
}

proptest! {
    #[test]
    fn what_is_advised_is_never_impossible(ready in 0_i32..1_000, lead in proptest::option::of(0_i32..60)) {
        let ready = plus(date(2026, 1, 1), ready);
        let asked = Asked { own_lead: lead, ..asked(ready) };
        let advice = advise(&asked, &rules());
        prop_assert!(advice.candidates.len() == PROPOSED);
        for candidate in &advice.candidates {
            prop_assert!(candidate.score <= 100);
            prop_assert!(advice.impossible.iter().all(|range| !(range.from..=range.to).contains(&candidate.date)));
            prop_assert!(days_between(ready, candidate.date) >= 7.max(lead.unwrap_or(0)));
        }
    }
}

#[test]
fn a_day_that_a_main_territory_keeps_is_named_and_gives_fewer_points() {
    let norway = [Territory { code: "NO", name: "Norway" }];
    let asked = Asked { territories: &norway, ..asked(date(2026, 3, 1)) };
    let part = |day: Date| {
        let parts = scored(&asked, &rules(), day).parts;
        parts.into_iter().find(|part| part.id == "holidays").expect("a part of holidays")
    };
    let (good_friday, week_after) = (part(date(2026, 4, 3)), part(date(2026, 4, 10)));
    assert!(good_friday.reason.ends_with("The day is Good Friday in Norway."), "{}", good_friday.reason);
    assert_eq!((good_friday.points, week_after.points), (15, 20));
}
