//! Reads the JSON Schema of a tool's arguments once into the fields that its form shows.
//!
//! Understood is what tools really use of JSON Schema 2020-12: objects, strings with their limits,
//! numbers, booleans, enumerations, lists, references into `$defs`, and `anyOf`/`oneOf` with `null`
//! for optional arguments. Anything else becomes a field for JSON text, so that no tool is out of reach.

use super::rules::{
    Bound, Choice, FURTHER, Field, FileRules, JsonShape, Kind, ListRules, NumberRules, TextRules, plain_text,
};
use crate::components::name::humanise;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How deep objects may lie in objects before the form asks for JSON text; ends recursive schemas, too.
const MAX_DEPTH: usize = 3;
/// How many references and alternatives may be followed to reach one schema.
const MAX_STEPS: usize = 16;

/// The fields of a tool, the required ones first, then the others in the order of the schema. Files come
/// last: a form without JavaScript sends its fields in this order, and a file is sent on while it is read.
pub fn fields(schema: &Value) -> Vec<Field> {
    let reader = Reader { root: schema };
    let resolved = reader.resolve(schema);
    reader.object(&resolved.schema, "", true, 0)
}

/// What a schema says of the attributes of an object, so that a result is shown in its order and words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    order: Vec<String>,
    titles: BTreeMap<String, String>,
}

impl Attributes {
    /// What people call an attribute: its title, else its name read aloud.
    pub fn label(&self, name: &str) -> String {
        self.titles.get(name).cloned().unwrap_or_else(|| humanise(name))
    }

    /// The names in the order of the schema; those it does not require follow by the alphabet.
    pub fn ordered<'a>(&self, names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
        let mut names: Vec<&str> = names.map(String::as_str).collect();
        let rank = |name: &str| self.order.iter().position(|other| other == name);
        names.sort_by_key(|name| (rank(name).unwrap_or(self.order.len()), *name));
        names
    }
}

/// The attributes of an object. `path` leads from the root to the object, through lists, too.
pub fn attributes(schema: &Value, path: &[&str]) -> Attributes {
    let reader = Reader { root: schema };
    let mut object = reader.resolve(schema).schema;
    for name in path {
        let Some(property) = object.get("properties").and_then(|properties| properties.get(name)) else {
            return Attributes::default();
        };
        object = reader.resolve(property).schema;
        if let Some(items) = object.get("items") {
            object = reader.resolve(items).schema;
        }
    }
    let properties = object.get("properties").and_then(Value::as_object);
    // The title beside the reference: that of the type behind it is the type's name.
    let titled =
        |(name, property): (&String, &Value)| Some((name.clone(), text(property.as_object()?, "title")?));
    Attributes {
        order: texts(object.get("required")),
        titles: properties.into_iter().flatten().filter_map(titled).collect(),
    }
}

/// A schema without references and without its `null` alternative.
struct Resolved {
    schema: Map<String, Value>,
    nullable: bool,
}

struct Reader<'a> {
    root: &'a Value,
}

