//! Places among events and in lists, and the opaque tokens they travel in.

use super::error::LogsError;

/// A place between events in the order of time; events of one time are in the order they came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// The time of the event beside it, in milliseconds since 1970.
    pub(crate) timestamp: i64,
    /// The number of that event.
    pub(crate) number: i64,
}

impl Position {
    /// Before all events.
    pub(crate) const START: Self = Self { timestamp: 0, number: 0 };
    /// After all events.
    pub(crate) const END: Self = Self { timestamp: i64::MAX, number: i64::MAX };

    /// As a token.
    pub(crate) fn token(self) -> String {
        format!("{:016x}{:016x}", self.timestamp, self.number)
    }

    /// The position that a token names.
    pub(crate) fn of_token(token: &str) -> Result<Self, LogsError> {
        let number = |digits: Option<&str>| {
            let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            i64::from_str_radix(digits, 16).ok()
        };
        match (token.len(), number(token.get(..16)), number(token.get(16..))) {
            (32, Some(timestamp), Some(number)) => Ok(Self { timestamp, number }),
            _ => Err(invalid_token()),
        }
    }
}

/// The token for what comes after the item of this name in a list.
pub(crate) fn token_of_name(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The name in such a token.
pub(crate) fn name_of_token(token: &str) -> Result<String, LogsError> {
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let digits = std::str::from_utf8(pair)
                .ok()
                .filter(|digits| digits.len() == 2 && !digits.starts_with('+'))?;
            u8::from_str_radix(digits, 16).ok()
        })
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(invalid_token)
}

/// A token that this service did not make.
pub(crate) fn invalid_token() -> LogsError {
    LogsError::invalid("the specified nextToken is invalid")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_token_is_refused() {
        for wrong in ["", "x", &"g".repeat(32), &"+".repeat(32), &"f".repeat(32), "ä"] {
            assert!(Position::of_token(wrong).is_err(), "{wrong}");
        }
        for wrong in ["a", "zz", "+1", "ff", "ä"] {
            assert!(name_of_token(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn tokens_lead_back(timestamp in 0_i64.., number in 0_i64.., name in "\\PC{0,20}") {
            let position = Position { timestamp, number };
            prop_assert_eq!(Position::of_token(&position.token()).unwrap(), position);
            prop_assert_eq!(name_of_token(&token_of_name(&name)).unwrap(), name);
        }
    }
}
