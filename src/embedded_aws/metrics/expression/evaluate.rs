//! From a tree to numbers.

use std::collections::BTreeMap;

use super::ExpressionError;
use super::parser::{Expression, Operator};

/// A value for each of some periods.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Series {
    /// What people call it.
    pub(in super::super) label: String,
    /// The length of its periods in seconds.
    pub(in super::super) period: i64,
    /// Values by the beginnings of their periods, in seconds since 1970.
    pub(in super::super) points: BTreeMap<i64, f64>,
}

impl Series {
    fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self {
            points: self.points.iter().map(|(time, value)| (*time, change(*value))).collect(),
            ..self.clone()
        }
    }
}

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Quantity {
    /// One number.
    Number(f64),
    /// One series.
    Series(Series),
    /// Several series.
    Many(Vec<Series>),
}

/// The results that an expression may name: of all queries, and of which of them are of metrics.
pub(in super::super) struct Known<'a> {
    results: &'a BTreeMap<String, Quantity>,
    metrics: &'a [String],
}

/// Evaluates an expression over the `results` of other queries by their ids. `metrics` are the ids
/// of those that are of metrics.
///
/// # Errors
/// When an id is unknown, or kinds or periods do not go together.
pub(in super::super) fn evaluate(
    expression: &Expression,
    results: &BTreeMap<String, Quantity>,
    metrics: &[String],
) -> Result<Quantity, ExpressionError> {
    Known { results, metrics }.evaluate(expression)
}

impl Known<'_> {
    fn evaluate(&self, expression: &Expression) -> Result<Quantity, ExpressionError> {
        match expression {
            Expression::Number(number) => Ok(Quantity::Number(*number)),
            Expression::Id(id) => self.result(id).cloned(),
            Expression::Metrics(part) => self.all_metrics(part.as_deref()).map(Quantity::Many),
            Expression::List(parts) => self.list(parts).map(Quantity::Many),
            Expression::Negative(part) => Ok(each(&self.evaluate(part)?, |value| -value)),
            Expression::Binary(operator, left, right) => {
                binary(*operator, self.evaluate(left)?, self.evaluate(right)?)
            }
            Expression::Sum(part) => combine(self.evaluate(part)?, |values| values.iter().sum()),
            Expression::Average(part) => combine(self.evaluate(part)?, mean),
        }
    }

    fn result(&self, id: &str) -> Result<&Quantity, ExpressionError> {
        self.results.get(id).ok_or_else(|| ExpressionError::UnknownId(id.to_owned()))
    }

    fn all_metrics(&self, part: Option<&str>) -> Result<Vec<Series>, ExpressionError> {
        let wanted = self.metrics.iter().filter(|id| part.is_none_or(|part| id.contains(part)));
        let ids: Vec<Expression> = wanted.cloned().map(Expression::Id).collect();
        self.list(&ids)
    }

    fn list(&self, parts: &[Expression]) -> Result<Vec<Series>, ExpressionError> {
        let mut series = Vec::new();
        for part in parts {
            match self.evaluate(part)? {
                Quantity::Number(_) => {
                    return Err(ExpressionError::Kinds("a list holds time series and no numbers"));
                }
                Quantity::Series(one) => series.push(one),
                Quantity::Many(many) => series.extend(many),
            }
        }
        same_period(&series)?;
        Ok(series)
    }
}

fn each(quantity: &Quantity, change: impl Fn(f64) -> f64) -> Quantity {
    match quantity {
        Quantity::Number(number) => Quantity::Number(change(*number)),
        Quantity::Series(series) => Quantity::Series(series.map(change)),
        Quantity::Many(many) => Quantity::Many(many.iter().map(|series| series.map(&change)).collect()),
    }
}

fn binary(operator: Operator, left: Quantity, right: Quantity) -> Result<Quantity, ExpressionError> {
    match (left, right) {
        (Quantity::Number(left), right) => Ok(each(&right, |value| operator.apply(left, value))),
        (left, Quantity::Number(right)) => Ok(each(&left, |value| operator.apply(value, right))),
        (Quantity::Series(left), Quantity::Series(right)) => {
            pair(operator, &left, &right).map(Quantity::Series)
        }
        (Quantity::Many(many), Quantity::Series(one)) => many
            .iter()
            .map(|series| pair(operator, series, &one))
            .collect::<Result<_, _>>()
            .map(Quantity::Many),
        (Quantity::Series(one), Quantity::Many(many)) => many
            .iter()
            .map(|series| Ok(Series { label: series.label.clone(), ..pair(operator, &one, series)? }))
            .collect::<Result<_, _>>()
            .map(Quantity::Many),
        (Quantity::Many(_), Quantity::Many(_)) => {
            Err(ExpressionError::Kinds("two lists have no operator between them; use SUM or AVG first"))
        }
    }
}

