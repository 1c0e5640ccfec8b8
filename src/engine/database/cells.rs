//! From the fields of the Data API to typed cells.

use aws_sdk_rdsdata::types::{ArrayValue, Field};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Number, Value};

/// The largest whole number that every reader of JSON keeps exact.
const MAX_EXACT: u64 = 9_007_199_254_740_991;

/// A cell: numbers are numbers as long as they stay exact, bytes are base64.
pub(super) fn cell(field: &Field) -> Value {
    match field {
        Field::LongValue(number) => whole(*number),
        Field::DoubleValue(number) => fraction(*number),
        Field::BooleanValue(truth) => Value::Bool(*truth),
        Field::StringValue(text) => Value::String(text.clone()),
        Field::BlobValue(bytes) => Value::String(STANDARD.encode(bytes)),
        Field::ArrayValue(array) => list(array),
        // Null, and what a later version of the Data API may have.
        _ => Value::Null,
    }
}

fn list(array: &ArrayValue) -> Value {
    fn each<T>(values: &[Option<T>], cell: impl Fn(&T) -> Value) -> Value {
        Value::Array(values.iter().map(|value| value.as_ref().map_or(Value::Null, &cell)).collect())
    }
    match array {
        ArrayValue::ArrayValues(values) => each(values, list),
        ArrayValue::BooleanValues(values) => each(values, |truth| Value::Bool(*truth)),
        ArrayValue::DoubleValues(values) => each(values, |number| fraction(*number)),
        ArrayValue::LongValues(values) => each(values, |number| whole(*number)),
        ArrayValue::StringValues(values) => each(values, |text| Value::String(text.clone())),
        _ => Value::Null,
    }
}

fn whole(number: i64) -> Value {
    if number.unsigned_abs() <= MAX_EXACT { Value::from(number) } else { Value::String(number.to_string()) }
}

fn fraction(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| Value::String(number.to_string()), Value::Number)
}

/// Names for columns, each only once: the second `id` becomes `id (2)`.
pub(super) fn distinct(names: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let free = (1..).map(|number| if number == 1 { name.clone() } else { format!("{name} ({number})") });
        distinct.extend(free.into_iter().find(|candidate| !distinct.contains(candidate)));
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_keep_their_type_and_their_value() {
        assert_eq!(cell(&Field::LongValue(-12)), json!(-12));
        assert_eq!(cell(&Field::LongValue(i64::MAX)), json!("9223372036854775807"));
        assert_eq!(cell(&Field::DoubleValue(0.5)), json!(0.5));
        assert_eq!(cell(&Field::DoubleValue(f64::NAN)), json!("NaN"));
        assert_eq!(cell(&Field::IsNull(true)), Value::Null);
        let longs = ArrayValue::LongValues(vec![Some(1), None]);
        assert_eq!(cell(&Field::ArrayValue(longs)), json!([1, null]));
    }

    #[test]
    fn columns_of_the_same_name_are_told_apart() {
        let names = ["id", "name", "id", "id"].map(str::to_owned).to_vec();
        assert_eq!(distinct(names), ["id", "name", "id (2)", "id (3)"]);
    }
}
