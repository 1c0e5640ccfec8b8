//! Values as people read them. The validator applies the same forms to the value that a figure refers to, so
//! that a text is accepted only where one of them writes it.

use super::known_words;
use super::node::Node;
use super::text::{LONGEST_PASSAGE, LONGEST_QUOTE, clean, spelled};
use crate::engine::supervisor::understand::territory_name;
use crate::model::analytics::Platform;
use crate::model::day::{short_day_of, with_short_days};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// Between groups of digits: narrow and unbreakable.
const GROUP_SPACE: char = '\u{202f}';
/// Between a number and its unit: unbreakable.
const UNIT_SPACE: char = '\u{a0}';
/// The sign of negative numbers, as wide as the plus.
const MINUS: char = '\u{2212}';
/// Numbers beyond this are not counted exactly by JSON, and nothing at a label is counted in them.
const LARGEST: f64 = 1e15;
/// Currencies without minor units, and those with three digits of them (ISO 4217).
const WHOLE_CURRENCIES: [&str; 8] = ["JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF", "XPF"];
const THOUSANDTH_CURRENCIES: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// A way to write a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text, as a quotation.
    Text,
    /// A longer text: a rule, a pitch, a clause.
    Passage,
    /// A note of a tool, with days as people read them.
    Note,
    /// The name of a territory, by its code.
    Territory,
    /// The name of a platform, by its id.
    Platform,
    /// A word of code in words: those of the pages, or its own, so that `notEnoughData` is "not enough data".
    Spelled,
    /// Yes or no.
    Flag,
    /// How many there are in a list.
    Count,
    /// An integer with groups of digits.
    Whole,
    /// An integer with its sign, for differences.
    SignedWhole,
    /// Three figures at most and a unit: `1.2 M`.
    Compact,
    /// The decimals that say something.
    Measured,
    /// One decimal, as audio is measured.
    Tenths,
    /// As many of two decimals as there are, as people state a tempo.
    Stated,
    /// A ratio as percent with one decimal.
    Percent,
    /// A change as percent with sign and one decimal.
    Change,
    /// A change that is in percent already, with sign and two decimals, as tools give those of a day.
    PercentChange,
    /// Hundredths of a percent.
    BasisPoints,
    /// `7 Nov 2026`.
    Day,
    /// `Nov 2026`.
    Month,
    /// `7 Nov 2026, 14:03 UTC`.
    Moment,
    /// A playing time or a place in one: `3:07`.
    Clock,
    /// A duration of milliseconds.
    Millis,
    /// A duration of microseconds, in milliseconds.
    Micros,
    /// A size.
    Bytes,
    /// Minor units of a currency that is named beside it.
    Money,
    /// Millionths of a US dollar.
    MicroDollars,
}

impl Form {
    /// All of them.
    pub(super) const ALL: [Form; 27] = [
        Form::Text,
        Form::Passage,
        Form::Note,
        Form::Territory,
        Form::Platform,
        Form::Spelled,
        Form::Flag,
        Form::Count,
        Form::Whole,
        Form::SignedWhole,
        Form::Compact,
        Form::Measured,
        Form::Tenths,
        Form::Stated,
        Form::Percent,
        Form::Change,
        Form::PercentChange,
        Form::BasisPoints,
        Form::Day,
        Form::Month,
        Form::Moment,
        Form::Clock,
        Form::Millis,
        Form::Micros,
        Form::Bytes,
        Form::Money,
        Form::MicroDollars,
    ];

    /// Writes a value in this form; none where the value is of another kind, or its name says that it is
    /// measured in something else.
    pub(super) fn write(self, node: &Node<'_>) -> Option<String> {
        let value = node.value;
        match self {
            Form::Text => text(value, LONGEST_QUOTE),
            Form::Passage => text(value, LONGEST_PASSAGE),
            Form::Note => {
                let passage = value.as_str().map(|text| clean(&with_short_days(text), LONGEST_PASSAGE));
                passage.filter(|passage| !passage.is_empty())
            }
            Form::Territory => value.as_str().and_then(territory_name).map(str::to_owned),
            Form::Platform => value.as_str().and_then(platform).map(str::to_owned),
            Form::Spelled => value.as_str().and_then(|word| in_words(node.name(), word)),
            Form::Flag => value.as_bool().map(|yes| if yes { "yes" } else { "no" }.to_owned()),
            Form::Count => value.as_array().map(|items| grouped(items.len() as u64)),
            Form::Day => value.as_str().and_then(short_day_of),
            Form::Month => value.as_str().and_then(month),
            Form::Moment => value.as_str().and_then(moment),
            Form::Millis | Form::Micros | Form::Bytes | Form::BasisPoints | Form::MicroDollars
                if !self.is_named(node) =>
            {
                None
            }
            Form::Money => Some(money(number(value)?, node.currency()?)),
            _ => self.number(number(value)?),
        }
    }

