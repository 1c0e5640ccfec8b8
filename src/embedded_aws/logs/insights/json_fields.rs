//! Takes the fields that a query needs out of messages that are JSON, and skips everything else.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::value::Value;

/// Whole numbers beyond this are kept as texts, since a float would lose digits.
const LARGEST_EXACT: u64 = 1 << 53;

/// The fields that are wanted, as a tree of the parts of their names. `items.0.id` is the `id` of the
/// first of `items`; a key that has dots itself is found, too.
#[derive(Debug, Default)]
pub(super) struct WantedFields {
    root: Node,
    count: usize,
}

#[derive(Debug, Default)]
struct Node {
    children: Vec<(String, Node)>,
    /// The number of the field that ends here.
    field: Option<usize>,
}

impl WantedFields {
    /// Wants a field, and says its number.
    pub(super) fn want(&mut self, name: &str) -> usize {
        let mut node = &mut self.root;
        for part in name.split('.') {
            let position = node.children.iter().position(|(key, _)| key == part);
            let position = position.unwrap_or_else(|| {
                node.children.push((part.to_owned(), Node::default()));
                node.children.len() - 1
            });
            // The position was found or made just now.
            let Some((_, child)) = node.children.get_mut(position) else { return self.count };
            node = child;
        }
        let count = &mut self.count;
        *node.field.get_or_insert_with(|| {
            *count += 1;
            *count - 1
        })
    }

    /// The values of all wanted fields by number; all are missing when the message is not JSON.
    pub(super) fn find(&self, message: &str) -> Vec<Value> {
        let mut values = vec![Value::Missing; self.count];
        if self.count == 0 || !message.trim_start().starts_with(['{', '[']) {
            return values;
        }
        let mut reader = serde_json::Deserializer::from_str(message);
        let read = Search { node: &self.root, values: &mut values }.deserialize(&mut reader);
        if read.and_then(|()| reader.end()).is_err() {
            values.fill(Value::Missing);
        }
        values
    }
}

impl Node {
    /// The node below for a key, whose dots count as those of names.
    fn below(&self, key: &str) -> Option<&Self> {
        key.split('.').try_fold(self, |node, part| {
            node.children.iter().find(|(child, _)| child == part).map(|(_, child)| child)
        })
    }
}

/// Reads one JSON value, at this place of the tree.
struct Search<'s> {
    node: &'s Node,
    values: &'s mut [Value],
}

impl Search<'_> {
    fn set(&mut self, value: Value) {
        let place = self.node.field.and_then(|field| self.values.get_mut(field));
        if let Some(place) = place
            && !place.is_present()
        {
            *place = value;
        }
    }
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, reader: D) -> Result<(), D::Error> {
        if self.node.field.is_none() || self.node.children.is_empty() {
            return reader.deserialize_any(self);
        }
        // Wanted as a whole and in part.
        let whole: Json = serde::Deserialize::deserialize(reader)?;
        if let Json::Object(_) | Json::Array(_) = whole {
            self.set(Value::Text(whole.to_string()));
        }
        whole.deserialize_any(self).map_err(serde::de::Error::custom)
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        if self.node.children.is_empty() {
            let mut whole = serde_json::Map::new();
            while let Some((key, value)) = map.next_entry::<String, Json>()? {
                whole.insert(key, value);
            }
            self.set(Value::Text(Json::Object(whole).to_string()));
            return Ok(());
        }
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            match self.node.below(&key) {
                Some(node) => map.next_value_seed(Search { node, values: &mut *self.values })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        if self.node.children.is_empty() {
            let mut whole = Vec::new();
            while let Some(value) = list.next_element::<Json>()? {
                whole.push(value);
            }
            self.set(Value::Text(Json::Array(whole).to_string()));
            return Ok(());
        }
        for index in 0_usize.. {
            let more = match self.node.below(&index.to_string()) {
                Some(node) => list.next_element_seed(Search { node, values: &mut *self.values })?.is_some(),
                None => list.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(mut self, is_true: bool) -> Result<(), E> {
        self.set(Value::Boolean(is_true));
        Ok(())
    }

    fn visit_i64<E>(mut self, number: i64) -> Result<(), E> {
        let is_exact = number.unsigned_abs() <= LARGEST_EXACT;
        self.set(if is_exact { Value::integer(number) } else { Value::Text(number.to_string()) });
        Ok(())
    }

    fn visit_u64<E>(mut self, number: u64) -> Result<(), E> {
        let small = i64::try_from(number).ok().filter(|_| number <= LARGEST_EXACT);
        self.set(small.map_or_else(|| Value::Text(number.to_string()), Value::integer));
        Ok(())
    }

    fn visit_f64<E>(mut self, number: f64) -> Result<(), E> {
        self.set(Value::finite(number));
        Ok(())
    }

    fn visit_str<E>(mut self, text: &str) -> Result<(), E> {
        self.set(Value::Text(text.to_owned()));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(message: &str, names: &[&str]) -> Vec<Value> {
        let mut wanted = WantedFields::default();
        let numbers: Vec<_> = names.iter().map(|name| wanted.want(name)).collect();
        let values = wanted.find(message);
        numbers.into_iter().map(|number| values[number].clone()).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn fields_are_found_by_dotted_names_and_indexes() {
        let message =
            r#"{"a": {"b": [{"c": 1}, {"c": "two"}]}, "x.y": true, "n": null, "deep.er": {"z": 2.5}}"#;
        assert_eq!(
            find(message, &["a.b.0.c", "a.b.1.c", "x.y", "n", "deep.er.z", "a.q"]),
            [
                Value::Number(1.0),
                text("two"),
                Value::Boolean(true),
                Value::Missing,
                Value::Number(2.5),
                Value::Missing
            ]
        );
    }

    #[test]
    fn a_list_or_an_object_is_its_json() {
        let message = r#"{"a": {"b": [1, 2]}}"#;
        assert_eq!(find(message, &["a"]), [text(r#"{"b":[1,2]}"#)]);
        assert_eq!(
            find(message, &["a", "a.b", "a.b.1"]),
            [text(r#"{"b":[1,2]}"#), text("[1,2]"), Value::Number(2.0)]
        );
    }

    #[test]
    fn large_numbers_keep_their_digits() {
        let message = r#"{"id": 9007199254740993, "small": -9007199254740992}"#;
        assert_eq!(find(message, &["id"]), [text("9007199254740993")]);
        assert_eq!(find(message, &["small"]), [Value::Number(-9_007_199_254_740_992.0)]);
    }

    #[test]
    fn what_is_not_json_has_no_fields() {
        for message in ["", "plain", r#"{"a": 1"#, r#"{"a": 1} and more"#, "1"] {
            assert_eq!(find(message, &["a"]), [Value::Missing], "{message}");
        }
    }

    proptest! {
        #[test]
        fn every_field_of_a_flat_object_is_found(
            fields in prop::collection::btree_map("[a-z]{1,6}", "\\PC{0,12}", 1..8),
        ) {
            let message = serde_json::to_string(&fields).unwrap();
            for (name, value) in &fields {
                prop_assert_eq!(find(&message, &[name]), [Value::Text(value.clone())]);
            }
        }

        #[test]
        fn no_message_breaks_the_search(message in "\\PC{0,60}") {
            find(&message, &["a", "a.b", "0"]);
        }
    }
}
