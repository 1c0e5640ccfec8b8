//! The pure systems of check characters that ISO 7064 describes, as far as music uses them.

/// The check character by MOD 37,36 of letters and digits (`GRid`, DPID); none where something else is among them.
pub(super) fn mod_37_36(body: &str) -> Option<char> {
    let mut product = 36;
    for character in body.chars() {
        let value = character.to_digit(36)?;
        let sum = (product + value) % 36;
        product = if sum == 0 { 36 } else { sum } * 2 % 37;
    }
    char::from_digit((37 - product) % 36, 36).map(|check| check.to_ascii_uppercase())
}

/// The check character by MOD 11-2 of digits (ISNI), 10 written as X; none where something else is among them.
pub(super) fn mod_11_2(body: &str) -> Option<char> {
    let mut total = 0;
    for character in body.chars() {
        total = (total + character.to_digit(10)?) * 2 % 11;
    }
    match (12 - total) % 11 {
        10 => Some('X'),
        digit => char::from_digit(digit, 10),
    }
}

/// The check digit of nine digits, each with the weight of its place, from a sum to begin with (ISWC begins with
/// 1, IPI base numbers with 2); none where something else is among them.
pub(super) fn weighted(body: &str, begin: u32) -> Option<char> {
    let mut total = begin;
    for (weight, character) in (1..).zip(body.chars()) {
        total += weight * character.to_digit(10)?;
    }
    char::from_digit((10 - total % 10) % 10, 10)
}

/// The two check digits of an IPI name number (MOD 101 of nine digits); none where something else is among them.
pub(super) fn mod_101(body: &str) -> Option<String> {
    let mut total = 0;
    for (weight, character) in (2..=u32::MAX).zip(body.chars().rev()) {
        total += weight * character.to_digit(10)?;
    }
    Some(format!("{:02}", (101 - total % 101) % 101 % 100))
}