impl Reader<'_> {
    /// The fields of an object. `answered`: the object is there even when nobody fills it in, so
    /// that its defaults and switches count.
    fn object(&self, schema: &Map<String, Value>, parent: &str, answered: bool, depth: usize) -> Vec<Field> {
        let required = texts(schema.get("required"));
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let mut names: Vec<&String> = properties.keys().collect();
        names.sort_by_key(|name| required.iter().position(|other| other == *name).unwrap_or(required.len()));
        let mut fields: Vec<Field> = names
            .into_iter()
            .map(|name| self.field(name, &properties[name], parent, required.contains(name), answered, depth))
            .collect();
        if takes_more(schema) {
            fields.push(further(parent));
        }
        fields.sort_by_key(|field| matches!(field.kind, Kind::File(_)));
        fields
    }

    fn field(
        &self,
        name: &str,
        schema: &Value,
        parent: &str,
        required: bool,
        answered: bool,
        depth: usize,
    ) -> Field {
        let Resolved { schema, nullable } = self.resolve(schema);
        let path = join(parent, name);
        let required = required && !nullable;
        let default = schema.get("default").filter(|value| answered && !value.is_null()).cloned();
        let mut kind = self.kind(&schema, &path, required && answered, depth);
        if kind == Kind::Switch && !(answered && (required || default.is_some())) {
            kind = yes_or_no();
        }
        Field {
            label: text(&schema, "title").unwrap_or_else(|| humanise(name)),
            help: text(&schema, "description").unwrap_or_default(),
            name: name.to_owned(),
            path,
            required,
            default,
            kind,
        }
    }

    fn kind(&self, schema: &Map<String, Value>, path: &str, answered: bool, depth: usize) -> Kind {
        if let Some(choices) = self.choices(schema) {
            return Kind::Choice(choices);
        }
        match schema_type(schema) {
            "string" => string_kind(schema),
            "integer" => Kind::Number(number_rules(schema, true)),
            "number" => Kind::Number(number_rules(schema, false)),
            "boolean" => Kind::Switch,
            "array" => self.list_kind(schema),
            "object" => self.object_kind(schema, path, answered, depth),
            _ => Kind::Json(JsonShape::Any),
        }
    }

    fn list_kind(&self, schema: &Map<String, Value>) -> Kind {
        let Some(items) = schema.get("items") else { return Kind::Json(JsonShape::Array) };
        let items = self.resolve(items);
        if items.nullable || schema_type(&items.schema) != "string" {
            return Kind::Json(JsonShape::Array);
        }
        Kind::Lines(ListRules {
            min_items: size(schema, "minItems"),
            max_items: size(schema, "maxItems"),
            unique: schema.get("uniqueItems").and_then(Value::as_bool).unwrap_or(false),
            item: text_rules(&items.schema),
        })
    }

    fn object_kind(&self, schema: &Map<String, Value>, path: &str, answered: bool, depth: usize) -> Kind {
        let has_fields = schema
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        if has_fields {
            if depth >= MAX_DEPTH {
                return Kind::Json(JsonShape::Object);
            }
            return Kind::Group(self.object(schema, path, answered, depth + 1));
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => {
                let values = self.resolve(values);
                if !values.nullable && schema_type(&values.schema) == "string" {
                    Kind::Pairs
                } else {
                    Kind::Json(JsonShape::Object)
                }
            }
            _ => Kind::Json(JsonShape::Object),
        }
    }

    /// The values of an `enum`, a `const`, or of alternatives that are one value each.
    fn choices(&self, schema: &Map<String, Value>) -> Option<Vec<Choice>> {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Some(values.iter().filter(|value| !value.is_null()).map(choice).collect());
        }
        if let Some(value) = schema.get("const") {
            return Some(vec![choice(value)]);
        }
        let alternatives = alternatives(schema)?;
        let mut choices = Vec::new();
        for alternative in alternatives.iter().filter(|schema| !is_null(schema)) {
            let Resolved { schema, .. } = self.resolve(alternative);
            if let Some(value) = schema.get("const") {
                choices.push(Choice {
                    label: text(&schema, "title").unwrap_or_else(|| plain_text(value)),
                    value: value.clone(),
                });
            } else {
                let values = schema.get("enum").and_then(Value::as_array)?;
                choices.extend(values.iter().filter(|value| !value.is_null()).map(choice));
            }
        }
        Some(choices)
    }

    /// Follows references and drops `null`, until a plain schema is left.
    fn resolve(&self, schema: &Value) -> Resolved {
        let mut schema = schema.as_object().cloned().unwrap_or_default();
        let mut nullable = false;
        for _ in 0..MAX_STEPS {
            if let Some(target) =
                schema.get("$ref").and_then(Value::as_str).and_then(|name| self.target(name))
            {
                schema = over(target, &schema, "$ref");
            } else if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
                let merged =
                    parts.iter().filter_map(Value::as_object).fold(Map::new(), |mut merged, part| {
                        merged.extend(part.clone());
                        merged
                    });
                schema = over(&merged, &schema, "allOf");
            } else if let Some((key, only)) = single_alternative(&schema) {
                nullable |= alternatives(&schema).is_some_and(|all| all.iter().any(is_null));
                schema = over(&only, &schema, key);
            } else {
                break;
            }
        }
        nullable |= alternatives(&schema).is_some_and(|all| all.iter().any(is_null));
        nullable |= drop_null_type(&mut schema);
        Resolved { schema, nullable }
    }

    fn target(&self, reference: &str) -> Option<&Map<String, Value>> {
        self.root.pointer(reference.strip_prefix('#')?)?.as_object()
    }
}

