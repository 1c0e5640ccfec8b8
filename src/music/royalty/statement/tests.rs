//! Statements worked out by hand, and what holds for all of them.

use super::*;
use crate::music::royalty::terms::Agreement;
use jiff::civil::date;
use proptest::prelude::*;

const DAY: Date = date(2026, 11, 14);
const END: Date = date(2026, 12, 31);

fn receipt(id: i64, month: u8, amount: i64) -> Receipt {
    Receipt {
        id,
        report: format!("st_2026-{month:02}_spotify"),
        period: format!("2026-{month:02}"),
        received_on: DAY,
        territory: "DE".to_owned(),
        store: "spotify".to_owned(),
        channel: Some(Channel::Streaming),
        format: None,
        amount,
        rate_micros: MICROS,
    }
}

fn advance(amount: i64) -> Posting {
    Posting { booked_on: date(2026, 1, 1), kind: MovementKind::Advance, amount: -amount }
}

fn deal(rates: Vec<Rate>, reserve: Option<Reserve>) -> Agreement {
    Agreement { name: "deal".to_owned(), from: None, to: None, rates, reserve, least_payment: None }
}

fn terms(basis_points: u32, reserve: Option<Reserve>, least: i64) -> Terms {
    let rates = vec![Rate::of_all(basis_points)];
    Terms::new(vec![deal(rates, reserve)], None, least).expect("terms")
}

fn reserve(basis_points: u32, parts: u32) -> Option<Reserve> {
    Reserve::new(basis_points, Vec::new(), parts, 1).ok()
}

fn of(opening: i64, receipts: &[Receipt], postings: &[Posting], terms: &Terms) -> Statement {
    let from = date(2026, 1, 1);
    let asked = Asked { opening, from, to: END, earlier: &[], receipts, postings };
    statement(&asked, terms).expect("fits")
}

#[test]
fn an_advance_of_15_000_at_15_percent_is_recouped_after_100_000_of_income() {
    let of = |income| of(0, &[receipt(1, 9, income)], &[advance(1_500_000)], &terms(1_500, None, 0));
    let short = of(9_999_900);
    assert_eq!((short.closing, short.payable, short.unrecouped()), (-15, 0, 15));
    let even = of(10_000_000);
    assert_eq!((even.closing, even.payable, even.unrecouped()), (0, 0, 0));
    assert_eq!(of(10_100_000).payable, 15_000);
}

#[test]
fn a_foreign_report_is_converted_line_by_line_and_a_month_is_rounded_once() {
    let mut lines = [receipt(1, 9, 1_234), receipt(2, 9, 1)];
    for line in &mut lines {
        line.rate_micros = 1_085_000;
    }
    let found = of(0, &lines, &[], &terms(1_800, None, 0));
    let inputs = found.movements[0].inputs.as_ref().expect("inputs");
    assert_eq!((inputs.received, inputs.lines.as_slice()), (1_340, [1, 2].as_slice()));
    // 1,340 × 18 % = 241.2
    assert_eq!(found.closing, 241);
}

#[test]
fn a_reserve_is_held_back_of_royalties_and_released_by_parts() {
    let lines = [receipt(1, 9, 10_000)];
    let terms = terms(5_000, reserve(2_000, 3), 0);
    // Received in November, so that a third is released at the end of December.
    let found = of(0, &lines, &[], &terms);
    assert_eq!(found.sum(MovementKind::Royalties), 5_000);
    assert_eq!(found.sum(MovementKind::Reserve), -1_000);
    assert_eq!((found.reserve.released, found.reserve.after, found.payable), (334, 666, 4_334));
    // The year after begins with what is booked, without what is held back of it.
    let from = date(2027, 1, 1);
    let to = date(2027, 12, 31);
    let asked = Asked { opening: 5_000, from, to, earlier: &lines, receipts: &[], postings: &[] };
    let next = statement(&asked, &terms).expect("fits");
    assert_eq!((next.opening, next.closing), (found.closing, 5_000));
    assert_eq!(next.reserve, ReserveBalance { before: 666, held: 0, released: 666, after: 0 });
    let parts = next.movements.iter().filter_map(|movement| movement.inputs.as_ref()?.part);
    assert_eq!(parts.collect::<Vec<_>>(), [(2, 3), (3, 3)]);
}

