//! What a form asks for: its fields, what sort of value each takes, and within which limits.

use serde_json::Value;

/// The last part of the path of the field that takes the attributes which an open object has no field for.
pub const FURTHER: &str = "*";

/// The arguments with which tools go on with a list, each with the attribute of the result that gives it.
pub const PAGES: [(&str, &str); 2] = [("cursor", "nextCursor"), ("nextToken", "nextToken")];

/// One argument of a tool, as the form asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The argument's key in its object.
    pub name: String,
    /// Where the argument stands below the root: `updateData.releaseDate`. Also its name in the form.
    pub path: String,
    /// What people read.
    pub label: String,
    /// What it means; empty when the schema does not say.
    pub help: String,
    /// Whether the tool refuses to work without it.
    pub required: bool,
    /// What the form starts with.
    pub default: Option<Value>,
    /// What sort of value it takes.
    pub kind: Kind,
}

/// What sort of value a field takes, with the limits of the schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A line of text, or some lines when it may be long.
    Text(TextRules),
    /// A number.
    Number(NumberRules),
    /// Yes or no, with an answer from the start.
    Switch,
    /// One of a few values.
    Choice(Vec<Choice>),
    /// A day.
    Date,
    /// A moment, entered in UTC.
    DateTime,
    /// A file, as base64.
    File(FileRules),
    /// A list of texts, one a line.
    Lines(ListRules),
    /// Names with texts, `name: text`, one a line.
    Pairs,
    /// An object with fields of its own.
    Group(Vec<Field>),
    /// JSON text.
    Json(JsonShape),
    /// JSON text with the attributes that an object takes beyond its fields.
    Further,
}

/// The limits of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextRules {
    /// In characters.
    pub min_length: Option<usize>,
    /// In characters.
    pub max_length: Option<usize>,
    /// A regular expression that is found somewhere in the text.
    pub pattern: Option<String>,
}

/// The limits of a number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumberRules {
    /// Without a fraction.
    pub integer: bool,
    /// The lower limit.
    pub minimum: Option<Bound>,
    /// The upper limit.
    pub maximum: Option<Bound>,
    /// The number is a multiple of this.
    pub multiple_of: Option<f64>,
}

/// A limit of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The limit.
    pub value: f64,
    /// The limit itself is not allowed.
    pub exclusive: bool,
}

/// One value to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The value of the argument.
    pub value: Value,
    /// What people read.
    pub label: String,
}

/// The limits of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRules {
    /// The longest allowed base64 text, in characters.
    pub max_length: Option<usize>,
    /// The media type that the schema names: `audio/wav`, `image/*`.
    pub media_type: Option<String>,
}

/// The limits of a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRules {
    /// The fewest entries.
    pub min_items: Option<usize>,
    /// The most entries.
    pub max_items: Option<usize>,
    /// No text twice.
    pub unique: bool,
    /// The limits of each text.
    pub item: TextRules,
}

/// What JSON a field for JSON text takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// Anything.
    Any,
}

impl Field {
    /// Whether it says where a list goes on. Nobody types that: the button under the result knows it.
    pub fn is_cursor(&self) -> bool {
        PAGES.iter().any(|(argument, _)| self.path == *argument)
    }
}

impl Choice {
    /// How the value is written in a form.
    pub fn text(&self) -> String {
        plain_text(&self.value)
    }
}

impl FileRules {
    /// The largest allowed file, in bytes.
    pub fn max_bytes(&self) -> Option<u64> {
        self.max_length.map(|length| length as u64 / 4 * 3)
    }
}

/// A value as it is typed into a form: a text as it is, anything else as JSON, nothing for `null`.
pub fn plain_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
