//! The file that `scripts/embedding-model.py` writes: words and tensors.

use std::collections::HashMap;

use ndarray::Array2;
use serde::Deserialize;

const MARK: &[u8] = b"PATCHEMB";

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the embedding model cannot be used ({0}); run scripts/embeddings and build again")]
pub(super) struct ModelError(pub(super) String);

#[derive(Deserialize)]
struct Description {
    words: Vec<String>,
    tensors: HashMap<String, Tensor>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Tensor {
    rows: usize,
    columns: usize,
    /// Whole numbers, with a scale for each row behind them.
    whole: bool,
    at: usize,
}

/// A model's file, opened.
pub(super) struct Weights {
    tensors: HashMap<String, Tensor>,
    data: &'static [u8],
}

/// A table of which single rows are read.
pub(super) struct Table {
    name: &'static str,
    tensor: Tensor,
    data: &'static [u8],
}

impl Weights {
    /// Opens a file; gives its words beside the tensors.
    pub(super) fn open(file: &'static [u8]) -> Result<(Self, Vec<String>), ModelError> {
        let broken = |what: &str| ModelError(what.to_owned());
        let rest = file.strip_prefix(MARK).ok_or_else(|| broken("it is of another form"))?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(|| broken("it is cut off"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (description, data) = rest.split_at_checked(length).ok_or_else(|| broken("it is cut off"))?;
        let description: Description =
            serde_json::from_slice(description).map_err(|error| broken(&error.to_string()))?;
        Ok((Self { tensors: description.tensors, data }, description.words))
    }

    /// A table.
    pub(super) fn table(&self, name: &'static str) -> Result<Table, ModelError> {
        let tensor = self.tensors.get(name).copied();
        let tensor = tensor.ok_or_else(|| ModelError(format!("it has no {name}")))?;
        let table = Table { name, tensor, data: self.data };
        if tensor.rows > 0 {
            table.row(tensor.rows - 1)?;
        }
        Ok(table)
    }

    /// A whole matrix, with rows and columns exchanged.
    pub(super) fn transposed(&self, name: &str) -> Result<Array2<f32>, ModelError> {
        let tensor = self.tensors.get(name).copied();
        let tensor = tensor.ok_or_else(|| ModelError(format!("it has no {name}")))?;
        let mut numbers = Vec::with_capacity(tensor.rows * tensor.columns);
        for row in 0..tensor.rows {
            numbers.extend(tensor.row(self.data, row).ok_or_else(|| cut_off(name))?);
        }
        let matrix = Array2::from_shape_vec((tensor.rows, tensor.columns), numbers);
        matrix.map(Array2::reversed_axes).map_err(|error| ModelError(format!("{name}: {error}")))
    }

    /// A list of numbers.
    pub(super) fn list(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensors.get(name).filter(|tensor| tensor.rows == 1);
        let numbers = tensor.and_then(|tensor| tensor.row(self.data, 0));
        numbers.ok_or_else(|| cut_off(name))
    }
}

impl Table {
    /// A row.
    pub(super) fn row(&self, row: usize) -> Result<Vec<f32>, ModelError> {
        self.tensor.row(self.data, row).ok_or_else(|| cut_off(self.name))
    }
}

impl Tensor {
    fn row(self, data: &[u8], row: usize) -> Option<Vec<f32>> {
        if row >= self.rows {
            return None;
        }
        if !self.whole {
            let start = self.at + row * self.columns * 4;
            return floats(data.get(start..start + self.columns * 4)?);
        }
        let start = self.at + row * self.columns;
        let scale_at = self.at + self.rows * self.columns + row * 4;
        let scale = *floats(data.get(scale_at..scale_at + 4)?)?.first()?;
        let whole = data.get(start..start + self.columns)?;
        Some(whole.iter().map(|byte| f32::from(byte.cast_signed()) * scale).collect())
    }
}

fn floats(bytes: &[u8]) -> Option<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
}

fn cut_off(name: &str) -> ModelError {
    ModelError(format!("{name} is cut off or missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(description: &str, data: &[u8]) -> &'static [u8] {
        let length = u32::try_from(description.len()).unwrap().to_le_bytes();
        [MARK, &length, description.as_bytes(), data].concat().leak()
    }

    #[test]
    fn whole_numbers_are_read_with_the_scale_of_their_row() {
        let data = [&[1_u8, 255, 2, 3][..], &0.5_f32.to_le_bytes(), &2.0_f32.to_le_bytes()].concat();
        let description =
            r#"{"words": ["a"], "tensors": {"m": {"rows": 2, "columns": 2, "whole": true, "at": 0}}}"#;
        let (weights, words) = Weights::open(file(description, &data)).unwrap();
        assert_eq!(words, ["a"]);
        assert_eq!(weights.transposed("m").unwrap(), ndarray::array![[0.5, 4.0], [-0.5, 6.0]]);
        assert_eq!(weights.table("m").unwrap().row(1).unwrap(), [4.0, 6.0]);
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let description =
            r#"{"words": [], "tensors": {"m": {"rows": 1, "columns": 2, "whole": false, "at": 0}}}"#;
        let (weights, _) = Weights::open(file(description, &[0; 7])).unwrap();
        assert!(weights.list("m").is_err());
        assert!(weights.table("m").is_err());
        assert!(Weights::open(b"PATCHEMB").is_err());
        assert!(Weights::open(b"something").is_err());
    }
}
