//! What calls of models take: tokens and dollars.

use crate::model::money::MicroDollars;
use serde::{Deserialize, Serialize};

/// What calls of models have taken.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spent {
    /// Tokens that models have read.
    pub input_tokens: u64,
    /// Tokens that they have written.
    pub output_tokens: u64,
    /// What that cost, in millionths of a US dollar.
    pub micro_dollars: u64,
}

impl Spent {
    /// Adds what something else has taken.
    pub fn add(&mut self, other: Spent) {
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
        self.micro_dollars = self.micro_dollars.saturating_add(other.micro_dollars);
    }

    /// What was taken beyond what had been before; never less than nothing.
    #[must_use]
    pub fn since(self, before: Spent) -> Self {
        Self {
            input_tokens: self.input_tokens.saturating_sub(before.input_tokens),
            output_tokens: self.output_tokens.saturating_sub(before.output_tokens),
            micro_dollars: self.micro_dollars.saturating_sub(before.micro_dollars),
        }
    }

    /// Tokens that were read or written.
    pub fn tokens(self) -> u64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }

    /// Whether nothing was taken.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// It, where something was taken.
    pub fn or_none(self) -> Option<Self> {
        (!self.is_nothing()).then_some(self)
    }

    /// `US$0.0123 for 1,200 tokens read and 300 written`.
    pub fn in_words(self) -> String {
        let (read, written) = (with_commas(self.input_tokens), with_commas(self.output_tokens));
        let tokens = format!("{read} tokens read and {written} written");
        match self.micro_dollars {
            0 => format!("{tokens}, free of charge"),
            micros => format!("{} for {tokens}", MicroDollars(micros)),
        }
    }
}

/// All digits, in groups of three.
fn with_commas(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_added_up_and_told_with_its_units() {
        let mut sum = Spent { input_tokens: 1_200, output_tokens: 300, micro_dollars: 12_300 };
        assert_eq!(sum.in_words(), "US$0.0123 for 1,200 tokens read and 300 written");
        sum.add(Spent { input_tokens: 1, output_tokens: 2, micro_dollars: 3 });
        assert_eq!((sum.tokens(), sum.micro_dollars), (1_503, 12_303));
        assert_eq!(sum.since(sum).or_none(), None);
        let free = Spent { input_tokens: 12, ..Spent::default() };
        assert_eq!(free.in_words(), "12 tokens read and 0 written, free of charge");
    }
}
