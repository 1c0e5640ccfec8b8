//! The file that `scripts/embedding-model.py` writes: words and tensors.

use std::collections::HashMap;

use half::f16;
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};
use ndarray::Array2;
use serde::Deserialize;

const MARK: &[u8] = b"PATCHEMB";
/// The bytes of a number.
const BYTES: usize = 2;

/// Why a model cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the embedding model cannot be used ({0}); run scripts/embeddings and build again")]
pub(super) struct ModelError(pub(super) String);

#[derive(Deserialize)]
struct Description {
    /// One a line.
    words: String,
    tensors: HashMap<String, Tensor>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Tensor {
    rows: usize,
    columns: usize,
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
    /// Opens a file; gives its words, one a line, beside the tensors.
    pub(super) fn open(file: &'static [u8]) -> Result<(Self, String), ModelError> {
        let broken = |what: &str| ModelError(what.to_owned());
        let rest = file.strip_prefix(MARK).ok_or_else(|| broken("it is of another form"))?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(|| broken("it is cut off"))?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (description, data) = rest.split_at_checked(length).ok_or_else(|| broken("it is cut off"))?;
        let description: Description =
            serde_json::from_slice(description).map_err(|error| broken(&error.to_string()))?;
        Ok((Self { tensors: description.tensors, data }, description.words))
    }

    /// Whether all that it describes is there.
    pub(super) fn is_whole(&self) -> bool {
        let end = |tensor: &Tensor| tensor.at + tensor.rows * tensor.columns * BYTES;
        self.tensors.values().all(|tensor| end(tensor) <= self.data.len())
    }

    /// A table.
    pub(super) fn table(&self, name: &'static str) -> Result<Table, ModelError> {
        let table = Table { name, tensor: self.tensor(name)?, data: self.data };
        if table.tensor.rows > 0 {
            table.row(table.tensor.rows - 1)?;
        }
        Ok(table)
    }

    /// A whole matrix, with rows and columns exchanged.
    pub(super) fn transposed(&self, name: &str) -> Result<Array2<f32>, ModelError> {
        let tensor = self.tensor(name)?;
        let numbers = tensor.numbers(self.data, 0, tensor.rows).ok_or_else(|| cut_off(name))?;
        let matrix = Array2::from_shape_vec((tensor.rows, tensor.columns), numbers);
        matrix.map(Array2::reversed_axes).map_err(|error| ModelError(format!("{name}: {error}")))
    }

    /// A list of numbers.
    pub(super) fn list(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensor(name)?;
        tensor.numbers(self.data, 0, 1).filter(|_| tensor.rows == 1).ok_or_else(|| cut_off(name))
    }

    fn tensor(&self, name: &str) -> Result<Tensor, ModelError> {
        self.tensors.get(name).copied().ok_or_else(|| ModelError(format!("it has no {name}")))
    }
}

impl Table {
    /// A row.
    pub(super) fn row(&self, row: usize) -> Result<Vec<f32>, ModelError> {
        self.tensor.numbers(self.data, row, 1).ok_or_else(|| cut_off(self.name))
    }
}

impl Tensor {
    /// The numbers of some rows.
    fn numbers(self, data: &[u8], row: usize, rows: usize) -> Option<Vec<f32>> {
        if row + rows > self.rows {
            return None;
        }
        let start = self.at + row * self.columns * BYTES;
        widen(data.get(start..start + rows * self.columns * BYTES)?)
    }
}

/// Numbers of two bytes (little-endian) as numbers of four. Copied as a whole and widened by a library:
/// the millions of a model would take a debug build seconds one by one.
pub(super) fn widen(bytes: &[u8]) -> Option<Vec<f32>> {
    let mut halves = vec![0_u16; bytes.len() / BYTES];
    let place: &mut [u8] = bytemuck::cast_slice_mut(&mut halves);
    if place.len() != bytes.len() || cfg!(target_endian = "big") {
        return None;
    }
    place.copy_from_slice(bytes);
    Some(halves.reinterpret_cast::<f16>().to_f32_vec())
}

fn cut_off(name: &str) -> ModelError {
    ModelError(format!("{name} is cut off or missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as the file has them.
    fn narrow(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| f16::from_f32(*number).to_le_bytes()).collect()
    }

    fn file(description: &str, data: &[u8]) -> &'static [u8] {
        let length = u32::try_from(description.len()).unwrap().to_le_bytes();
        [MARK, &length, description.as_bytes(), data].concat().leak()
    }

    #[test]
    fn tensors_are_read_by_row_or_whole() {
        let data = narrow(&[0.5, -0.5, 4.0, 6.0]);
        let description = r#"{"words": "a\nb", "tensors": {"m": {"rows": 2, "columns": 2, "at": 0}}}"#;
        let (weights, words) = Weights::open(file(description, &data)).unwrap();
        assert_eq!(words, "a\nb");
        assert!(weights.is_whole());
        assert_eq!(weights.transposed("m").unwrap(), ndarray::array![[0.5, 4.0], [-0.5, 6.0]]);
        assert_eq!(weights.table("m").unwrap().row(1).unwrap(), [4.0, 6.0]);
        assert!(weights.table("m").unwrap().row(2).is_err());
        assert!(weights.list("m").is_err());
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let description = r#"{"words": "", "tensors": {"m": {"rows": 1, "columns": 2, "at": 0}}}"#;
        let (weights, _) = Weights::open(file(description, &[0; 3])).unwrap();
        assert!(!weights.is_whole());
        assert!(weights.list("m").is_err());
        assert!(weights.table("m").is_err());
        assert!(Weights::open(b"PATCHEMB").is_err());
        assert!(Weights::open(b"something").is_err());
    }
}
