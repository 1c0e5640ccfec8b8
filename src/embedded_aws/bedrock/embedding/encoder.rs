//! The model's arithmetic: six layers of attention over the pieces of a text, and the mean of what comes out.
//!
//! Matrices are multiplied by a library; all else is so little that plain loops do.

use ndarray::{Array2, Axis, Slice};

use super::Vector;
use super::weights::{ModelError, Table, Weights};
use super::wordpiece::Pieces;

/// The most pieces of a text that are looked at, as the model was trained.
const MOST_PIECES: usize = 256;
const LAYERS: usize = 6;
const HEADS: usize = 12;
/// Keeps the division by the spread of numbers that are all alike from failing (`layer_norm_eps`).
const LEAST_SPREAD: f32 = 1e-12;

/// The model, ready for use.
pub(super) struct Encoder {
    pieces: Pieces,
    words: Table,
    places: Table,
    kinds: Table,
    first: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    after_attention: Norm,
    wide: Linear,
    narrow: Linear,
    after_all: Norm,
}

/// A product with a matrix, and a sum.
struct Linear {
    matrix: Array2<f32>,
    bias: Vec<f32>,
}

/// Brings the numbers of each row to mean 0 and spread 1, then scales and moves them.
struct Norm {
    scale: Vec<f32>,
    bias: Vec<f32>,
}

impl Encoder {
    /// Reads the model's file.
    pub(super) fn read(file: &'static [u8]) -> Result<Self, ModelError> {
        let (weights, words) = Weights::open(file)?;
        let pieces = Pieces::of(&words).ok_or_else(|| ModelError("its words are not complete".to_owned()))?;
        Ok(Self {
            pieces,
            words: weights.table("embeddings.word_embeddings.weight")?,
            places: weights.table("embeddings.position_embeddings.weight")?,
            kinds: weights.table("embeddings.token_type_embeddings.weight")?,
            first: Norm::read(&weights, "embeddings.LayerNorm")?,
            layers: (0..LAYERS).map(|number| Layer::read(&weights, number)).collect::<Result<_, _>>()?,
        })
    }

    /// The vector of a text; none for a text without words.
    pub(super) fn embed(&self, text: &str) -> Option<Vector> {
        let numbers = self.pieces.numbers(text, MOST_PIECES);
        if numbers.is_empty() {
            return None;
        }
        let mut state = self.start(&numbers).ok()?;
        for layer in &self.layers {
            state = layer.apply(&state);
        }
        Vector::of(&state.mean_axis(Axis(0))?.to_vec())
    }

    /// What is known of each piece before it is seen with the others.
    fn start(&self, numbers: &[usize]) -> Result<Array2<f32>, ModelError> {
        let kind = self.kinds.row(0)?;
        let mut all = Vec::with_capacity(numbers.len() * kind.len());
        for (place, number) in numbers.iter().enumerate() {
            let (word, place) = (self.words.row(*number)?, self.places.row(place)?);
            all.extend(word.iter().zip(&place).zip(&kind).map(|((word, place), kind)| word + place + kind));
        }
        let mut state = Array2::from_shape_vec((numbers.len(), kind.len()), all)
            .map_err(|error| ModelError(error.to_string()))?;
        self.first.apply(&mut state);
        Ok(state)
    }
}

impl Layer {
    fn read(weights: &Weights, number: usize) -> Result<Self, ModelError> {
        let linear = |name: &str| Linear::read(weights, &format!("encoder.layer.{number}.{name}"));
        let norm = |name: &str| Norm::read(weights, &format!("encoder.layer.{number}.{name}"));
        Ok(Self {
            query: linear("attention.self.query")?,
            key: linear("attention.self.key")?,
            value: linear("attention.self.value")?,
            attended: linear("attention.output.dense")?,
            after_attention: norm("attention.output.LayerNorm")?,
            wide: linear("intermediate.dense")?,
            narrow: linear("output.dense")?,
            after_all: norm("output.LayerNorm")?,
        })
    }

    fn apply(&self, state: &Array2<f32>) -> Array2<f32> {
        let mut near = self.attended.apply(&self.attention(state)) + state;
        self.after_attention.apply(&mut near);
        let mut wide = self.wide.apply(&near);
        each(&mut wide, gelu);
        let mut out = self.narrow.apply(&wide) + &near;
        self.after_all.apply(&mut out);
        out
    }

