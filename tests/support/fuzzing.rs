//! Input for whatever reads what comes from outside: seeds that are written by hand, and what some edits make
//! of them.
//!
//! The inputs follow from one number, so they are the same on every machine. `PATCHLINE_FUZZ_SEED` begins with
//! another one, and `PATCHLINE_FUZZ_SECONDS` goes on with the next number until so many seconds are over, which
//! is how `make fuzz` runs longer than `make test`. What fails is made smaller before it is shown.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fmt;
use std::time::{Duration, Instant};

/// The number from which the first inputs follow.
const SEED: &str = "PATCHLINE_FUZZ_SEED";
const USUAL_SEED: u64 = 1;

/// For how long to go on.
const SECONDS: &str = "PATCHLINE_FUZZ_SECONDS";

/// The largest input, in bytes.
const LARGEST: usize = 16 * 1024;

/// The most edits of one seed.
const MOST_EDITS: usize = 6;

/// Pieces that readers of any language may stumble over.
const TRAPS: [&str; 24] = [
    "\0",
    "\r\n",
    "\u{202E}",
    "\u{FEFF}",
    "é",
    "🎵",
    "\"",
    "'",
    "\\",
    "(",
    ")",
    "[",
    "{",
    "<",
    ",",
    "/",
    "..",
    "%00",
    "%",
    "-1",
    "1e999",
    "NaN",
    "null",
    "99999999999999999999",
];

/// Tries bytes, and goes on for as long as it is told to.
pub(crate) fn bytes(cases: u32, seeds: &[&[u8]], words: &[&str], check: impl Fn(&[u8])) {
    rounds(|number| bytes_of(number, cases, seeds, words, &check));
}

/// Tries texts, and goes on for as long as it is told to. Bytes that are no text become signs of that.
pub(crate) fn text(cases: u32, seeds: &[&str], words: &[&str], check: impl Fn(&str)) {
    rounds(|number| text_of(number, cases, seeds, words, &check));
}

/// Goes on for as long as it is told to, once at least: each round is made from another number.
pub(crate) fn rounds(round: impl Fn(u64)) {
    let until = Instant::now() + Duration::from_secs(number(SECONDS).unwrap_or_default());
    let mut seed = number(SEED).unwrap_or(USUAL_SEED);
    loop {
        announce(seed);
        round(seed);
        if Instant::now() >= until {
            break;
        }
        seed = seed.wrapping_add(1);
    }
}

/// Tries the seeds, and as many inputs as it is told to, all of them made from one number.
pub(crate) fn bytes_of(number: u64, cases: u32, seeds: &[&[u8]], words: &[&str], check: impl Fn(&[u8])) {
    for seed in seeds {
        check(seed);
    }
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
    let words = words.iter().chain(&TRAPS).map(|word| word.as_bytes().to_vec()).collect();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_096, ..Config::default() };
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &key));
    let outcome = runner.run(&inputs(seeds, words), |input| {
        check(&input.0);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}\nIt is found again with {SEED}={number}.");
    }
}

/// The same with texts.
pub(crate) fn text_of(number: u64, cases: u32, seeds: &[&str], words: &[&str], check: impl Fn(&str)) {
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| seed.as_bytes()).collect();
    bytes_of(number, cases, &seeds, words, |bytes| check(&String::from_utf8_lossy(bytes)));
}

/// Says it before, because an input that exhausts the stack ends the process, and then nothing can be said.
#[expect(clippy::print_stderr, reason = "the harness shows it where the test fails")]
fn announce(seed: u64) {
    eprintln!("{SEED}={seed}");
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let number = text.parse::<u64>();
    Some(number.unwrap_or_else(|error| panic!("{variable} is {text:?}, and must be a whole number: {error}")))
}

/// What is tried.
struct Input(Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "b\"{}\"", self.0.escape_ascii())
    }
}

/// A change of an input. Places are found in whatever the input has become by then.
#[derive(Debug, Clone)]
enum Edit {
    /// Another byte in the place of one.
    Put(Index, u8),
    /// Bytes more.
    Insert(Index, Vec<u8>),
    /// Bytes fewer.
    Remove(Index, usize),
    /// A piece of it again, and again.
    Repeat(Index, usize, usize),
    /// From there on, the rest of another input from there on.
    Join(Index, Vec<u8>, Index),
}

impl Edit {
    fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Put(at, byte) => {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            Self::Insert(at, more) => insert(bytes, at.index(bytes.len() + 1), more),
            Self::Remove(at, length) => {
                let from = at.index(bytes.len() + 1);
                let to = (from + length).min(bytes.len());
                bytes.drain(from..to);
            }
            Self::Repeat(at, length, times) => {
                let from = at.index(bytes.len() + 1);
                let to = (from + length).min(bytes.len());
                let again = bytes[from..to].repeat(times);
                insert(bytes, to, again);
            }
            Self::Join(at, other, from) => {
                bytes.truncate(at.index(bytes.len() + 1));
                bytes.extend_from_slice(&other[from.index(other.len() + 1)..]);
            }
        }
        bytes.truncate(LARGEST);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, more: Vec<u8>) {
    bytes.splice(at..at, more);
}

fn inputs(seeds: Vec<Vec<u8>>, words: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let place = any::<Index>;
    let edit = prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Put(at, byte)),
        (place(), vec(any::<u8>(), 1..8)).prop_map(|(at, more)| Edit::Insert(at, more)),
        (place(), select(words), times()).prop_map(|(at, word, times)| Edit::Insert(at, word.repeat(times))),
        (place(), 1..32_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        (place(), 1..32_usize, times()).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        (place(), select(seeds.clone()), place()).prop_map(|(at, other, from)| Edit::Join(at, other, from)),
    ];
    (select(seeds), vec(edit, 0..=MOST_EDITS)).prop_map(|(mut bytes, edits)| {
        for edit in edits {
            edit.apply(&mut bytes);
        }
        Input(bytes)
    })
}

/// How often something is there: mostly once, and now and then often enough to exhaust what has no bound.
fn times() -> impl Strategy<Value = usize> {
    prop_oneof![8 => Just(1_usize), 3 => 2..6_usize, 1 => 500..4_000_usize]
}