#[test]
fn what_is_held_back_recoups_nothing_until_it_is_released() {
    let found = of(0, &[receipt(1, 9, 10_000)], &[advance(4_500)], &terms(5_000, reserve(2_000, 40), 0));
    // 5,000 earned, 1,000 held, 25 released.
    assert_eq!((found.closing, found.payable, found.unrecouped()), (-475, 0, 475));
}

#[test]
fn each_rule_of_a_month_is_a_line_and_names_itself() {
    let physical = Rate { channel: Some(Channel::Physical), ..Rate::of_all(1_000) };
    let rates = vec![Rate::of_all(2_000), physical];
    let held = Reserve::new(5_000, vec![Channel::Physical], 2, 6).ok();
    let terms = Terms::new(vec![deal(rates, held)], None, 0).expect("terms");
    let vinyl = Receipt { channel: Some(Channel::Physical), ..receipt(2, 9, 10_000) };
    let found = of(0, &[receipt(1, 9, 10_000), vinyl], &[], &terms);
    let told = found.movements.iter().filter_map(|movement| {
        let inputs = movement.inputs.as_ref()?;
        Some((movement.kind, inputs.scope.as_str(), movement.amount))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (MovementKind::Royalties, "all", 2_000),
            (MovementKind::Royalties, "physical", 1_000),
            (MovementKind::Reserve, "physical", -500),
        ]
    );
}

#[test]
fn small_sums_are_carried_forward_and_payments_ahead_of_recoupment_are_seen() {
    let small = of(0, &[receipt(1, 9, 9_998)], &[], &terms(5_000, None, 5_000));
    assert_eq!((small.payable, small.carried_forward), (0, 4_999));
    let early = Posting { booked_on: DAY, kind: MovementKind::Payment, amount: -6_000 };
    let found = of(0, &[receipt(1, 9, 9_998)], &[early], &terms(5_000, None, 0));
    assert_eq!(found.paid_too_early().count(), 1);
}

#[test]
fn lines_without_a_rate_are_in_no_sum_and_named() {
    let rates = vec![Rate { territory: Some("JP".to_owned()), ..Rate::of_all(1_000) }];
    let terms = Terms::new(vec![deal(rates, None)], None, 0).expect("terms");
    let found = of(7, &[receipt(3, 9, 100)], &[], &terms);
    assert_eq!((found.closing, found.without_rate), (7, vec![3]));
}

#[test]
fn sums_that_do_not_fit_are_told() {
    let receipts = [receipt(1, 9, i64::MAX), receipt(2, 9, i64::MAX)];
    let asked = Asked { opening: 0, from: DAY, to: END, earlier: &[], receipts: &receipts, postings: &[] };
    assert!(statement(&asked, &terms(10_000, None, 0)).is_err());
}

fn any_receipt() -> impl Strategy<Value = Receipt> {
    let channels = prop::option::of(prop::sample::select(Channel::ALL.to_vec()));
    let values = (1_i64..1_000, 1_u8..=12, -1_000_000_i64..1_000_000, 1_i64..3 * MICROS, channels);
    values.prop_map(|(id, month, amount, rate_micros, channel)| Receipt {
        channel,
        rate_micros,
        ..receipt(id, month, amount)
    })
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rate = (prop::option::of(prop::sample::select(Channel::ALL.to_vec())), 0_u32..=10_000)
        .prop_map(|(channel, basis_points)| Rate { channel, ..Rate::of_all(basis_points) });
    let held = (0_u32..=10_000, 1_u32..=40, prop::sample::select(vec![1_u32, 3, 6, 12]));
    (prop::collection::vec(rate, 0..4), prop::option::of(held), 0_u32..=10_000, 0_i64..100_000).prop_map(
        |(mut rates, held, account, least)| {
            rates.sort();
            rates.dedup_by_key(|rate| rate.channel);
            let reserve = held.and_then(|(points, parts, months)| {
                Reserve::new(points, vec![Channel::Physical, Channel::Streaming], parts, months).ok()
            });
            let deal = Agreement { from: Some("2026-06".to_owned()), ..deal(rates, reserve) };
            Terms::new(vec![deal], Some(account), least).expect("terms")
        },
    )
}