    fn number(self, number: f64) -> Option<String> {
        match self {
            Form::Whole if is_whole(number) => Some(signed(number, &fixed(number, 0))),
            Form::SignedWhole if is_whole(number) => Some(with_sign(number, &fixed(number, 0))),
            Form::Compact => compact(number),
            Form::Measured => Some(measured(number)),
            Form::Tenths => Some(signed(number, &fixed(number, 1))),
            Form::Stated => Some(stated(number)),
            Form::Percent => Some(unit(&signed(number, &fixed(number * 100.0, 1)), "%")),
            Form::Change => Some(change(number)),
            Form::PercentChange => Some(unit(&with_sign(number, &fixed(number, 2)), "%")),
            Form::BasisPoints => Some(unit(&signed(number, &fixed(number / 100.0, 2)), "%")),
            Form::Clock => clock(number),
            Form::Millis => Some(duration(number)),
            Form::Micros => Some(duration(number / 1000.0)),
            Form::Bytes => Some(bytes(number)),
            Form::MicroDollars => Some(format!("US${}", fixed(number / 1e6, 4))),
            _ => None,
        }
    }

    /// Whether the field says that it is measured in the unit of this form.
    fn is_named(self, node: &Node<'_>) -> bool {
        let name = node.name().to_ascii_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        match self {
            Form::Millis => is_millis(node.name()) || node.unit() == Some("milliseconds"),
            Form::Micros => says(&["micros"]) && !says(&["rate"]),
            Form::Bytes => says(&["bytes"]),
            Form::BasisPoints => says(&["basispoints", "basis_points"]),
            Form::MicroDollars => says(&["microdollars", "micro_dollars"]),
            _ => true,
        }
    }

    /// The form that suits a value by its kind and its name.
    pub(super) fn of(node: &Node<'_>) -> Option<Form> {
        match node.value {
            Value::Bool(_) => Some(Form::Flag),
            Value::Array(_) => Some(Form::Count),
            Value::String(_) if is_minor(node) && number(node.value).is_some() => Some(Form::Money),
            Value::String(text) if is_territory(node) && territory_name(text).is_some() => {
                Some(Form::Territory)
            }
            Value::String(text) if node.name() == "platform" && platform(text).is_some() => {
                Some(Form::Platform)
            }
            Value::String(text) if known_words::of(node.name(), text).is_some() => Some(Form::Spelled),
            Value::String(text) => Some(Form::of_text(text)),
            Value::Number(_) => Some(Form::of_number(node)),
            Value::Null | Value::Object(_) => None,
        }
    }

    fn of_text(text: &str) -> Form {
        let fits =
            [(Form::Day, short_day_of(text)), (Form::Moment, moment(text)), (Form::Month, month(text))];
        fits.into_iter().find(|(_, written)| written.is_some()).map_or(Form::Text, |(form, _)| form)
    }

    fn of_number(node: &Node<'_>) -> Form {
        let units = [Form::MicroDollars, Form::BasisPoints, Form::Micros, Form::Millis, Form::Bytes];
        if let Some(form) = units.into_iter().find(|form| form.is_named(node)) {
            return form;
        }
        let name = node.name().to_ascii_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        match () {
            () if is_minor(node) => Form::Money,
            () if name == "percentperday" => Form::PercentChange,
            () if name == "change" || name.starts_with("change") || says(&["effect", "uplift"]) => {
                Form::Change
            }
            () if is_ratio(&name, node.value) => Form::Percent,
            () if says(&["seconds"]) => Form::Clock,
            () => Form::Measured,
        }
    }
}

/// Whether the name of a field says that it holds milliseconds, as `p95Ms` does and `streams` does not.
pub(super) fn is_millis(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower == "ms"
        || name.ends_with("Ms")
        || name.ends_with("_ms")
        || lower.contains("milli")
        || lower == "duration"
}

/// Whether a field holds a part of a whole: by its name, and no more than the whole.
fn is_ratio(name: &str, value: &Value) -> bool {
    let is_named =
        ["rate", "ratio", "share", "frontload", "shareofchange"].iter().any(|end| name.ends_with(end));
    is_named && !name.contains("sample") && value.as_f64().is_some_and(|value| value.abs() <= 1.0)
}

/// Whether a number may be written without decimals: they say nothing, or next to nothing.
fn is_whole(number: f64) -> bool {
    number.abs() >= 100.0 || number.fract() == 0.0
}

