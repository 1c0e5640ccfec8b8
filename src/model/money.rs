//! US dollars, exact to a millionth: prices of models are fractions of a cent.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How many millionths a dollar has.
const PER_DOLLAR: u64 = 1_000_000;

/// How many digits a fraction may have.
const DIGITS: usize = 6;

/// The most that can be written down: sums of several such amounts still fit a number of `DynamoDB` and of
/// the processor.
const MOST_DOLLARS: u64 = 1_000_000_000;

/// An amount in millionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroDollars(pub u64);

impl MicroDollars {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// What is left of it after something was taken; never less than nothing.
    #[must_use]
    pub fn less(self, taken: Self) -> Self {
        Self(self.0.saturating_sub(taken.0))
    }
}

/// A text that is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an amount in US dollars such as 5 or 0.25 is allowed, with six digits after the point at most")]
pub struct NoAmount;

impl FromStr for MicroDollars {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > DIGITS {
            return Err(NoAmount);
        }
        let whole = whole.parse::<u64>().ok().filter(|dollars| *dollars <= MOST_DOLLARS).ok_or(NoAmount)?;
        let fraction = format!("{fraction:0<DIGITS$}").parse::<u64>().map_err(|_| NoAmount)?;
        Ok(Self(whole * PER_DOLLAR + fraction))
    }
}

/// `US$5.00`, and as many further digits as there are.
impl fmt::Display for MicroDollars {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, micros) = (self.0 / PER_DOLLAR, self.0 % PER_DOLLAR);
        let fraction = format!("{micros:0>DIGITS$}");
        let (cents, rest) = fraction.split_at(2);
        write!(formatter, "US${dollars}.{cents}{}", rest.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_exactly() {
        for (text, micros) in [
            ("5", 5_000_000),
            ("0", 0),
            ("0.25", 250_000),
            ("0.000001", 1),
            ("12.345678", 12_345_678),
            ("1000000000", 1_000_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(MicroDollars(micros)), "{text}");
        }
        for text in ["", ".5", "5.", "-1", "+1", "1e3", "1,5", "0.0000001", "1000000001", "1 ", "٣"] {
            assert_eq!(text.parse::<MicroDollars>(), Err(NoAmount), "{text}");
        }
    }

    #[test]
    fn cents_are_always_told_and_further_digits_where_there_are_some() {
        let told = |micros| MicroDollars(micros).to_string();
        assert_eq!(told(5_000_000), "US$5.00");
        assert_eq!(told(1_230_000), "US$1.23");
        assert_eq!(told(12_500), "US$0.0125");
        assert_eq!(told(1), "US$0.000001");
        assert_eq!(told(0), "US$0.00");
    }

    #[test]
    fn nothing_is_ever_less_than_nothing() {
        assert_eq!(MicroDollars(3).less(MicroDollars(5)), MicroDollars::ZERO);
    }
}