proptest! {
    #[test]
    fn nothing_is_paid_below_the_least_payment_and_nothing_is_lost_by_carrying_it_over(
        years in proptest::collection::vec(proptest::collection::vec(any_receipt(), 0..6), 1..8),
        least in 0_i64..2_000_000,
        points in 0_u32..=10_000,
        given in 0_i64..500_000,
    ) {
        let terms = terms(points, None, least);
        let (mut balance, mut paid, mut earned) = (-given, 0, 0);
        for (year, receipts) in (2026..).zip(years) {
            let (from, to) = (date(year, 1, 1), date(year, 12, 31));
            let came = |receipt| Receipt { received_on: date(year, 11, 14), ..receipt };
            let receipts: Vec<Receipt> = receipts.into_iter().map(came).collect();
            let asked =
                Asked { opening: balance, from, to, earlier: &[], receipts: &receipts, postings: &[] };
            let found = statement(&asked, &terms).expect("fits");
            prop_assert_eq!(&found, &statement(&asked, &terms).expect("fits"), "again it is the same");
            prop_assert_eq!(found.opening, balance, "what was carried over is where it begins");
            prop_assert!(found.payable == 0 || found.payable >= least);
            prop_assert!(found.carried_forward < least.max(1), "what is enough is not held back");
            earned += found.sum(MovementKind::Royalties);
            paid += found.payable;
            balance = found.carried_forward;
        }
        prop_assert_eq!(paid + balance, earned - given);
    }

    #[test]
    fn nothing_is_paid_before_it_is_recouped_and_everything_adds_up(
        opening in -10_000_000_i64..10_000_000,
        receipts in proptest::collection::vec(any_receipt(), 0..30),
        earlier in proptest::collection::vec(any_receipt(), 0..30),
        given in 0_i64..5_000_000,
        years in 0_i16..20,
        terms in any_terms(),
    ) {
        let earlier: Vec<Receipt> = earlier
            .into_iter()
            .map(|receipt| Receipt { received_on: date(2025, 8, 14), ..receipt })
            .collect();
        let (from, to) = (date(2026, 1, 1), date(2026 + years, 12, 31));
        let postings = [advance(given)];
        let asked =
            Asked { opening, from, to, earlier: &earlier, receipts: &receipts, postings: &postings };
        let found = statement(&asked, &terms).expect("fits");
        let moved: i64 = found.movements.iter().map(|movement| movement.amount).sum();
        prop_assert_eq!(found.opening, opening - found.reserve.before);
        prop_assert_eq!(found.closing, found.opening + moved);
        prop_assert_eq!(found.payable + found.carried_forward, found.closing);
        prop_assert!(found.payable >= 0);
        prop_assert!(found.payable == 0 || found.payable >= found.least_payment);
        prop_assert_eq!(found.unrecouped() > 0, found.closing < 0);
        // Everything is what was booked and earned, without what is still held.
        let earned = found.sum(MovementKind::Royalties);
        prop_assert_eq!(found.closing, opening + earned - given - found.reserve.after);
        // What was held is what was released and what is left.
        let ReserveBalance { before, held, released, after } = found.reserve;
        prop_assert_eq!(before + held, released + after);
        prop_assert!(before >= 0 && held >= 0 && released >= 0 && after >= 0);
        prop_assert!(years < 19 || terms.agreements()[0].reserve.as_ref().is_none_or(|r| r.parts() > 19) || after == 0);
        let lines: usize = found.movements.iter()
            .filter(|movement| movement.kind == MovementKind::Royalties)
            .filter_map(|movement| movement.inputs.as_ref())
            .map(|inputs| inputs.lines.len())
            .sum();
        prop_assert_eq!(lines, receipts.len());
    }

    #[test]
    fn running_it_again_in_another_order_changes_nothing(
        receipts in proptest::collection::vec(any_receipt(), 0..20),
        terms in any_terms(),
    ) {
        let first = of(0, &receipts, &[advance(50)], &terms);
        prop_assert_eq!(&first, &of(0, &receipts, &[advance(50)], &terms));
        let turned: Vec<Receipt> = receipts.into_iter().rev().collect();
        prop_assert_eq!(first, of(0, &turned, &[advance(50)], &terms));
    }
}
