//! Turns texts into vectors that lie near each other when the texts mean something alike: the sentence
//! embedding all-MiniLM-L6-v2, on the processor. No AWS in here.
//!
//! The model is built into the program where `scripts/embeddings` had written it before; without it,
//! there are no vectors, and the search says that it ranks by words.

mod encoder;
mod kept;
mod weights;
mod wordpiece;

use std::sync::{Arc, LazyLock};

use self::encoder::Encoder;
use self::weights::Weights;

pub(super) use self::kept::KeptVectors;

/// How many numbers a vector has.
const SIZE: usize = 384;

/// The model as `scripts/embeddings` wrote it.
#[cfg(embedding_model)]
const MODEL: Option<&[u8]> =
    Some(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/models/all-minilm-l6-v2.bin")));
#[cfg(not(embedding_model))]
const MODEL: Option<&[u8]> = None;

/// Read with the first text that is embedded.
static ENCODER: LazyLock<Option<Encoder>> = LazyLock::new(|| {
    let read = Encoder::read(MODEL?);
    read.inspect_err(|error| tracing::error!(%error, "the knowledge search ranks by words only")).ok()
});

/// Looked at without reading the weights, so that nobody waits for that before there is a text.
static IS_THERE: LazyLock<bool> = LazyLock::new(|| {
    MODEL.is_some_and(|model| Weights::open(model).is_ok_and(|(weights, _)| weights.is_whole()))
});

/// What a text means, as a direction: in steps of one byte, of which the largest is as large as a byte can say.
/// That moves how near two texts are by some thousandths, and takes a quarter of the memory.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vector {
    steps: Arc<[i8]>,
    length: f64,
}

impl Vector {
    /// A direction from numbers of any length; none when there are not as many as needed.
    fn of(numbers: &[f32]) -> Option<Self> {
        let largest = numbers.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
        if !numbers.iter().all(|number| number.is_finite()) || largest <= 0.0 {
            return None;
        }
        let scale = f32::from(i8::MAX) / largest;
        #[expect(clippy::cast_possible_truncation, reason = "the largest becomes 127, and none is larger")]
        let steps: Vec<i8> = numbers.iter().map(|number| (number * scale).round() as i8).collect();
        Self::from_steps(&steps)
    }

    fn from_steps(steps: &[i8]) -> Option<Self> {
        let squares = squares(steps);
        let is_direction = steps.len() == SIZE && squares > 0;
        is_direction.then(|| Self { steps: steps.into(), length: f64::from(squares).sqrt() })
    }

    /// How near another one is: 1 for the same direction, about 0 for texts that have nothing in common.
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        let product: i32 =
            self.steps.iter().zip(&*other.steps).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        f64::from(product) / (self.length * other.length)
    }
}

/// The sum of the squares, which is that of the length, too.
fn squares(steps: &[i8]) -> u32 {
    steps.iter().map(|step| u32::from(step.unsigned_abs()).pow(2)).sum()
}

/// What the model is called, where it is built in and can be used.
pub(super) fn model() -> Option<&'static str> {
    IS_THERE.then_some("local.all-minilm-l6-v2")
}

/// The vector of a text; none without the model, and for a text without words.
pub(super) fn embed(text: &str) -> Option<Vector> {
    ENCODER.as_ref()?.embed(text)
}

#[cfg(test)]
#[cfg(embedding_model)]
mod tests {
    use super::*;

    fn vector(text: &str) -> Vector {
        embed(text).expect("the model is built in")
    }

    #[test]
    fn texts_that_mean_the_same_are_near_though_no_word_is_the_same() {
        let question = vector("May the singer's brother sue us for using his guitar riff?");
        let near = vector("Permission is needed to use a part of somebody else's recording.");
        let far = vector("Artwork must be square and at least 3000 pixels wide.");
        assert!(question.similarity(&near) > question.similarity(&far) + 0.1);
        assert!((question.similarity(&question) - 1.0).abs() < 1e-3);
    }

    /// The first numbers of vectors as `tests/knowledge/reference_vectors.py` prints them.
    const REFERENCE: [(&str, [f32; 8]); 3] = [
        (
            "What does Spotify pay per stream?",
            [-0.01599, -0.07393, 0.01109, 0.00474, 0.01963, 0.03846, 0.08382, -0.0124],
        ),
        (
            "Crédits & ISRC: “Für Künstler” (feat. Zoë) — 44.1 kHz/24-bit; see §3.2!",
            [-0.03724, 0.02642, -0.0173, -0.00886, -0.04087, -0.00696, 0.06285, -0.05172],
        ),
        (
            "The mechanical royalty for a physical copy or a permanent download of a musical work in the United \
             States is a fixed sum, or a sum for each minute of playing time or fraction of a minute, whichever is \
             larger.",
            [-0.04522, -0.04045, -0.00039, -0.04701, -0.08444, 0.0754, 0.01571, -0.00643],
        ),
    ];

    #[test]
    fn vectors_are_those_that_others_compute_with_the_same_model() {
        for (text, reference) in REFERENCE {
            let vector = vector(text);
            let half_a_step = 0.5 / vector.length;
            for (step, right) in vector.steps.iter().zip(reference) {
                let number = f64::from(*step) / vector.length;
                let difference = (number - f64::from(right)).abs();
                assert!(difference < 5e-4 + half_a_step, "{text}: {number} instead of {right}");
            }
        }
    }

    #[test]
    fn a_text_without_words_has_no_vector() {
        assert_eq!(embed(""), None);
        assert_eq!(embed(" \n"), None);
    }

    #[test]
    fn a_long_text_has_the_vector_of_its_beginning() {
        let long = "royalty statement ".repeat(500);
        let longer = format!("{long} and quite something else");
        assert_eq!(vector(&longer), vector(&long));
    }
}
