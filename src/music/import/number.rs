//! Numbers as exports write them: with points or commas, grouped or not, exact.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The sign before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

/// A text that is no number of the kind that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is no number.
    #[error("is no number")]
    None,
    /// A count that has a fraction.
    #[error("is no whole number")]
    Fraction,
    /// A count below zero.
    #[error("is below zero")]
    Negative,
    /// More than any count can be.
    #[error("is larger than any figure can be")]
    TooLarge,
    /// `1,234` where nobody knows whether that is more than a thousand.
    #[error("can be read in two ways; say whether the comma or the point stands before the fraction")]
    Ambiguous,
}

/// The most that a count can be, as the tool `record_analytics` has it.
pub const MOST: u64 = 1_000_000_000_000;

/// The most digits of an exact number.
const MOST_DIGITS: usize = 30;

/// The most digits after the point.
const MOST_SCALE: u32 = 18;

/// A count: whole, not below zero. Points, commas, blanks and apostrophes group its digits.
///
/// # Errors
/// When the text is no such number.
pub fn count(text: &str) -> Result<u64, NumberError> {
    let (negative, digits) = signed(text)?;
    let number = if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().map_err(|_| NumberError::TooLarge)?
    } else {
        grouped(&digits)?
    };
    match number {
        number if number > MOST => Err(NumberError::TooLarge),
        0 => Ok(0),
        _ if negative => Err(NumberError::Negative),
        number => Ok(number),
    }
}

/// The number of digits in groups of three, or with a fraction of zeros.
fn grouped(digits: &str) -> Result<u64, NumberError> {
    let parts: Vec<&str> = digits.split(['.', ',']).collect();
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(NumberError::None);
    }
    let joined = |parts: &[&str]| parts.concat().parse().map_err(|_| NumberError::TooLarge);
    let groups = |parts: &[&str]| parts[0].len() <= 3 && parts[1..].iter().all(|part| part.len() == 3);
    if groups(&parts) {
        return joined(&parts);
    }
    let (last, whole) = parts.split_last().ok_or(NumberError::None)?;
    let is_whole = whole.len() == 1 || groups(whole);
    if is_whole && last.bytes().all(|digit| digit == b'0') {
        joined(whole)
    } else {
        Err(NumberError::Fraction)
    }
}

/// Takes sign, blanks, apostrophes and signs of currencies away. Numbers in brackets are below zero.
fn signed(text: &str) -> Result<(bool, String), NumberError> {
    const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '\u{20a9}'];
    let kept = |c: &char| !c.is_whitespace() && !CURRENCIES.contains(c) && !matches!(c, '\'' | '’');
    let text: String = text.chars().filter(kept).collect();
    let in_brackets = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let (negative, rest) = match in_brackets {
        Some(inside) => (true, inside),
        None => match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(&text)),
        },
    };
    if rest.is_empty() { Err(NumberError::None) } else { Ok((negative, rest.to_owned())) }
}

/// An exact number: a whole one of parts of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// All digits.
    pub mantissa: i128,
    /// How many of them stand after the point.
    pub scale: u32,
}

impl Decimal {
    /// Reads an amount. Without a mark it says so where the text can be read in two ways.
    ///
    /// # Errors
    /// When it is no number, or could be two.
    pub fn read(text: &str, mark: Option<Mark>) -> Result<Self, NumberError> {
        let (negative, digits) = signed(text)?;
        let lower = digits.to_ascii_lowercase();
        let (digits, exponent) = match lower.split_once('e') {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().map_err(|_| NumberError::None)?),
            None => (lower.as_str(), 0),
        };
        let mark = match mark {
            Some(mark) => mark,
            None if exponent != 0 => Mark::Point,
            None => match shape(digits) {
                Shape::Plain => Mark::Point,
                Shape::Marked(mark) => mark,
                Shape::Either => return Err(NumberError::Ambiguous),
            },
        };
        let (fraction_sign, group_sign) = match mark {
            Mark::Point => ('.', ','),
            Mark::Comma => (',', '.'),
        };
        let (whole, fraction) = digits.split_once(fraction_sign).unwrap_or((digits, ""));
        let groups: Vec<&str> = whole.split(group_sign).collect();
        let well_grouped = groups.len() == 1
            || (groups[0].len() <= 3 && !groups[0].is_empty() && groups[1..].iter().all(|g| g.len() == 3));
        let all = format!("{}{fraction}", groups.concat());
        if !well_grouped || all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberError::None);
        }
        if all.len() > MOST_DIGITS || exponent.unsigned_abs() > MOST_SCALE {
            return Err(NumberError::TooLarge);
        }
        let mantissa: i128 = all.parse().map_err(|_| NumberError::TooLarge)?;
        let scale = i32::try_from(fraction.len()).unwrap_or(i32::MAX) - exponent;
        let (mantissa, scale) = match u32::try_from(scale) {
            Ok(scale) => (mantissa, scale),
            Err(_) => (mantissa * 10_i128.pow(scale.unsigned_abs()), 0),
        };
        let found = Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.shortened();
        if found.scale > MOST_SCALE { Err(NumberError::TooLarge) } else { Ok(found) }
    }

    /// Without zeros at the end.
    fn shortened(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The sum of both; none where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let at = |number: Self| number.mantissa.checked_mul(10_i128.checked_pow(scale - number.scale)?);
        Some(Self { mantissa: at(self)?.checked_add(at(other)?)?, scale }.shortened())
    }

    /// In units of so many digits after the point, rounded half away from zero; none where that does not fit.
    pub fn in_minor_units(self, digits: u32) -> Option<i64> {
        if self.scale <= digits {
            let factor = 10_i128.checked_pow(digits - self.scale)?;
            return i64::try_from(self.mantissa.checked_mul(factor)?).ok();
        }
        let divisor = 10_i128.checked_pow(self.scale - digits)?;
        let rounded = (self.mantissa.abs() + divisor / 2) / divisor * self.mantissa.signum();
        i64::try_from(rounded).ok()
    }
}

/// With a point and without grouping, as it is kept.
impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let width = self.scale as usize + 1;
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let point = if fraction.is_empty() { "" } else { "." };
        write!(formatter, "{sign}{whole}{point}{fraction}")
    }
}

/// What the signs of a number tell of the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Digits only.
    Plain,
    /// It can only be read with this mark.
    Marked(Mark),
    /// `1,234`: it can be read with both.
    Either,
}

/// What the signs of a number tell of the mark.
pub(super) fn shape(text: &str) -> Shape {
    let last = text.rfind(['.', ',']);
    let Some(last) = last else { return Shape::Plain };
    let sign = text[last..].chars().next().unwrap_or('.');
    let (as_fraction, as_group) =
        if sign == ',' { (Mark::Comma, Mark::Point) } else { (Mark::Point, Mark::Comma) };
    let before = &text[..last];
    let digits_after = text.len() - last - 1;
    let other = if sign == ',' { '.' } else { ',' };
    if before.contains(other) {
        return Shape::Marked(as_fraction);
    }
    if before.contains(sign) {
        return Shape::Marked(as_group);
    }
    let first = before.trim_start_matches(['-', '+', '(']);
    if digits_after != 3 || first.len() > 3 || first.is_empty() || first == "0" {
        Shape::Marked(as_fraction)
    } else {
        Shape::Either
    }
}
