//! What a metric is: namespace, name and dimensions; and the units of its values.

use std::collections::BTreeSet;

use super::error::MetricsError;
use super::value::{Fields, Value};

/// The most dimensions of a metric.
const DIMENSIONS: usize = 30;
/// The longest namespace, metric name and name of a dimension, in characters.
const NAME_LENGTH: usize = 255;
/// The longest value of a dimension, in characters.
const VALUE_LENGTH: usize = 1024;

/// A name and value that tell metrics of the same name apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dimension {
    pub(super) name: String,
    pub(super) value: String,
}

/// Dimensions in the order of their names, each name once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Dimensions(Vec<Dimension>);

impl Dimensions {
    /// Reads the member `Dimensions`.
    pub(super) fn read(fields: &mut Fields) -> Result<Self, MetricsError> {
        let list = fields.structures("Dimensions")?;
        if list.len() > DIMENSIONS {
            return Err(MetricsError::InvalidParameterValue(format!(
                "The collection {} must not have a size greater than {DIMENSIONS}.",
                fields.name_of("Dimensions")
            )));
        }
        let mut dimensions = list.into_iter().map(read_dimension).collect::<Result<Vec<_>, _>>()?;
        dimensions.sort();
        let names: BTreeSet<&str> = dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        if names.len() < dimensions.len() {
            return Err(MetricsError::InvalidParameterValue(format!(
                "No dimension name may appear twice in {}.",
                fields.name_of("Dimensions")
            )));
        }
        Ok(Self(dimensions))
    }

    /// As stored: a JSON list of pairs.
    pub(super) fn to_stored(&self) -> String {
        let pairs = self.0.iter().map(|dimension| serde_json::json!([dimension.name, dimension.value]));
        pairs.collect::<serde_json::Value>().to_string()
    }

    /// From what [`Dimensions::to_stored`] wrote.
    pub(super) fn from_stored(text: &str) -> Result<Self, MetricsError> {
        let pairs: Vec<[String; 2]> =
            serde_json::from_str(text).map_err(|error| MetricsError::Damaged(error.to_string()))?;
        Ok(Self(pairs.into_iter().map(|[name, value]| Dimension { name, value }).collect()))
    }

    /// Whether one of them has this name and, if one is given, this value.
    pub(super) fn contains(&self, name: &str, value: Option<&str>) -> bool {
        let mut matches = self.0.iter().filter(|dimension| dimension.name == name);
        matches.any(|dimension| value.is_none_or(|value| dimension.value == value))
    }

    /// As answers carry them.
    pub(super) fn to_value(&self) -> Value {
        let structure = |dimension: &Dimension| {
            Value::structure([
                ("Name", dimension.name.as_str().into()),
                ("Value", dimension.value.as_str().into()),
            ])
        };
        Value::List(self.0.iter().map(structure).collect())
    }
}

fn read_dimension(mut fields: Fields) -> Result<Dimension, MetricsError> {
    let name = fields.required_text("Name", NAME_LENGTH)?;
    let value = fields.required_text("Value", VALUE_LENGTH)?;
    if name.starts_with(':') || !name.is_ascii() || name.trim().is_empty() {
        return Err(fields.invalid("Name", name));
    }
    if !value.is_ascii() || value.trim().is_empty() {
        return Err(fields.invalid("Value", value));
    }
    fields.finish()?;
    Ok(Dimension { name, value })
}

/// A metric's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metric {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) dimensions: Dimensions,
}

impl Metric {
    /// Reads the members `Namespace`, `MetricName` and `Dimensions`.
    pub(super) fn read(fields: &mut Fields) -> Result<Self, MetricsError> {
        let namespace = read_namespace(fields)?;
        let name = read_name(fields)?;
        Ok(Self { namespace, name, dimensions: Dimensions::read(fields)? })
    }
}

/// Reads the member `Namespace`.
pub(super) fn read_namespace(fields: &mut Fields) -> Result<String, MetricsError> {
    let namespace = fields.required_text("Namespace", NAME_LENGTH)?;
    if namespace.starts_with(':') { Err(fields.invalid("Namespace", namespace)) } else { Ok(namespace) }
}

/// Reads the member `MetricName`.
pub(super) fn read_name(fields: &mut Fields) -> Result<String, MetricsError> {
    fields.required_text("MetricName", NAME_LENGTH)
}

/// The unit of a value, which CloudWatch keeps and never converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unit(&'static str);

impl Unit {
    const ALL: [&'static str; 27] = [
        "Seconds",
        "Microseconds",
        "Milliseconds",
        "Bytes",
        "Kilobytes",
        "Megabytes",
        "Gigabytes",
        "Terabytes",
        "Bits",
        "Kilobits",
        "Megabits",
        "Gigabits",
        "Terabits",
        "Percent",
        "Count",
        "Bytes/Second",
        "Kilobytes/Second",
        "Megabytes/Second",
        "Gigabytes/Second",
        "Terabytes/Second",
        "Bits/Second",
        "Kilobits/Second",
        "Megabits/Second",
        "Gigabits/Second",
        "Terabits/Second",
        "Count/Second",
        "None",
    ];
    /// The unit of values that have none.
    pub(super) const NONE: Unit = Unit("None");

    /// The unit of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|known| **known == name).map(|known| Unit(known))
    }

    /// Its name.
    pub(super) fn as_str(self) -> &'static str {
        self.0
    }

    /// Reads the member `Unit`, if it is given.
    pub(super) fn read(fields: &mut Fields) -> Result<Option<Self>, MetricsError> {
        let Some(name) = fields.text("Unit")? else { return Ok(None) };
        Self::named(&name).map(Some).ok_or_else(|| fields.invalid("Unit", name))
    }
}
