//! E-mail addresses, as accounts are told apart by them.

use super::IdentityError;

/// The longest address that mail knows (RFC 5321).
const LONGEST: usize = 254;

/// An address in the form in which it is compared: without blanks around it, in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EmailAddress(String);

impl EmailAddress {
    /// What somebody typed, if it can be an address.
    pub(super) fn parse(text: &str) -> Result<Self, IdentityError> {
        let address = compared(text);
        let parts = address.rsplit_once('@');
        let has_parts = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
        if has_parts && plain && address.len() <= LONGEST {
            return Ok(Self(address));
        }
        Err(IdentityError::Unsuitable {
            field: "email",
            reason: "is not an e-mail address such as ana@label.example".to_owned(),
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text in the form in which addresses are compared, whether it is one or not.
pub(super) fn compared(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn an_address_is_the_same_however_it_is_typed() {
        assert_eq!(EmailAddress::parse(" Ana@Label.Example ").unwrap().as_str(), "ana@label.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "ana", "@label.example", "ana@", "a b@label.example", "ana@label\n.example"] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@b.example", "a".repeat(260))).is_err());
    }

    #[test]
    fn fuzz_email_address() {
        let seeds = [" Ana@Label.Example ", "a@b", "\"a b\"@label.example", "İ@ΑΣ.example"];
        fuzzing::text(500, &seeds, &["@", " ", "\t", "Σ", "\u{130}"], |text| {
            let Ok(address) = EmailAddress::parse(text) else { return };
            let compared = address.as_str();
            assert!(compared.len() <= LONGEST && compared.contains('@'));
            assert!(!compared.chars().any(|c| c.is_whitespace() || c.is_control()), "{compared:?}");
            let again = EmailAddress::parse(compared).ok();
            assert_eq!(again, Some(address), "an account is found by what it is kept under");
        });
    }
}