/// Whether a field holds minor units of a currency that is named beside it.
fn is_minor(node: &Node<'_>) -> bool {
    node.name().to_ascii_lowercase().ends_with("minor") && node.currency().is_some()
}

/// Whether a field holds the code of a territory.
fn is_territory(node: &Node<'_>) -> bool {
    matches!(node.name(), "territory" | "country")
}

/// A word of code as people read it: as pages tell it, or by its own parts.
fn in_words(field: &str, word: &str) -> Option<String> {
    known_words::of(field, word).or_else(|| Some(spelled(word)).filter(|words| !words.is_empty()))
}

/// The name of the platform with this id.
fn platform(id: &str) -> Option<&'static str> {
    Platform::from_id(id).map(Platform::label)
}

/// A number, or a text that is one, as databases write decimals.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) if is_decimal(text) => text.parse().ok()?,
        _ => return None,
    };
    (number.is_finite() && number.abs() <= LARGEST).then_some(number)
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(rest) && (whole == "0" || !whole.starts_with('0'))
}

fn text(value: &Value, longest: usize) -> Option<String> {
    value.as_str().map(|text| clean(text, longest)).filter(|text| !text.is_empty())
}

/// All digits, in groups of three.
fn grouped(number: u64) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(GROUP_SPACE);
        }
        text.push(digit);
    }
    text
}

/// The size of a number with so many decimals, without its sign.
fn fixed(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    match text.split_once('.') {
        Some((whole, rest)) => format!("{}.{rest}", group(whole)),
        None => group(&text),
    }
}

/// The size with a minus where it is one of something.
fn signed(number: f64, size: &str) -> String {
    if number < 0.0 && !is_nothing(size) { format!("{MINUS}{size}") } else { size.to_owned() }
}

/// The size with a plus or a minus, unless it is nothing.
fn with_sign(number: f64, size: &str) -> String {
    let plus = if number > 0.0 && !is_nothing(size) { "+" } else { "" };
    format!("{plus}{}", signed(number, size))
}