/// Where both have a value.
fn pair(operator: Operator, left: &Series, right: &Series) -> Result<Series, ExpressionError> {
    if left.period != right.period {
        return Err(ExpressionError::Periods);
    }
    let both = left.points.iter().filter_map(|(time, value)| {
        let other = right.points.get(time)?;
        Some((*time, operator.apply(*value, *other)))
    });
    Ok(Series { points: both.collect(), ..left.clone() })
}

/// One series comes to a number; several come to a series of what each period has of them.
fn combine(quantity: Quantity, together: impl Fn(&[f64]) -> f64) -> Result<Quantity, ExpressionError> {
    match quantity {
        Quantity::Number(_) => Err(ExpressionError::Kinds("SUM and AVG take time series and no numbers")),
        Quantity::Series(series) => {
            let values: Vec<f64> = series.points.into_values().collect();
            // Of nothing nothing is known, and it is left out of every result.
            Ok(Quantity::Number(if values.is_empty() { f64::NAN } else { together(&values) }))
        }
        Quantity::Many(many) => {
            let period = many.first().map_or(1, |series| series.period);
            let mut values: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
            for (time, value) in many.into_iter().flat_map(|series| series.points) {
                values.entry(time).or_default().push(value);
            }
            let points = values.into_iter().map(|(time, values)| (time, together(&values))).collect();
            Ok(Quantity::Series(Series { label: String::new(), period, points }))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a request has at most 500 series")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn same_period(series: &[Series]) -> Result<(), ExpressionError> {
    let first = series.first().map(|series| series.period);
    if series.iter().all(|series| Some(series.period) == first) {
        Ok(())
    } else {
        Err(ExpressionError::Periods)
    }
}

impl Operator {
    fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn series(points: &[(i64, f64)]) -> Quantity {
        Quantity::Series(Series {
            label: "m".to_owned(),
            period: 60,
            points: points.iter().copied().collect(),
        })
    }

    fn results() -> BTreeMap<String, Quantity> {
        let slow = Quantity::Series(Series {
            label: String::new(),
            period: 300,
            points: BTreeMap::from([(0, 1.0)]),
        });
        BTreeMap::from([
            ("m1".to_owned(), series(&[(0, 1.0), (60, 2.0)])),
            ("m2".to_owned(), series(&[(60, 4.0), (120, 0.0)])),
            ("slow".to_owned(), slow),
        ])
    }

    fn value_of(text: &str) -> Result<Quantity, ExpressionError> {
        evaluate(&parse(text)?, &results(), &["m1".to_owned(), "m2".to_owned()])
    }

    fn points_of(text: &str) -> Vec<(i64, f64)> {
        match value_of(text).unwrap() {
            Quantity::Series(series) => series.points.into_iter().collect(),
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn two_series_meet_where_both_have_a_value() {
        assert_eq!(points_of("m1 + m2"), [(60, 6.0)]);
        assert_eq!(points_of("100 * m1 / m2 - 1"), [(60, 49.0)]);
    }

    #[test]
    fn sums_of_lists_take_what_there_is() {
        assert_eq!(points_of("SUM([m1, m2])"), [(0, 1.0), (60, 6.0), (120, 0.0)]);
        assert_eq!(points_of("AVG(METRICS())"), [(0, 1.0), (60, 3.0), (120, 0.0)]);
        assert_eq!(points_of("SUM(METRICS(\"2\"))"), [(60, 4.0), (120, 0.0)]);
    }

    #[test]
    fn a_sum_of_one_series_is_a_number() {
        assert_eq!(value_of("SUM(m1)"), Ok(Quantity::Number(3.0)));
        assert_eq!(value_of("AVG(m2)"), Ok(Quantity::Number(2.0)));
        assert_eq!(points_of("m1 / SUM(m1) * 3"), [(0, 1.0), (60, 2.0)]);
    }

    #[test]
    fn a_list_keeps_its_parts() {
        let Ok(Quantity::Many(many)) = value_of("-METRICS() * 2") else { panic!("no list") };
        assert_eq!(many.len(), 2);
        assert_eq!(many.first().and_then(|series| series.points.get(&60)), Some(&-4.0));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        assert_eq!(value_of("m9"), Err(ExpressionError::UnknownId("m9".to_owned())));
        assert_eq!(value_of("m1 + slow"), Err(ExpressionError::Periods));
        assert_eq!(value_of("SUM([m1, slow])"), Err(ExpressionError::Periods));
        assert!(matches!(value_of("SUM(1)"), Err(ExpressionError::Kinds(_))));
        assert!(matches!(value_of("[m1, 2]"), Err(ExpressionError::Kinds(_))));
        assert!(matches!(value_of("METRICS() + METRICS()"), Err(ExpressionError::Kinds(_))));
    }
}
