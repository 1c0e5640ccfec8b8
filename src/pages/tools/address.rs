//! What the address of the page says: the tool, its arguments, whether to run it at once.

use crate::pages::query_string::encode;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The page's own path.
pub const PATH: &str = "/tools";
/// The longest address that the page writes, in characters. Servers and chat programs cut longer ones.
const LONGEST: usize = 6000;

/// The query of the page's address.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// The chosen tool.
    pub tool: Option<String>,
    /// What the form is filled with.
    pub arguments: LinkedArguments,
    /// Run at once. Heeded only for tools that change nothing.
    pub run: bool,
    /// What the list of tools is searched for.
    pub search: String,
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

impl LinkedArguments {
    fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self::Absent;
        }
        serde_json::from_str(text).map_or(Self::Broken, Self::Given)
    }
}

impl Address {
    /// Reads the query as it stands in the address, without the question mark. The router's own map of the
    /// query is not used: it decodes each value twice, so that `100%25` becomes something else.
    pub fn from_query(query: &str) -> Self {
        let mut address = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            match name {
                "tool" => address.tool = Some(value).filter(|name| !name.is_empty()),
                "arguments" => address.arguments = LinkedArguments::read(&value),
                "run" => address.run = matches!(value.as_str(), "" | "1" | "true"),
                "search" => address.search = value,
                // Addresses pick up strange fields on their way through mails and chats.
                _ => {}
            }
        }
        address
    }

    /// The address at which a tool waits with an empty form.
    pub fn of_tool(tool: &str) -> String {
        format!("{PATH}?tool={}", encode(tool))
    }

    /// The address that fills the form. Without the arguments when they are too long for an address.
    pub fn with_arguments(tool: &str, arguments: &Map<String, Value>) -> String {
        let short = Self::of_tool(tool);
        if arguments.is_empty() {
            return short;
        }
        let text = Value::Object(arguments.clone()).to_string();
        let long = format!("{short}&arguments={}", encode(&text));
        if long.len() > LONGEST { short } else { long }
    }

    /// The address that runs the tool at once, when it changes nothing.
    pub fn to_run(tool: &str, arguments: &Map<String, Value>) -> String {
        format!("{}&run=1", Self::with_arguments(tool, arguments))
    }
}

/// A value of a query as a text: forms write a space as a plus.
fn decode(value: &str) -> String {
    percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
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
            let address = Address::from_query(&format!("tool=x&arguments={}", encode(text)));
            assert_eq!(address.arguments, LinkedArguments::Broken, "{text}");
        }
        assert_eq!(Address::from_query("tool=x").arguments, LinkedArguments::Absent);
    }

    #[test]
    fn running_at_once_has_to_be_asked_for() {
        assert!(!Address::from_query("tool=x").run);
        assert!(!Address::from_query("run=0").run);
        assert!(Address::from_query("run=1").run);
        assert!(Address::from_query("tool=x&run").run);
    }

    #[test]
    fn an_address_does_not_grow_without_end() {
        let long = object(json!({ "query": "x".repeat(LONGEST) }));
        assert_eq!(Address::with_arguments("x", &long), "/tools?tool=x");
    }

    #[test]
    fn a_form_without_javascript_searches_with_plus_for_space() {
        assert_eq!(Address::from_query("search=audio+file&tool=").search, "audio file");
    }

    proptest! {
        #[test]
        fn what_an_address_says_can_be_read_back(name in "[a-zA-Z]{1,8}", text in ".{0,30}", tool in "[a-z_]{1,20}") {
            let arguments = object(json!({ name: text }));
            let address = Address::with_arguments(&tool, &arguments);
            let (_, query) = address.split_once('?').unwrap();
            let read = Address::from_query(query);
            prop_assert_eq!(read.arguments, LinkedArguments::Given(arguments));
            prop_assert_eq!(read.tool, Some(tool));
        }
    }
}
