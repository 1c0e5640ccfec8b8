//! GTIN, the number that names one product: UPC-A of 12 digits, EAN-13 of 13 (GS1 General Specifications).

use std::fmt;
use std::str::FromStr;

/// Digits of the longer form; the shorter one is this with a leading zero left out.
const LENGTH: usize = 13;

/// The number of a product, as UPC-A or EAN-13, with a right check digit.
///
/// `036000291452` and `0036000291452` are one number in two forms, and therefore equal here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; LENGTH]);

/// Why a text is not a UPC or an EAN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Neither 12 nor 13 characters.
    #[error("a UPC has 12 digits and an EAN 13, this has {0} characters")]
    Length(usize),
    /// Something that is not a digit.
    #[error("character {position} of a UPC or EAN must be a digit, this has {found:?}")]
    Character {
        /// The place from 1.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// The last digit does not fit the others.
    #[error("the check digit of this UPC or EAN should be {expected}, this has {found}")]
    CheckDigit {
        /// The digit that the others require.
        expected: u8,
        /// The digit that was given.
        found: u8,
    },
}

impl Gtin {
    /// The number whose digits without the check digit are those of `body`: 11 for a UPC, 12 for an EAN.
    ///
    /// # Errors
    /// [`GtinError::Length`] with the length that the whole number would have had, and
    /// [`GtinError::Character`].
    pub fn from_body(body: &str) -> Result<Self, GtinError> {
        let mut digits = read_digits(&format!("{body}0"))?;
        digits[LENGTH - 1] = check_digit(&digits);
        Ok(Self(digits))
    }

    /// All 13 digits, with the leading zero of a UPC.
    pub fn ean13(&self) -> String {
        self.0.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// Whether it lies in a range that GS1 keeps for internal use (`02`, `04` and `20` to `29`): no product
    /// on the open market carries such a number.
    pub fn is_internal(&self) -> bool {
        matches!((self.0[0], self.0[1]), (0, 2 | 4) | (2, _))
    }
}

/// The check digit for the first twelve digits: weights 1, 3, 1 … from the left of thirteen digits, which
/// is 3, 1, 3 … from the right of the body; the digit fills the sum up to a multiple of ten.
fn check_digit(digits: &[u8; LENGTH]) -> u8 {
    let sum: u8 =
        digits[..LENGTH - 1].iter().zip([1, 3].into_iter().cycle()).map(|(d, weight)| d * weight).sum();
    (10 - sum % 10) % 10
}

/// The digits of a UPC or EAN, filled up on the left, whatever the check digit.
fn read_digits(text: &str) -> Result<[u8; LENGTH], GtinError> {
    let length = text.chars().count();
    if !(LENGTH - 1..=LENGTH).contains(&length) {
        return Err(GtinError::Length(length));
    }
    let mut digits = [0; LENGTH];
    for (index, found) in text.chars().enumerate() {
        let digit = found.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
        digits[LENGTH - length + index] = digit.ok_or(GtinError::Character { position: index + 1, found })?;
    }
    Ok(digits)
}

impl FromStr for Gtin {
    type Err = GtinError;

    fn from_str(text: &str) -> Result<Self, GtinError> {
        let digits = read_digits(text)?;
        let (expected, found) = (check_digit(&digits), digits[LENGTH - 1]);
        if expected == found { Ok(Self(digits)) } else { Err(GtinError::CheckDigit { expected, found }) }
    }
}

impl fmt::Display for Gtin {
    /// As a UPC of 12 digits where that is possible, else as an EAN of 13.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.ean13();
        formatter.write_str(all.strip_prefix('0').unwrap_or(&all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_numbers_of_real_products() {
        for number in ["036000291452", "4006381333931", "602445790098"] {
            assert_eq!(number.parse::<Gtin>().map(|gtin| gtin.to_string()), Ok(number.to_owned()));
        }
    }

    #[test]
    fn a_upc_is_an_ean_with_a_leading_zero() {
        assert_eq!("0036000291452".parse::<Gtin>(), "036000291452".parse::<Gtin>());
        assert_eq!("036000291452".parse::<Gtin>().unwrap().ean13(), "0036000291452");
    }

    #[test]
    fn says_which_check_digit_it_expected() {
        let error = "036000291453".parse::<Gtin>().unwrap_err();
        assert_eq!(error, GtinError::CheckDigit { expected: 2, found: 3 });
        assert_eq!(error.to_string(), "the check digit of this UPC or EAN should be 2, this has 3");
    }

    #[test]
    fn says_which_character_is_not_a_digit() {
        assert_eq!("03600029145X".parse::<Gtin>(), Err(GtinError::Character { position: 12, found: 'X' }));
        assert_eq!("12345678".parse::<Gtin>(), Err(GtinError::Length(8)));
    }

    #[test]
    fn completes_a_body_with_its_check_digit() {
        assert_eq!(Gtin::from_body("03600029145").unwrap().to_string(), "036000291452");
        assert_eq!(Gtin::from_body("400638133393").unwrap().to_string(), "4006381333931");
        assert_eq!(Gtin::from_body("1"), Err(GtinError::Length(2)));
    }

    #[test]
    fn knows_numbers_for_internal_use() {
        assert!(Gtin::from_body("20000000101").unwrap().is_internal());
        assert!(Gtin::from_body("200000000001").unwrap().is_internal());
        assert!(!"036000291452".parse::<Gtin>().unwrap().is_internal());
        assert!(!"4006381333931".parse::<Gtin>().unwrap().is_internal());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(body in "[0-9]{11,12}") {
            let gtin = Gtin::from_body(&body).unwrap();
            prop_assert_eq!(gtin.to_string().parse(), Ok(gtin));
            prop_assert_eq!(gtin.ean13().parse(), Ok(gtin));
        }

        #[test]
        fn every_change_of_one_digit_is_noticed(body in "[0-9]{11,12}", at in 0_usize..13, by in 1_u8..10) {
            let mut number = Gtin::from_body(&body).unwrap().ean13().into_bytes();
            number[at] = b'0' + (number[at] - b'0' + by) % 10;
            let changed = String::from_utf8(number).unwrap();
            let noticed = matches!(changed.parse::<Gtin>(), Err(GtinError::CheckDigit { .. }));
            prop_assert!(noticed, "{changed} was accepted");
        }

        #[test]
        fn any_text_is_answered_without_panic(text in "\\PC{0,16}") {
            let _ = text.parse::<Gtin>();
        }
    }
}
