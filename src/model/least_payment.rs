//! The least that a contract has paid out. A smaller balance is carried over to the next statement.

use serde::{Deserialize, Serialize};

/// The most digits after the point: no currency has a smaller minor unit.
const DIGITS: usize = 3;

/// How many parts a unit has.
const PER_UNIT: u64 = 1_000;

/// The most units.
const MOST_UNITS: u64 = 1_000_000;

/// A least payment in thousandths of a unit of the account's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeastPayment(pub u64);

impl LeastPayment {
    /// Reads an amount such as `50` or `50.00`; otherwise what is allowed.
    ///
    /// # Errors
    /// When the text is no amount, or too large.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "write an amount in the currency of the artist's account, such as 50.00, with {DIGITS} digits after the \
                 point at most and no more than {MOST_UNITS}"
            )
        };
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > DIGITS {
            return Err(wrong());
        }
        let whole = whole.parse::<u64>().ok().filter(|units| *units <= MOST_UNITS).ok_or_else(wrong)?;
        let fraction = format!("{fraction:0<DIGITS$}").parse::<u64>().map_err(|_| wrong())?;
        Ok(Self(whole * PER_UNIT + fraction))
    }

    /// It as it is written in the form: `50.00`.
    pub fn text(self) -> String {
        let fraction = format!("{:0>DIGITS$}", self.0 % PER_UNIT);
        let shown = fraction.strip_suffix('0').unwrap_or(&fraction);
        format!("{}.{shown}", self.0 / PER_UNIT)
    }

    /// It in minor units of so many digits. What is finer than a minor unit is rounded up: less is not enough.
    pub fn in_minor_units(self, digits: u32) -> u64 {
        let finer = DIGITS.saturating_sub(usize::try_from(digits).unwrap_or(DIGITS));
        let per_minor = (0..finer).fold(1_u64, |parts, _| parts * 10);
        self.0.div_ceil(per_minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_exactly_and_shown_again() {
        for (text, shown) in
            [("50", "50.00"), (" 50.5 ", "50.50"), ("0.125", "0.125"), ("1000000", "1000000.00")]
        {
            assert_eq!(LeastPayment::read(text).map(LeastPayment::text).as_deref(), Ok(shown), "{text}");
        }
        for text in ["", "-1", "1,000", "50.0001", ".5", "5.", "USD 50", "1000001"] {
            assert!(LeastPayment::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_finer_than_a_minor_unit_is_rounded_up() {
        let least = LeastPayment(50_125);
        assert_eq!([3, 2, 0].map(|digits| least.in_minor_units(digits)), [50_125, 5_013, 51]);
    }
}