    /// What each piece takes over from the others, by each head for itself.
    fn attention(&self, state: &Array2<f32>) -> Array2<f32> {
        let (query, key, value) = (self.query.apply(state), self.key.apply(state), self.value.apply(state));
        let width = state.ncols() / HEADS;
        #[expect(clippy::cast_precision_loss, reason = "the width of a head is 32")]
        let scale = 1.0 / (width as f32).sqrt();
        let mut all = Array2::zeros(state.raw_dim());
        for head in 0..HEADS {
            let part = Slice::from(head * width..(head + 1) * width);
            let of = |matrix: &Array2<f32>| matrix.slice_axis(Axis(1), part).to_owned();
            let mut weights = of(&query).dot(&of(&key).t());
            each(&mut weights, |weight| weight * scale);
            soften(&mut weights);
            all.slice_axis_mut(Axis(1), part).assign(&weights.dot(&of(&value)));
        }
        all
    }
}

impl Linear {
    fn read(weights: &Weights, name: &str) -> Result<Self, ModelError> {
        let matrix = weights.transposed(&format!("{name}.weight"))?;
        Ok(Self { matrix, bias: weights.list(&format!("{name}.bias"))? })
    }

    fn apply(&self, state: &Array2<f32>) -> Array2<f32> {
        let mut out = state.dot(&self.matrix);
        for row in rows(&mut out, self.bias.len()) {
            row.iter_mut().zip(&self.bias).for_each(|(number, bias)| *number += bias);
        }
        out
    }
}

impl Norm {
    fn read(weights: &Weights, name: &str) -> Result<Self, ModelError> {
        let scale = weights.list(&format!("{name}.weight"))?;
        Ok(Self { scale, bias: weights.list(&format!("{name}.bias"))? })
    }

    fn apply(&self, state: &mut Array2<f32>) {
        #[expect(clippy::cast_precision_loss, reason = "a row has 384 numbers")]
        let count = self.scale.len() as f32;
        for row in rows(state, self.scale.len()) {
            let mean = row.iter().sum::<f32>() / count;
            let spread = row.iter().map(|number| (number - mean).powi(2)).sum::<f32>() / count;
            let factor = 1.0 / (spread + LEAST_SPREAD).sqrt();
            for ((number, scale), bias) in row.iter_mut().zip(&self.scale).zip(&self.bias) {
                *number = (*number - mean) * factor * scale + bias;
            }
        }
    }
}

/// The rows of a matrix.
fn rows(matrix: &mut Array2<f32>, columns: usize) -> impl Iterator<Item = &mut [f32]> {
    numbers(matrix).chunks_exact_mut(columns)
}

fn each(matrix: &mut Array2<f32>, change: impl Fn(f32) -> f32) {
    for number in numbers(matrix) {
        *number = change(*number);
    }
}

#[expect(
    clippy::expect_used,
    reason = "sums and products of matrices that are kept row by row are kept so, too"
)]
fn numbers(matrix: &mut Array2<f32>) -> &mut [f32] {
    matrix.as_slice_mut().expect("a matrix that is kept row by row")
}

/// Makes each row positive with the sum 1, the largest number counting by far the most (softmax).
fn soften(matrix: &mut Array2<f32>) {
    let columns = matrix.ncols();
    for row in rows(matrix, columns) {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for number in row.iter_mut() {
            *number = (*number - largest).exp();
        }
        let sum: f32 = row.iter().sum();
        for number in row.iter_mut() {
            *number /= sum;
        }
    }
}

/// The number times the share of a normal distribution that lies below it.
fn gelu(number: f32) -> f32 {
    number * 0.5 * (1.0 + error_function(number * std::f32::consts::FRAC_1_SQRT_2))
}

/// By Abramowitz and Stegun 7.1.26, right to seven digits.
fn error_function(number: f32) -> f32 {
    let size = number.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let series =
        ((((1.061_405_4 * t - 1.453_152_1) * t + 1.421_413_8) * t - 0.284_496_72) * t + 0.254_829_6) * t;
    (1.0 - series * (-size * size).exp()).copysign(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arithmetic_is_that_of_the_definitions() {
        assert!((error_function(0.5) - 0.520_499_9).abs() < 1e-6);
        assert!((error_function(-2.0) + 0.995_322_3).abs() < 1e-6);
        assert!((gelu(1.0) - 0.841_344_7).abs() < 1e-6);
        let mut matrix = ndarray::array![[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]];
        soften(&mut matrix);
        assert!((matrix[[0, 2]] - 0.665_240_9).abs() < 1e-6);
        assert!((matrix[[1, 0]] - 1.0 / 3.0).abs() < 1e-6);
        let norm = Norm { scale: vec![2.0, 2.0], bias: vec![1.0, 1.0] };
        let mut matrix = ndarray::array![[5.0, 7.0]];
        norm.apply(&mut matrix);
        assert!((matrix[[0, 0]] + 1.0).abs() < 1e-5 && (matrix[[0, 1]] - 3.0).abs() < 1e-5);
    }
}
