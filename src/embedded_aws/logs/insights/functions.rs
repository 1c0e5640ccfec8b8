//! The functions of expressions.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::value::Value;

/// A function of values of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Floor,
    Greatest,
    Least,
    Log,
    Sqrt,
    StrLen,
    ToUpper,
    ToLower,
    Trim,
    LeftTrim,
    RightTrim,
    Concat,
    Substr,
    Replace,
    StrContains,
    IsPresent,
    IsEmpty,
    IsBlank,
    Coalesce,
    FromMillis,
    ToMillis,
    IsValidIp,
    IsValidIpV4,
    IsValidIpV6,
}

const ALL: [(&str, Function, RangeInclusive<usize>); 26] = [
    ("abs", Function::Abs, 1..=1),
    ("ceil", Function::Ceil, 1..=1),
    ("floor", Function::Floor, 1..=1),
    ("greatest", Function::Greatest, 1..=usize::MAX),
    ("least", Function::Least, 1..=usize::MAX),
    ("log", Function::Log, 1..=1),
    ("sqrt", Function::Sqrt, 1..=1),
    ("strlen", Function::StrLen, 1..=1),
    ("toupper", Function::ToUpper, 1..=1),
    ("tolower", Function::ToLower, 1..=1),
    ("trim", Function::Trim, 1..=2),
    ("ltrim", Function::LeftTrim, 1..=2),
    ("rtrim", Function::RightTrim, 1..=2),
    ("concat", Function::Concat, 1..=usize::MAX),
    ("substr", Function::Substr, 2..=3),
    ("replace", Function::Replace, 3..=3),
    ("strcontains", Function::StrContains, 2..=2),
    ("ispresent", Function::IsPresent, 1..=1),
    ("isempty", Function::IsEmpty, 1..=1),
    ("isblank", Function::IsBlank, 1..=1),
    ("coalesce", Function::Coalesce, 1..=usize::MAX),
    ("frommillis", Function::FromMillis, 1..=1),
    ("tomillis", Function::ToMillis, 1..=1),
    ("isvalidip", Function::IsValidIp, 1..=1),
    ("isvalidipv4", Function::IsValidIpV4, 1..=1),
    ("isvalidipv6", Function::IsValidIpV6, 1..=1),
];

impl Function {
    /// The function of this name and how many arguments it takes. Case does not matter.
    pub(super) fn named(name: &str) -> Option<(Self, RangeInclusive<usize>)> {
        ALL.iter()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, function, arguments)| (*function, arguments.clone()))
    }

    /// Its value. What cannot be computed, such as the root of a negative number, is missing.
    pub(super) fn apply(self, arguments: &[Value]) -> Value {
        let first = arguments.first().unwrap_or(&Value::Missing);
        match self {
            Self::Abs => numeric(first, f64::abs),
            Self::Ceil => numeric(first, f64::ceil),
            Self::Floor => numeric(first, f64::floor),
            Self::Log => numeric(first, f64::ln),
            Self::Sqrt => numeric(first, f64::sqrt),
            Self::Greatest => extreme(arguments, Ordering::Greater),
            Self::Least => extreme(arguments, Ordering::Less),
            Self::StrLen => length(first),
            Self::ToUpper => textual(first, str::to_uppercase),
            Self::ToLower => textual(first, str::to_lowercase),
            Self::Trim => trimmed(arguments, true, true),
            Self::LeftTrim => trimmed(arguments, true, false),
            Self::RightTrim => trimmed(arguments, false, true),
            Self::Concat => concatenated(arguments),
            Self::Substr => part(arguments),
            Self::Replace => replaced(arguments),
            Self::StrContains => contains(arguments),
            Self::IsPresent => Value::Boolean(first.is_present()),
            Self::IsEmpty => Value::Boolean(first.text().is_none_or(|text| text.is_empty())),
            Self::IsBlank => Value::Boolean(first.text().is_none_or(|text| text.trim().is_empty())),
            Self::Coalesce => {
                arguments.iter().find(|value| value.is_present()).cloned().unwrap_or(Value::Missing)
            }
            Self::FromMillis => first.number().and_then(whole).map_or(Value::Missing, Value::Time),
            Self::ToMillis => match first {
                Value::Time(time) => Value::integer(*time),
                _ => Value::Missing,
            },
            Self::IsValidIp => Value::Boolean(address(first).is_some()),
            Self::IsValidIpV4 => Value::Boolean(address(first).is_some_and(|address| address.is_ipv4())),
            Self::IsValidIpV6 => Value::Boolean(address(first).is_some_and(|address| address.is_ipv6())),
        }
    }
}

/// A number without its fraction, if it is one that an `i64` holds.
#[expect(clippy::cast_possible_truncation, reason = "checked before")]
pub(super) fn whole(number: f64) -> Option<i64> {
    (number.abs() < 9.2e18).then_some(number as i64)
}

fn numeric(value: &Value, function: impl Fn(f64) -> f64) -> Value {
    value.number().map_or(Value::Missing, |number| Value::finite(function(number)))
}

fn textual(value: &Value, function: impl Fn(&str) -> String) -> Value {
    value.text().map_or(Value::Missing, |text| Value::Text(function(&text)))
}

