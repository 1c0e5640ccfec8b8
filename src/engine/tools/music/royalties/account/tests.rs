//! Statements of small accounts, worked out by hand.

use super::*;
use crate::music::royalty::reserve::Reserve;
use crate::music::royalty::terms::{Agreement, Rate};
use jiff::civil::date;

fn entry(id: i64, booked_on: Date, kind: &str, amount: i64) -> Entry {
    let period = (kind == "royalties").then(|| "2026-09".to_owned());
    Entry { id, booked_on, period, kind: kind.to_owned(), amount }
}

fn line(id: i64, isrc: &str, amount: i64) -> Line {
    Line {
        id,
        report: "st_2026-09_spotify".to_owned(),
        period: "2026-09".to_owned(),
        received_on: date(2026, 11, 14),
        platform: "spotify".to_owned(),
        channel: "stream".to_owned(),
        isrc: isrc.to_owned(),
        territory: "NO".to_owned(),
        lines: 1,
        quantity: 1_000,
        amount,
        rate_micros: 1_085_000,
        rate_source: None,
        received: None,
        currency: "EUR".to_owned(),
        import_id: None,
    }
}

fn split(isrc: &str, participant: &str, basis_points: u32) -> SplitRow {
    let text = |text: &str| text.to_owned();
    let (name, role) = (text(participant), text("artist"));
    SplitRow { isrc: text(isrc), participant_id: text(participant), name, role, basis_points }
}

/// 18 % of 1,340 is 241; the advance of 300 has 100 recouped before.
fn account() -> Account {
    Account {
        id: "acc_art_1".to_owned(),
        currency: "USD".to_owned(),
        rate_basis_points: 1_800,
        entries: vec![
            entry(1, date(2024, 3, 1), "advance", -300),
            entry(2, date(2026, 4, 1), "broughtForward", 100),
            entry(3, date(2026, 11, 14), "royalties", 241),
        ],
    }
}

fn booked<'a>(
    account: &'a Account,
    lines: &'a [Line],
    splits: &'a [SplitRow],
    terms: &'a Terms,
    from: Date,
) -> Booked<'a> {
    let to = date(2026, 12, 31);
    Booked { account, lines, splits, terms, unconverted: &[], rates: &[], from, to }
}

fn terms_of(account: &Account) -> Terms {
    Terms::new(Vec::new(), Some(account.rate_basis_points), 0).expect("terms")
}

fn told(
    account: &Account,
    lines: &[Line],
    splits: &[SplitRow],
    other: &WhatIf,
) -> (AccountStatement, WhatIfAnswer) {
    let titles = BTreeMap::from([("XX0NL2600001", "Night Drive")]);
    let about = About { artist_id: "art_1", artist_name: "Mira", titles: &titles };
    let terms = terms_of(account);
    let booked = booked(account, lines, splits, &terms, date(2026, 10, 1));
    let (statement, held) = booked.statement(&about).expect("a statement");
    (statement, booked.what_if(other, &held).expect("an answer"))
}

#[test]
fn a_report_that_came_before_the_first_day_and_is_booked_after_it_is_in_the_statement_once() {
    let titles = BTreeMap::new();
    let about = About { artist_id: "art_1", artist_name: "Mira", titles: &titles };
    let lines = [line(7, "XX0NL2600001", 1_234), line(8, "XX0NL2600002", 1)];
    let mut late = account();
    late.entries[2].booked_on = date(2026, 12, 2);
    let of = |account: &Account, from: Date| {
        let terms = terms_of(account);
        let booked = booked(account, &lines, &[], &terms, from);
        let (found, _) = booked.statement(&about).expect("a statement");
        (found.opening.minor, found.royalties.minor, found.closing.minor)
    };
    assert_eq!(of(&late, date(2026, 12, 1)), (-200, 241, 41), "booked after the first day");
    assert_eq!(of(&account(), date(2026, 12, 1)), (41, 0, 41), "booked before it");
}

#[test]
fn a_statement_goes_from_the_opening_balance_to_what_is_payable() {
    let lines = [line(7, "XX0NL2600001", 1_234), line(8, "XX0NL2600002", 1)];
    let splits = [split("XX0NL2600001", "a", 9_000), split("XX0NL2600001", "b", 1_000)];
    let nothing = WhatIf { rate: None, advance: None };
    let (found, same) = told(&account(), &lines, &splits, &nothing);
    assert_eq!((found.opening.minor, found.royalties.minor, found.closing.minor), (-200, 241, 41));
    assert_eq!((found.payable.text.as_str(), found.unrecouped.minor), ("USD 0.41", 0));
    assert_eq!(found.lines[0].ledger_lines, [7, 8]);
    assert_eq!(found.lines[0].text, "Royalties of 2026-09: USD 13.40 received × 18 % = USD 2.41");
    assert_eq!(found.differences, Vec::<String>::new());
    let paid: Vec<_> = found.payees.iter().map(|payee| (payee.name.as_str(), payee.amount.minor)).collect();
    assert_eq!(paid, [("a", 217), ("b", 24)]);
    assert_eq!((found.undivided.len(), found.unmatched_lines, found.unmatched.minor), (1, 1, 1));
    assert_eq!((same.payable.minor, same.payable_change.minor), (41, 0));
}

