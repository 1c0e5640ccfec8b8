//! What the address of the page says: the tool, its arguments, whether to run it at once.

use leptos_router::params::ParamsMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// The page's own path.
pub const PATH: &str = "/tools";
/// The longest address that the page writes, in characters. Servers and chat programs cut longer ones.
const LONGEST: usize = 6000;
/// What needs no encoding in a query (RFC 3986 §2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The query of the page's address.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// The chosen tool.
    pub tool: Option<String>,
    /// What the form is filled with.
    pub arguments: LinkedArguments,
    /// Run at once. Heeded only for tools that change nothing.
    pub run: bool,
}

/// The arguments in an address.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum LinkedArguments {
    /// The address has none.
    #[default]
    Absent,
    /// A JSON object.
    Given(Map<String, Value>),
    /// Something else.
    Broken,
}

impl Address {
    /// Reads the query.
    pub fn from_query(query: &ParamsMap) -> Self {
        let arguments = match query.get_str("arguments").filter(|text| !text.is_empty()) {
            None => LinkedArguments::Absent,
            Some(text) => serde_json::from_str(text).map_or(LinkedArguments::Broken, LinkedArguments::Given),
        };
        Self {
            tool: query.get("tool").filter(|name| !name.is_empty()),
            arguments,
            run: query.get_str("run").is_some_and(|run| run.is_empty() || run == "1" || run == "true"),
        }
    }

    /// The address at which a tool waits with an empty form.
    pub fn of_tool(tool: &str) -> String {
        format!("{PATH}?tool={}", utf8_percent_encode(tool, ENCODED))
    }

    /// The address that fills the form. Without the arguments when they are too long for an address.
    pub fn with_arguments(tool: &str, arguments: &Map<String, Value>) -> String {
        let short = Self::of_tool(tool);
        if arguments.is_empty() {
            return short;
        }
        let text = Value::Object(arguments.clone()).to_string();
        let long = format!("{short}&arguments={}", utf8_percent_encode(&text, ENCODED));
        if long.len() > LONGEST { short } else { long }
    }

    /// The address that runs the tool at once, when it changes nothing.
    pub fn to_run(tool: &str, arguments: &Map<String, Value>) -> String {
        format!("{}&run=1", Self::with_arguments(tool, arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(object) = value else { panic!("arguments are an object") };
        object
    }

    fn query(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    #[test]
    fn an_address_names_the_tool_and_its_arguments() {
        assert_eq!(
            Address::with_arguments("get_audio_file", &object(json!({ "fileName": "a b&c.wav" }))),
            "/tools?tool=get_audio_file&arguments=%7B%22fileName%22%3A%22a%20b%26c.wav%22%7D"
        );
        assert_eq!(Address::with_arguments("x", &Map::new()), "/tools?tool=x");
        assert_eq!(Address::to_run("x", &Map::new()), "/tools?tool=x&run=1");
    }

    #[test]
    fn arguments_that_are_no_json_object_are_reported_not_guessed() {
        for text in ["[1]", "{", "7", "a=b"] {
            let address = Address::from_query(&query(&[("tool", "x"), ("arguments", text)]));
            assert_eq!(address.arguments, LinkedArguments::Broken, "{text}");
        }
        assert_eq!(Address::from_query(&query(&[("tool", "x")])).arguments, LinkedArguments::Absent);
    }

    #[test]
    fn running_at_once_has_to_be_asked_for() {
        assert!(!Address::from_query(&query(&[("tool", "x")])).run);
        assert!(!Address::from_query(&query(&[("run", "0")])).run);
        assert!(Address::from_query(&query(&[("run", "1")])).run);
        assert!(Address::from_query(&query(&[("run", "")])).run);
    }

    #[test]
    fn an_address_does_not_grow_without_end() {
        let long = object(json!({ "query": "x".repeat(LONGEST) }));
        assert_eq!(Address::with_arguments("x", &long), "/tools?tool=x");
    }

    proptest! {
        #[test]
        fn what_an_address_says_can_be_read_back(name in "[a-zA-Z]{1,8}", text in ".{0,30}", tool in "[a-z_]{1,20}") {
            let arguments = object(json!({ name: text }));
            let address = Address::with_arguments(&tool, &arguments);
            let (_, encoded) = address.split_once("&arguments=").unwrap();
            let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap();
            let read = Address::from_query(&query(&[("tool", &tool), ("arguments", &decoded)]));
            prop_assert_eq!(read.arguments, LinkedArguments::Given(arguments));
            prop_assert_eq!(read.tool, Some(tool));
        }
    }
}
