//! The royalty ledger: every number adds up, and belongs to something in the catalogue.

use super::{TODAY, label, labels};
use patchline::engine::sample::{Ledger, SampleLabel};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_same_seed_and_day_give_the_same_ledger() {
    assert_eq!(label().ledger(), label().ledger());
    assert_ne!(label().ledger(), SampleLabel::generate(7, TODAY).ledger());
}

#[test]
fn there_are_a_few_thousand_lines_of_plausible_sizes() {
    for (label, day) in labels() {
        let ledger = label.ledger();
        assert_eq!(ledger.statements.len(), 24, "four platforms, six months");
        assert!((2_000..8_000).contains(&ledger.lines.len()), "{} lines", ledger.lines.len());
        for line in &ledger.lines {
            // At most a cent and a half for a stream, before rounding to a cent.
            assert!(line.quantity > 0 && line.amount_minor >= 0, "{line:?}");
            assert!(2 * line.amount_minor <= 3 * line.quantity + 1, "{line:?}");
        }
        assert!(ledger.statements.iter().all(|statement| statement.received_on <= day.to_string()));
        assert!(ledger.payments.iter().all(|payment| payment.paid_on <= day.to_string()));
    }
}

#[test]
fn every_line_belongs_to_a_statement_and_a_track_of_the_catalogue() {
    for (label, _) in labels() {
        let ledger = label.ledger();
        let statements: BTreeMap<&str, &str> = ledger
            .statements
            .iter()
            .map(|statement| (statement.statement_id.as_str(), statement.currency))
            .collect();
        let tracks: BTreeSet<(&str, &str, &str)> = label
            .releases()
            .iter()
            .flat_map(|release| release.tracks.iter().map(move |track| (release, track)))
            .map(|(release, track)| {
                (track.isrc.as_str(), release.release_id.as_str(), release.artist_id.as_str())
            })
            .collect();
        for line in &ledger.lines {
            assert_eq!(statements.get(line.statement_id.as_str()), Some(&line.currency));
            let track = (line.isrc.as_str(), line.release_id.as_str(), line.artist_id.as_str());
            assert!(tracks.contains(&track), "{line:?}");
        }
        let numbers: Vec<i64> = ledger.lines.iter().map(|line| line.line_id).collect();
        assert!(numbers.iter().copied().eq(1..=i64::try_from(numbers.len()).unwrap()));
    }
}

#[test]
fn the_quantities_are_those_of_the_figures() {
    let label = label();
    let ledger = label.ledger();
    let periods: BTreeMap<&str, (&str, &str)> = ledger
        .statements
        .iter()
        .map(|statement| (statement.statement_id.as_str(), (statement.period.as_str(), statement.platform)))
        .collect();
    let mut reported: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for line in &ledger.lines {
        let (period, platform) = periods[line.statement_id.as_str()];
        *reported.entry((line.artist_id.clone(), period.to_owned(), platform.to_owned())).or_default() +=
            line.quantity;
    }
    let mut streamed: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for row in label.analytics() {
        let key =
            (row.artist_id.to_string(), row.date.strftime("%Y-%m").to_string(), row.platform.id().to_owned());
        *streamed.entry(key).or_default() += i64::try_from(row.streams).unwrap();
    }
    assert!(!reported.is_empty());
    for (key, quantity) in reported {
        assert_eq!(streamed.get(&key), Some(&quantity), "{key:?}");
    }
}

#[test]
fn the_splits_of_every_track_are_the_whole() {
    for (label, _) in labels() {
        let ledger = label.ledger();
        let participants: BTreeSet<&str> =
            ledger.participants.iter().map(|participant| participant.participant_id.as_str()).collect();
        let mut parts: BTreeMap<&str, i64> = BTreeMap::new();
        for split in &ledger.splits {
            assert!(participants.contains(split.participant_id.as_str()), "{split:?}");
            *parts.entry(split.isrc.as_str()).or_default() += split.basis_points;
        }
        let tracks = label.releases().iter().flat_map(|release| &release.tracks);
        for track in tracks {
            assert_eq!(parts.get(track.isrc.as_str()), Some(&10_000), "{}", track.isrc);
        }
    }
}

fn sum_of_entries(ledger: &Ledger, account: &str, kind: Option<&str>) -> i64 {
    let entries = ledger.entries.iter().filter(|entry| entry.account_id == account);
    entries.filter(|entry| kind.is_none_or(|kind| kind == entry.kind)).map(|entry| entry.amount_minor).sum()
}

#[test]
fn accounts_are_the_sums_of_their_entries_and_nothing_is_paid_before_recoupment() {
    for (label, _) in labels() {
        let ledger = label.ledger();
        assert_eq!(ledger.accounts.len(), label.artists().len());
        for account in &ledger.accounts {
            let id = account.account_id.as_str();
            assert_eq!(sum_of_entries(&ledger, id, None), account.balance_minor, "{account:?}");
            assert_eq!(sum_of_entries(&ledger, id, Some("advance")), -account.advance_minor);
            let paid: i64 = ledger
                .payments
                .iter()
                .filter(|payment| payment.account_id == id)
                .map(|payment| payment.amount_minor)
                .sum();
            assert_eq!(sum_of_entries(&ledger, id, Some("payment")), -paid);
            assert!(paid == 0 || account.balance_minor >= 0, "{account:?}");
        }
        let is_recouped = |recouped: bool| {
            ledger.accounts.iter().filter(|account| (account.balance_minor >= 0) == recouped).count()
        };
        assert!(is_recouped(true) >= 3 && is_recouped(false) >= 3, "some of each");
        assert!(!ledger.payments.is_empty());
    }
}