#[test]
fn another_rate_and_another_advance_change_what_is_payable() {
    let lines = [line(7, "XX0NL2600001", 1_234)];
    let (_, more) = told(&account(), &lines, &[], &WhatIf { rate: Some(5_000), advance: None });
    // 50 % of 1,339, rounded half up.
    assert_eq!((more.royalties.minor, more.payable.minor), (670, 470));
    let (_, less) = told(&account(), &lines, &[], &WhatIf { rate: None, advance: Some(10_000) });
    assert_eq!((less.payable.minor, less.unrecouped.minor), (0, 9_659));
}

#[test]
fn what_the_ledger_booked_otherwise_is_told() {
    let mut account = account();
    account.entries[2].amount = 240;
    account.entries.push(entry(4, date(2026, 12, 1), "payment", -500));
    let nothing = WhatIf { rate: None, advance: None };
    let (found, _) = told(&account, &[line(7, "XX0NL2600001", 1_234)], &[], &nothing);
    let [booked, early] = &found.differences[..] else { panic!("{:?}", found.differences) };
    assert!(booked.contains("USD 2.41") && booked.contains("USD 2.40"), "{booked}");
    assert!(early.contains("was paid although"), "{early}");
}

#[test]
fn a_contract_says_what_is_paid_and_held_back_and_each_line_says_by_which_rule() {
    let deal = Agreement {
        name: "art_1/deal.pdf".to_owned(),
        from: Some("2026-09".to_owned()),
        to: None,
        rates: vec![Rate { territory: Some("NO".to_owned()), ..Rate::of_all(5_000) }],
        reserve: Reserve::new(2_000, Vec::new(), 4, 1).ok(),
        least_payment: Some(5_000),
    };
    let account = account();
    let terms = Terms::new(vec![deal], Some(1_800), 0).expect("terms");
    let danish = Line { territory: "DK".to_owned(), ..line(8, "XX0NL2600001", 1_000) };
    let lines = [line(7, "XX0NL2600001", 1_000), danish];
    let left = Unconverted {
        currency: "GBP".to_owned(),
        month: "2026-09".to_owned(),
        received_on: date(2026, 11, 1),
        lines: 3,
        amount: Some(250),
    };
    let unconverted = [left];
    let booked =
        Booked { unconverted: &unconverted, ..booked(&account, &lines, &[], &terms, date(2026, 10, 1)) };
    let titles = BTreeMap::new();
    let about = About { artist_id: "art_1", artist_name: "Mira", titles: &titles };
    let (found, _) = booked.statement(&about).expect("a statement");
    let rules: Vec<_> = found.lines.iter().map(|line| (line.text.as_str(), line.rule.as_deref())).collect();
    let (account, contract) = (Some("by the rate of the account"), Some("for NO, by art_1/deal.pdf"));
    assert_eq!(
        rules,
        [
            ("Royalties of 2026-09: USD 10.85 received × 18 % = USD 1.95", account),
            ("Royalties of 2026-09: USD 10.85 received × 50 % = USD 5.43", contract),
            ("Reserve of 2026-09 held back: 20 % of USD 1.95", account),
            ("Reserve of 2026-09 held back: 20 % of USD 5.43", contract),
            ("Reserve of 2026-09 released: part 1 of 4 of USD 0.39", account),
            ("Reserve of 2026-09 released: part 1 of 4 of USD 1.09", contract),
        ]
    );
    // 195 + 543 earned, 39 + 109 held, 10 + 28 released, 200 to recoup before.
    assert_eq!((found.closing.minor, found.reserve.after.minor), (428, 110));
    // Less than the least payment of 50.00: the next statement begins with it.
    assert_eq!((found.payable.minor, found.carried_over.minor), (0, 428));
    assert_eq!(found.least_payment.as_ref().map(|least| least.text.as_str()), Some("USD 50.00"));
    assert_eq!(found.unconverted[0].text, "not converted, no rate for GBP in 2026-09");
    assert_eq!(booked.rule(&lines[1]).as_deref(), Some("18 % by the rate of the account"));
}