/// `base` with what `schema` says beside the key that led to it.
fn over(base: &Map<String, Value>, schema: &Map<String, Value>, key: &str) -> Map<String, Value> {
    let mut merged = base.clone();
    merged.extend(
        schema.iter().filter(|(name, _)| *name != key).map(|(name, value)| (name.clone(), value.clone())),
    );
    merged
}

fn alternatives(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
}

/// The one alternative that is not `null`, and the key under which it stands.
fn single_alternative(schema: &Map<String, Value>) -> Option<(&'static str, Map<String, Value>)> {
    let key = if schema.contains_key("anyOf") { "anyOf" } else { "oneOf" };
    let mut others = alternatives(schema)?.iter().filter(|schema| !is_null(schema));
    let only = others.next()?.as_object()?.clone();
    others.next().is_none().then_some((key, only))
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null") || schema.get("const").is_some_and(Value::is_null)
}

/// Turns `["string", "null"]` into `"string"` and says whether `null` was allowed.
fn drop_null_type(schema: &mut Map<String, Value>) -> bool {
    let in_enum =
        schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.iter().any(Value::is_null));
    let Some(names) = schema.get("type").and_then(Value::as_array) else { return in_enum };
    let nullable = names.iter().any(|name| name == "null");
    let others: Vec<Value> = names.iter().filter(|name| *name != "null").cloned().collect();
    match <[Value; 1]>::try_from(others) {
        Ok([only]) => schema.insert("type".to_owned(), only),
        Err(_) => schema.remove("type"),
    };
    nullable || in_enum
}

fn schema_type(schema: &Map<String, Value>) -> &str {
    match schema.get("type").and_then(Value::as_str) {
        Some(name) => name,
        None if schema.contains_key("properties") => "object",
        None => "",
    }
}

fn string_kind(schema: &Map<String, Value>) -> Kind {
    if schema.get("contentEncoding").is_some_and(|encoding| encoding == "base64") {
        return Kind::File(FileRules {
            max_length: size(schema, "maxLength"),
            media_type: text(schema, "contentMediaType"),
        });
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("date") => Kind::Date,
        Some("date-time") => Kind::DateTime,
        _ => Kind::Text(text_rules(schema)),
    }
}

fn text_rules(schema: &Map<String, Value>) -> TextRules {
    TextRules {
        min_length: size(schema, "minLength"),
        max_length: size(schema, "maxLength"),
        pattern: text(schema, "pattern"),
    }
}

fn number_rules(schema: &Map<String, Value>, integer: bool) -> NumberRules {
    let bound = |inclusive: &str, exclusive: &str| {
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        number(exclusive)
            .map(|value| Bound { value, exclusive: true })
            .or_else(|| number(inclusive).map(|value| Bound { value, exclusive: false }))
    };
    NumberRules {
        integer,
        minimum: bound("minimum", "exclusiveMinimum"),
        maximum: bound("maximum", "exclusiveMaximum"),
        multiple_of: schema.get("multipleOf").and_then(Value::as_f64).filter(|step| *step > 0.0),
    }
}

fn choice(value: &Value) -> Choice {
    Choice { value: value.clone(), label: plain_text(value) }
}

fn yes_or_no() -> Kind {
    Kind::Choice(vec![
        Choice { value: Value::Bool(true), label: "Yes".to_owned() },
        Choice { value: Value::Bool(false), label: "No".to_owned() },
    ])
}

/// Whether an object with fields takes attributes beyond them. Only when the schema says so: what
/// it does not mention is hardly meant to be typed in by a person.
fn takes_more(schema: &Map<String, Value>) -> bool {
    matches!(schema.get("additionalProperties"), Some(Value::Bool(true) | Value::Object(_)))
}

fn further(parent: &str) -> Field {
    Field {
        name: FURTHER.to_owned(),
        path: join(parent, FURTHER),
        label: "Further attributes".to_owned(),
        help: "A JSON object with attributes beyond the fields above.".to_owned(),
        required: false,
        default: None,
        kind: Kind::Further,
    }
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

fn text(schema: &Map<String, Value>, key: &str) -> Option<String> {
    schema.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .map(|values| values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default()
}

fn size(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    schema.get(key).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok())
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