fn is_nothing(size: &str) -> bool {
    !size.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

fn unit(figure: &str, unit: &str) -> String {
    format!("{figure}{UNIT_SPACE}{unit}")
}

fn change(ratio: f64) -> String {
    unit(&with_sign(ratio, &fixed(ratio * 100.0, 1)), "%")
}

fn measured(number: f64) -> String {
    let decimals = match number.abs() {
        100.0.. => 1,
        10.0.. => 2,
        _ => 3,
    };
    let text = fixed(number, decimals);
    let size = text.trim_end_matches('0').trim_end_matches('.');
    // Whole numbers that end in zeros keep them.
    let size = if text.contains('.') { size } else { text.as_str() };
    signed(number, size)
}

fn stated(number: f64) -> String {
    let text = fixed(number, 2);
    signed(number, text.trim_end_matches('0').trim_end_matches('.'))
}

fn compact(number: f64) -> Option<String> {
    let (divisor, word) = match number.abs() {
        999_950_000.0.. => (1e9, "bn"),
        999_950.0.. => (1e6, "M"),
        999.95.. => (1e3, "k"),
        _ => return None,
    };
    let size = number / divisor;
    let decimals = usize::from(size.abs() < 99.95);
    Some(unit(&signed(number, &fixed(size, decimals)), word))
}

fn month(text: &str) -> Option<String> {
    (text.len() == "2026-11".len()).then_some(())?;
    format!("{text}-01").parse::<Date>().ok().map(|date| date.strftime("%b %Y").to_string())
}

fn moment(text: &str) -> Option<String> {
    (text.len() > "2026-11-07T".len()).then_some(())?;
    text.parse::<Timestamp>().ok().map(|time| time.strftime("%-d %b %Y, %H:%M UTC").to_string())
}

fn clock(seconds: f64) -> Option<String> {
    let mut rest = seconds.floor();
    (0.0..1e7).contains(&seconds).then_some(())?;
    let hours = (rest / 3600.0).floor();
    rest -= hours * 3600.0;
    let minutes = (rest / 60.0).floor();
    rest -= minutes * 60.0;
    Some(if hours > 0.0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") })
}

fn duration(millis: f64) -> String {
    match millis.abs() {
        60_000.0.. => unit(&signed(millis, &fixed(millis / 60_000.0, 1)), "min"),
        1000.0.. => unit(&signed(millis, &fixed(millis / 1000.0, 1)), "s"),
        10.0.. => unit(&signed(millis, &fixed(millis, 0)), "ms"),
        _ => unit(&measured(millis), "ms"),
    }
}

fn bytes(number: f64) -> String {
    let (divisor, word) = match number.abs() {
        1e9.. => (1e9, "GB"),
        1e6.. => (1e6, "MB"),
        1e3.. => (1e3, "kB"),
        _ => return unit(&signed(number, &fixed(number, 0)), "bytes"),
    };
    unit(&signed(number, &fixed(number / divisor, 1)), word)
}

fn money(minor: f64, currency: &str) -> String {
    let (divisor, decimals) = match currency {
        code if WHOLE_CURRENCIES.contains(&code) => (1.0, 0),
        code if THOUSANDTH_CURRENCIES.contains(&code) => (1000.0, 3),
        _ => (100.0, 2),
    };
    let amount = signed(minor, &fixed(minor / divisor, decimals));
    format!("{currency}{UNIT_SPACE}{amount}")
}

#[cfg(test)]
mod tests {
    use super::super::node::tests::at;
    use super::*;
    use serde_json::json;

    fn written(form: Form, name: &str, value: Value) -> Option<String> {
        let root = json!({ name: value, "currency": "USD", "unit": "count" });
        at(&root, &format!("/{name}")).and_then(|node| form.write(&node))
    }

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let cases = [
            (Form::Whole, "streams", json!(1_234_567), "1\u{202f}234\u{202f}567"),
            (Form::Whole, "streams", json!(-1234.4), "\u{2212}1\u{202f}234"),
            (Form::SignedWhole, "change", json!(9000), "+9\u{202f}000"),
            (Form::Measured, "z", json!(-3.25), "\u{2212}3.25"),
            (Form::Measured, "z", json!(100), "100"),
            (Form::Measured, "z", json!(0.0), "0"),
            (Form::Percent, "share", json!(0.4567), "45.7\u{a0}%"),
            (Form::Change, "change", json!(0.1234), "+12.3\u{a0}%"),
            (Form::Change, "change", json!(-0.05), "\u{2212}5.0\u{a0}%"),
            (Form::Change, "change", json!(-0.0001), "0.0\u{a0}%"),
            (Form::PercentChange, "percentPerDay", json!(0.321), "+0.32\u{a0}%"),
            (Form::BasisPoints, "royalty_basis_points", json!(1800), "18.00\u{a0}%"),
            (Form::Compact, "streams", json!(999_999), "1.0\u{a0}M"),
            (Form::Compact, "streams", json!(412_300), "412\u{a0}k"),
            (Form::Clock, "seconds", json!(187.9), "3:07"),
            (Form::Clock, "seconds", json!(3723), "1:02:03"),
            (Form::Millis, "durationMs", json!(1.234), "1.234\u{a0}ms"),
            (Form::Millis, "durationMs", json!(1234), "1.2\u{a0}s"),
            (Form::Micros, "micros", json!(850_000), "850\u{a0}ms"),
            (Form::Bytes, "sizeBytes", json!(12_345_678), "12.3\u{a0}MB"),
            (Form::Money, "amount_minor", json!(-123_456), "USD\u{a0}\u{2212}1\u{202f}234.56"),
            (Form::Money, "amount_minor", json!("5"), "USD\u{a0}0.05"),
            (Form::MicroDollars, "costMicroDollars", json!(12_500), "US$0.0125"),
            (Form::Count, "rows", json!([1, 2]), "2"),
            (Form::Day, "date", json!("2026-11-07"), "7 Nov 2026"),
            (Form::Month, "period", json!("2026-09"), "Sep 2026"),
            (Form::Moment, "time", json!("2026-11-07T14:03:09.123Z"), "7 Nov 2026, 14:03 UTC"),
            (Form::Flag, "passed", json!(false), "no"),
            (Form::Spelled, "verdict", json!("notProven"), "not proven"),
            (Form::Spelled, "verdict", json!("warn"), "Will warn"),
        ];
        for (form, name, value, text) in cases {
            assert_eq!(written(form, name, value.clone()).as_deref(), Some(text), "{form:?} of {value}");
        }
    }

    #[test]
    fn a_unit_is_written_only_where_the_field_has_it() {
        assert_eq!(written(Form::Millis, "streams", json!(1234)), None);
        assert_eq!(written(Form::Bytes, "streams", json!(1234)), None);
        assert_eq!(written(Form::Whole, "streams", json!(null)), None);
        assert_eq!(written(Form::Whole, "streams", json!(1e300)), None);
        assert_eq!(written(Form::Whole, "streams", json!(0.4)), None, "it would become nothing");
        assert_eq!(written(Form::Whole, "upc", json!("0360")), None, "a code is no number");
    }
}
