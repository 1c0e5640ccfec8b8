//! Which replica takes the next call: a pure choice among those that may.

use crate::engine::config::Strategy;

/// A replica that may take the call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// Its place among the replicas of the server.
    pub(super) index: usize,
    /// How much it should get, compared with others. At least 1.
    pub(super) weight: u32,
    /// Calls under way.
    pub(super) pending: u32,
    /// How good it looks: more is better.
    pub(super) score: f64,
}

/// Chooses one; none where there is none. `turn` counts choices; `random` gives numbers from 0 (included)
/// to 1 (excluded).
pub(super) fn choose(
    strategy: Strategy,
    candidates: &[Candidate],
    turn: &mut usize,
    random: &mut dyn FnMut() -> f64,
) -> Option<usize> {
    let first = *turn;
    *turn = turn.wrapping_add(1);
    let (only, rest) = candidates.split_first()?;
    if rest.is_empty() {
        return Some(only.index);
    }
    let chosen = match strategy {
        Strategy::RoundRobin => candidates.get(first % candidates.len()),
        Strategy::LeastConnections => least_connections(candidates, first),
        Strategy::Weighted => by_weight(candidates, random()),
        Strategy::PowerOfTwo => better_of_two(candidates, random(), random()),
        Strategy::FirstHealthy => Some(only),
    };
    Some(chosen.unwrap_or(only).index)
}

/// Ties are broken in turns, so that idle replicas share the calls.
fn least_connections(candidates: &[Candidate], first: usize) -> Option<&Candidate> {
    let load = |candidate: &Candidate| f64::from(candidate.pending) / f64::from(candidate.weight.max(1));
    let turned = candidates.iter().cycle().skip(first % candidates.len()).take(candidates.len());
    turned.min_by(|a, b| load(a).total_cmp(&load(b)))
}

fn by_weight(candidates: &[Candidate], random: f64) -> Option<&Candidate> {
    let whole: f64 = candidates.iter().map(|candidate| f64::from(candidate.weight)).sum();
    let mut left = random * whole;
    candidates.iter().find(|candidate| {
        left -= f64::from(candidate.weight);
        left < 0.0
    })
}

fn better_of_two(candidates: &[Candidate], one: f64, other: f64) -> Option<&Candidate> {
    let first = place(one, candidates.len());
    // Another than the first: a step of at least one around the circle.
    let second = (first + 1 + place(other, candidates.len() - 1)) % candidates.len();
    let (first, second) = (candidates.get(first)?, candidates.get(second)?);
    Some(if second.score > first.score { second } else { first })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place among a few replicas"
)]
fn place(random: f64, count: usize) -> usize {
    ((random * count as f64) as usize).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn chance(seed: u64) -> impl FnMut() -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        move || f64::from(random.next_u32()) / 4_294_967_296.0
    }

    fn candidate(index: usize, weight: u32, pending: u32, score: f64) -> Candidate {
        Candidate { index, weight, pending, score }
    }

    /// How often each of three candidates is chosen.
    fn spread(strategy: Strategy, candidates: &[Candidate; 3], calls: usize) -> [usize; 3] {
        let (mut counts, mut turn, mut random) = ([0; 3], 0, chance(7));
        for _ in 0..calls {
            let chosen = choose(strategy, candidates, &mut turn, &mut random).expect("there is one");
            counts[chosen] += 1;
        }
        counts
    }

    #[test]
    fn nobody_is_chosen_where_nobody_is() {
        assert_eq!(choose(Strategy::PowerOfTwo, &[], &mut 0, &mut chance(1)), None);
    }

    #[test]
    fn in_turns_everybody_gets_the_same() {
        let candidates = [candidate(0, 1, 0, 1.0), candidate(1, 5, 9, 0.1), candidate(2, 1, 0, 1.0)];
        assert_eq!(spread(Strategy::RoundRobin, &candidates, 300), [100, 100, 100]);
    }

    #[test]
    fn the_least_busy_for_its_weight_is_chosen_and_equals_take_turns() {
        let busy = [candidate(0, 1, 3, 1.0), candidate(1, 4, 8, 1.0), candidate(2, 1, 4, 1.0)];
        assert_eq!(spread(Strategy::LeastConnections, &busy, 50), [0, 50, 0]);
        let idle = [candidate(0, 1, 0, 1.0), candidate(1, 1, 0, 1.0), candidate(2, 1, 0, 1.0)];
        assert_eq!(spread(Strategy::LeastConnections, &idle, 300), [100, 100, 100]);
    }

    #[test]
    fn the_first_takes_all_where_the_others_stand_by() {
        let candidates = [candidate(0, 1, 9, 0.1), candidate(1, 5, 0, 1.0), candidate(2, 5, 0, 1.0)];
        assert_eq!(spread(Strategy::FirstHealthy, &candidates, 50), [50, 0, 0]);
    }

    #[test]
    fn weights_are_honoured() {
        let candidates = [candidate(0, 1, 0, 1.0), candidate(1, 3, 0, 1.0), candidate(2, 6, 0, 1.0)];
        let counts = spread(Strategy::Weighted, &candidates, 10_000);
        for (count, expected) in counts.into_iter().zip([1000_usize, 3000, 6000]) {
            assert!(count.abs_diff(expected) < 200, "{counts:?}");
        }
    }

    #[test]
    fn of_two_the_better_is_chosen_so_the_worst_of_three_gets_nothing() {
        let candidates = [candidate(0, 1, 0, 0.9), candidate(1, 1, 0, 0.1), candidate(2, 1, 0, 0.8)];
        let counts = spread(Strategy::PowerOfTwo, &candidates, 3000);
        assert_eq!(counts[1], 0, "{counts:?}");
        assert!(counts[0].abs_diff(2000) < 150, "{counts:?}");
    }
}
