//! How much memory one query may hold: rows that wait to be sorted, groups, different values, the result.
//!
//! Counting rows alone would not do, since one message may have a mebibyte.

use super::execution::ExecutionError;
use super::value::Value;

/// The most bytes of one query.
pub(super) const MOST_BYTES: usize = 256 * 1024 * 1024;

/// What a value, a key or a row takes beside its text: about what the collections around it need.
const OVERHEAD: usize = 64;

/// What a query may still hold.
#[derive(Debug)]
pub(super) struct Memory {
    left: usize,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: bytes }
    }

    /// Takes so many bytes of text into account.
    pub(super) fn hold(&mut self, bytes: usize) -> Result<(), ExecutionError> {
        let bytes = bytes + OVERHEAD;
        self.left = self.left.checked_sub(bytes).ok_or(ExecutionError::OutOfMemory)?;
        Ok(())
    }

    /// Takes a number into account that lies beside others of its kind.
    pub(super) fn hold_number(&mut self) -> Result<(), ExecutionError> {
        self.left = self.left.checked_sub(size_of::<f64>()).ok_or(ExecutionError::OutOfMemory)?;
        Ok(())
    }

    /// What was held is let go.
    pub(super) fn let_go(&mut self, bytes: usize) {
        self.left = self.left.saturating_add(bytes + OVERHEAD);
    }
}

/// The bytes of text in some values, and the space of the values themselves.
pub(super) fn size_of_values(values: &[Value]) -> usize {
    let text = |value: &Value| if let Value::Text(text) = value { text.len() } else { 0 };
    values.iter().map(text).sum::<usize>() + size_of_val(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_let_go_can_be_held_again() {
        let mut memory = Memory::new(1000);
        assert_eq!(memory.hold(900), Ok(()));
        assert_eq!(memory.hold(100), Err(ExecutionError::OutOfMemory));
        memory.let_go(900);
        assert_eq!(memory.hold(900), Ok(()));
    }
}
