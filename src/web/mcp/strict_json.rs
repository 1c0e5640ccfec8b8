//! JSON without two fields of one name, so that nobody can read a message in two ways.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// A text that was looked at, and found to be strict JSON.
pub(super) struct Strict;

/// The beginning of the message for a name that is there twice.
const TWICE: &str = "the field is there twice: ";

impl Strict {
    /// Looks at a text.
    pub(super) fn check(text: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }

    /// Whether the text is JSON, but has a field twice.
    pub(super) fn is_repetition(error: &serde_json::Error) -> bool {
        error.to_string().starts_with(TWICE)
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Strict, A::Error> {
        let mut names: HashSet<String> = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if names.contains(&name) {
                return Err(de::Error::custom(format!("{TWICE}{name}")));
            }
            names.insert(name);
            fields.next_value::<Strict>()?;
        }
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        while items.next_element::<Strict>()?.is_some() {}
        Ok(Strict)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn a_field_that_is_there_twice_is_found_at_any_depth() {
        assert!(Strict::check(br#"{"a":{"b":[1,{"c":null,"d":"x"}]},"b":2.5}"#).is_ok());
        for text in [r#"{"a":1,"a":2}"#, r#"{"x":[{"a":1,"b":2,"a":1}]}"#, r#"{"a":1,"\u0061":2}"#] {
            let error = Strict::check(text.as_bytes()).err();
            assert!(error.is_some_and(|error| Strict::is_repetition(&error)), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_from_a_repetition() {
        let error = Strict::check(b"{\"a\":").err();
        assert!(error.is_some_and(|error| !Strict::is_repetition(&error)));
        assert!(Strict::check("[".repeat(10_000).as_bytes()).is_err());
    }

    #[test]
    fn fuzz_strict_json() {
        let seeds: [&[u8]; 4] = [
            br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"a":[1,{"b":null}]}}}"#,
            br#"{"a":1,"\u0061":2}"#,
            br#"[true,false,-1.5e3,"\ud83c\udfb5",{}]"#,
            b" \n{\"a\":{}}\t",
        ];
        fuzzing::bytes(500, &seeds, &["{\"a\":", "\"a\":1,", "\\u0061", "{}", "}", "]"], |text| {
            let value = serde_json::from_slice::<serde_json::Value>(text);
            match Strict::check(text) {
                Ok(_) => assert!(value.is_ok(), "what passes here can be read"),
                Err(error) if Strict::is_repetition(&error) => {}
                Err(_) => assert!(value.is_err(), "what can be read is refused for a repetition only"),
            }
            if let Ok(serde_json::Value::Object(fields)) = &value
                && let Some((name, field)) = fields.iter().next()
            {
                let name = serde_json::Value::from(name.as_str());
                let twice = format!("{{{name}:{field},{name}:{field}}}");
                let refused = Strict::check(twice.as_bytes()).err();
                assert!(refused.is_some_and(|error| Strict::is_repetition(&error)), "{twice}");
            }
        });
    }
}
