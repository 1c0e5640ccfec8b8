//! A value of a field: numbers and texts that read as each other, as in logs they often do.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::calendar;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// There is no such field, or nothing could be computed.
    Missing,
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A time in milliseconds since 1970: a number for comparisons, a date for people.
    Time(i64),
    /// What a comparison says, or `true` and `false` of JSON; written `1` and `0`.
    Boolean(bool),
}

impl Value {
    /// A whole number.
    #[expect(clippy::cast_precision_loss, reason = "counts and milliseconds stay below 2⁵³")]
    pub(crate) fn integer(number: i64) -> Self {
        Self::Number(number as f64)
    }

    /// A number, or nothing where a computation has no result, such as a division by zero.
    pub(crate) fn finite(number: f64) -> Self {
        // Adding zero turns a negative zero into zero, which is written differently and is the same.
        if number.is_finite() { Self::Number(number + 0.0) } else { Self::Missing }
    }

    /// Whether there is a value.
    pub(crate) fn is_present(&self) -> bool {
        *self != Self::Missing
    }

    /// As a number, if it reads as one.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds stay below 2⁵³")]
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Missing => None,
            Self::Number(number) => Some(*number),
            Self::Text(text) => number_in(text),
            Self::Time(time) => Some(*time as f64),
            Self::Boolean(is_true) => Some(f64::from(u8::from(*is_true))),
        }
    }

    /// As text, if there is a value.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Missing => None,
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Time(time) => Some(Cow::Owned(calendar::written(*time))),
            Self::Boolean(is_true) => Some(Cow::Borrowed(if *is_true { "1" } else { "0" })),
        }
    }

    /// Whether a filter lets it through.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Missing => false,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => {
                text.eq_ignore_ascii_case("true") || number_in(text).is_some_and(|n| n != 0.0)
            }
            Self::Time(_) => true,
            Self::Boolean(is_true) => *is_true,
        }
    }

    /// The order of two values: as numbers if both read as one, else as texts. None when one is
    /// missing.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if let (Some(left), Some(right)) = (self.number(), other.number()) {
            return left.partial_cmp(&right);
        }
        if let (Self::Boolean(is_true), Self::Text(text)) | (Self::Text(text), Self::Boolean(is_true)) =
            (self, other)
            && let Ok(written) = text.to_ascii_lowercase().parse::<bool>()
        {
            let order = is_true.cmp(&written);
            return Some(if matches!(self, Self::Boolean(_)) { order } else { order.reverse() });
        }
        Some(self.text()?.cmp(&other.text()?))
    }

    /// The order in a sorted result, as the page about `sort` in the user guide has it: texts before
    /// numbers, and texts in their natural order. A missing value comes before all others.
    pub(crate) fn rank(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => match (self.text(), other.text()) {
                (Some(left), Some(right)) => natural(&left, &right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            },
        }
    }

    /// Appends what tells this value from all others, to compare groups by. A number and the same
    /// number as text are one.
    pub(crate) fn write_key(&self, key: &mut Vec<u8>) {
        match self {
            Self::Missing => key.push(0),
            Self::Time(time) => {
                key.push(1);
                key.extend_from_slice(&time.to_le_bytes());
            }
            _ => {
                let text = self.text().unwrap_or_default();
                key.push(2);
                key.extend_from_slice(&text.len().to_le_bytes());
                key.extend_from_slice(text.as_bytes());
            }
        }
    }
}

/// The order of texts in which `take 2` comes before `take 10`: runs of digits are compared by their length
/// and then by their digits, everything else character by character.
fn natural(mut left: &str, mut right: &str) -> Ordering {
    loop {
        let (one, other) = (first_part(left), first_part(right));
        let by_length = if begins_with_digit(one) && begins_with_digit(other) {
            one.len().cmp(&other.len())
        } else {
            Ordering::Equal
        };
        let order = by_length.then_with(|| one.cmp(other));
        if order.is_ne() || one.is_empty() {
            return order;
        }
        left = left.get(one.len()..).unwrap_or_default();
        right = right.get(other.len()..).unwrap_or_default();
    }
}

/// The digits that a text begins with, or else its first character.
fn first_part(text: &str) -> &str {
    let end = if begins_with_digit(text) {
        text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len())
    } else {
        text.chars().next().map_or(0, char::len_utf8)
    };
    text.get(..end).unwrap_or_default()
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// The number that a text is, in digits: neither `inf` nor `NaN` nor the empty text.
fn number_in(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if begins_with_digit(unsigned) || unsigned.starts_with('.') { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn numbers_are_compared_as_numbers_wherever_they_come_from() {
        assert_eq!(text("9").compare(&Value::Number(10.0)), Some(Ordering::Less));
        assert_eq!(text("404").compare(&Value::Number(404.0)), Some(Ordering::Equal));
        assert_eq!(text("9a").compare(&text("10a")), Some(Ordering::Greater));
        assert_eq!(Value::Missing.compare(&text("a")), None);
    }

    #[test]
    fn truth_of_json_equals_its_word_and_its_number() {
        for same in [text("true"), Value::Number(1.0)] {
            assert_eq!(Value::Boolean(true).compare(&same), Some(Ordering::Equal));
        }
        assert_eq!(Value::Boolean(true).compare(&text("false")), Some(Ordering::Greater));
        assert_eq!(text("false").compare(&Value::Boolean(true)), Some(Ordering::Less));
    }

    #[test]
    fn words_are_not_numbers() {
        for word in ["", "inf", "NaN", "nan", "-inf", "infinity", "."] {
            assert_eq!(text(word).number(), None, "{word}");
        }
        assert_eq!(text("-1.5e3").number(), Some(-1500.0));
    }

    #[test]
    fn whole_numbers_are_written_without_a_fraction() {
        assert_eq!(Value::integer(42).text().as_deref(), Some("42"));
        assert_eq!(Value::Number(0.5).text().as_deref(), Some("0.5"));
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(Value::finite(-0.0).text().as_deref(), Some("0"));
    }

    #[test]
    fn sorting_puts_texts_before_numbers_and_takes_digits_in_texts_for_numbers() {
        let sorted = [
            Value::Missing,
            text(""),
            text("#1"),
            text("7-inch"),
            text("12-inch"),
            text("2026_"),
            text("@label"),
            text("Side B"),
            text("take 2"),
            text("take 10"),
            text("take 10b"),
            text("Ørsted"),
            text("-3"),
            Value::Number(0.5),
            text("2"),
            Value::Number(10.0),
        ];
        for (place, one) in sorted.iter().enumerate() {
            for (other_place, other) in sorted.iter().enumerate() {
                assert_eq!(one.rank(other), place.cmp(&other_place), "{one:?} and {other:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_order_of_a_sort_is_one(texts in prop::collection::vec("[0-2a.-é]{0,4}", 3)) {
            let [one, other, third] = [0, 1, 2].map(|place| text(&texts[place]));
            prop_assert_eq!(one.rank(&other), other.rank(&one).reverse());
            if one.rank(&other).is_le() && other.rank(&third).is_le() {
                prop_assert!(one.rank(&third).is_le());
            }
        }
    }

    #[test]
    fn a_number_and_its_text_are_one_group() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        Value::integer(7).write_key(&mut first);
        text("7").write_key(&mut second);
        assert_eq!(first, second);
    }
}