/// The greatest or least of the numbers; missing when none of the values is a number.
fn extreme(values: &[Value], wanted: Ordering) -> Value {
    let mut numbers = values.iter().filter_map(Value::number);
    let Some(first) = numbers.next() else { return Value::Missing };
    Value::finite(numbers.fold(first, |best, next| if next.total_cmp(&best) == wanted { next } else { best }))
}

fn length(value: &Value) -> Value {
    value.text().map_or(Value::Missing, |text| count(text.chars().count()))
}

fn count(count: usize) -> Value {
    Value::integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Without white space, or without the characters of the second argument, at the ends.
fn trimmed(arguments: &[Value], left: bool, right: bool) -> Value {
    let [subject, characters @ ..] = arguments else { return Value::Missing };
    let characters = characters.first().and_then(Value::text);
    let goes = |character: char| {
        characters.as_ref().map_or(character.is_whitespace(), |characters| characters.contains(character))
    };
    textual(subject, |text| {
        let text = if left { text.trim_start_matches(goes) } else { text };
        let text = if right { text.trim_end_matches(goes) } else { text };
        text.to_owned()
    })
}

fn concatenated(values: &[Value]) -> Value {
    let mut whole = String::new();
    for value in values {
        if let Some(text) = value.text() {
            whole.push_str(&text);
        }
    }
    Value::Text(whole)
}

/// The characters from an index on, counted from 0, at most as many as the third argument says.
fn part(arguments: &[Value]) -> Value {
    let index = |argument: &Value| {
        argument.number().and_then(whole).and_then(|number| usize::try_from(number.max(0)).ok())
    };
    let (subject, start, length) = match arguments {
        [subject, start] => (subject, index(start), Some(usize::MAX)),
        [subject, start, length] => (subject, index(start), index(length)),
        _ => return Value::Missing,
    };
    match (start, length) {
        (Some(start), Some(length)) => {
            textual(subject, |text| text.chars().skip(start).take(length).collect())
        }
        _ => Value::Missing,
    }
}

fn replaced(arguments: &[Value]) -> Value {
    let [subject, searched, replacement] = arguments else { return Value::Missing };
    match (searched.text(), replacement.text()) {
        (Some(searched), Some(replacement)) => {
            textual(subject, |text| text.replace(&*searched, &replacement))
        }
        _ => Value::Missing,
    }
}

fn contains(arguments: &[Value]) -> Value {
    let [subject, searched] = arguments else { return Value::Missing };
    match (subject.text(), searched.text()) {
        (Some(subject), Some(searched)) => Value::Boolean(subject.contains(&*searched)),
        _ => Value::Boolean(false),
    }
}

fn address(value: &Value) -> Option<IpAddr> {
    value.text()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(name: &str, arguments: &[Value]) -> Value {
        Function::named(name).unwrap().0.apply(arguments)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn numbers() {
        assert_eq!(apply("abs", &[text("-2.5")]), Value::Number(2.5));
        assert_eq!(apply("ceil", &[Value::Number(1.2)]), Value::Number(2.0));
        assert_eq!(apply("sqrt", &[Value::Number(-1.0)]), Value::Missing);
        assert_eq!(apply("greatest", &[text("9"), Value::Number(10.0), Value::Missing]), Value::Number(10.0));
        assert_eq!(apply("least", &[text("x")]), Value::Missing);
    }

    #[test]
    fn texts() {
        assert_eq!(apply("strlen", &[text("Ørsted")]), Value::Number(6.0));
        assert_eq!(apply("toUpper", &[text("ß")]), text("SS"));
        assert_eq!(apply("trim", &[text(" a ")]), text("a"));
        assert_eq!(apply("ltrim", &[text("xxay"), text("xy")]), text("ay"));
        assert_eq!(apply("concat", &[text("a"), Value::Missing, Value::Number(1.0)]), text("a1"));
        assert_eq!(apply("substr", &[text("abcdef"), Value::Number(2.0), Value::Number(3.0)]), text("cde"));
        assert_eq!(apply("substr", &[text("ab"), Value::Number(9.0)]), text(""));
        assert_eq!(apply("replace", &[text("a-a"), text("a"), text("b")]), text("b-b"));
        assert_eq!(apply("strcontains", &[text("abc"), text("b")]), Value::Boolean(true));
    }

    #[test]
    fn presence() {
        assert_eq!(apply("ispresent", &[Value::Missing]), Value::Boolean(false));
        assert_eq!(apply("isblank", &[text("  ")]), Value::Boolean(true));
        assert_eq!(apply("isempty", &[text("  ")]), Value::Boolean(false));
        assert_eq!(apply("coalesce", &[Value::Missing, text("b")]), text("b"));
    }

    #[test]
    fn times_and_addresses() {
        assert_eq!(apply("fromMillis", &[text("1000")]), Value::Time(1000));
        assert_eq!(apply("toMillis", &[Value::Time(1000)]), Value::Number(1000.0));
        assert_eq!(apply("isValidIpV4", &[text("10.0.0.1")]), Value::Boolean(true));
        assert_eq!(apply("isValidIpV6", &[text("10.0.0.1")]), Value::Boolean(false));
    }
}
