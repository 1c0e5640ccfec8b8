//! The functions of `stats`.

use std::ops::Range;

use super::super::error::QueryError;
use super::super::syntax::{Aggregate, AggregateKind, Expression, Operand};
use super::super::token::{Symbol, TokenKind};
use super::Parser;

impl Parser<'_> {
    /// The rest of a function of many rows after its opening parenthesis; none when the name is not
    /// that of one.
    pub(super) fn aggregate(
        &mut self,
        name: &str,
        span: &Range<usize>,
    ) -> Result<Option<Aggregate>, QueryError> {
        let kind = match name.to_ascii_lowercase().as_str() {
            "count" => return self.count(span).map(Some),
            "pct" => return self.percentile(span).map(Some),
            "count_distinct" => AggregateKind::CountDistinct,
            "sum" => AggregateKind::Sum,
            "avg" => AggregateKind::Average,
            "min" => AggregateKind::Minimum,
            "max" => AggregateKind::Maximum,
            "stddev" => AggregateKind::StandardDeviation,
            "earliest" => AggregateKind::Earliest,
            "latest" => AggregateKind::Latest,
            "sortsfirst" => AggregateKind::SortsFirst,
            "sortslast" => AggregateKind::SortsLast,
            _ => return Ok(None),
        };
        let argument = self.expression()?;
        self.expect(Symbol::CloseParenthesis)?;
        Ok(Some(self.aggregate_of(kind, Some(argument), span)))
    }

    /// `count()`, `count(*)` or `count(field)`.
    fn count(&mut self, span: &Range<usize>) -> Result<Aggregate, QueryError> {
        let is_of_rows =
            self.accept(Symbol::Star) || self.kind() == &TokenKind::Symbol(Symbol::CloseParenthesis);
        let argument = if is_of_rows { None } else { Some(self.expression()?) };
        self.expect(Symbol::CloseParenthesis)?;
        Ok(self.aggregate_of(AggregateKind::Count, argument, span))
    }

    /// `pct(field, percent)`.
    fn percentile(&mut self, span: &Range<usize>) -> Result<Aggregate, QueryError> {
        let argument = self.expression()?;
        self.expect(Symbol::Comma)?;
        let percent = match self.kind() {
            TokenKind::Number(percent) if (0.0..=100.0).contains(percent) => *percent,
            _ => return Err(self.expected("a number from 0 to 100")),
        };
        self.advance();
        self.expect(Symbol::CloseParenthesis)?;
        Ok(self.aggregate_of(AggregateKind::Percentile(percent), Some(argument), span))
    }

    fn aggregate_of(
        &self,
        kind: AggregateKind,
        argument: Option<Expression<Operand>>,
        span: &Range<usize>,
    ) -> Aggregate {
        Aggregate { kind, argument, written: self.written_from(span.start), span: self.span_from(span.start) }
    }
}
