//! Expressions, from the weakest operator to the strongest: `or`, `and`, `not`, comparisons, `+ -`,
//! `* / %`, `^`.

use std::ops::Range;

use super::super::calendar::Period;
use super::super::error::QueryError;
use super::super::functions::Function;
use super::super::patterns;
use super::super::syntax::{Comparison, Expression, Operand, Operator};
use super::super::token::{Symbol, TokenKind};
use super::super::value::Value;
use super::Parser;

type Parsed = Result<Expression<Operand>, QueryError>;

const COMPARISONS: [(Symbol, Comparison); 6] = [
    (Symbol::Equal, Comparison::Equal),
    (Symbol::NotEqual, Comparison::NotEqual),
    (Symbol::Less, Comparison::Less),
    (Symbol::LessOrEqual, Comparison::LessOrEqual),
    (Symbol::Greater, Comparison::Greater),
    (Symbol::GreaterOrEqual, Comparison::GreaterOrEqual),
];
/// What cannot be a field without backticks.
const KEYWORDS: [&str; 9] = ["and", "or", "not", "like", "in", "as", "by", "asc", "desc"];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed {
        self.nested(|parser| {
            let first = parser.conjunction()?;
            parser.more("or", first, Self::conjunction, Expression::Any)
        })
    }

    fn conjunction(&mut self) -> Parsed {
        let first = self.negation()?;
        self.more("and", first, Self::negation, Expression::All)
    }

    /// The conditions that follow the first with a word between them, taken together.
    fn more(
        &mut self,
        word: &str,
        first: Expression<Operand>,
        read: impl Fn(&mut Self) -> Parsed,
        together: impl Fn(Vec<Expression<Operand>>) -> Expression<Operand>,
    ) -> Parsed {
        if !self.is_keyword(word) {
            return Ok(first);
        }
        let mut conditions = vec![first];
        while self.accept_keyword(word) {
            conditions.push(read(self)?);
        }
        Ok(together(conditions))
    }

    fn negation(&mut self) -> Parsed {
        if self.accept_keyword("not") {
            let inner = self.nested(Self::negation)?;
            return Ok(Expression::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let compared = COMPARISONS.into_iter().find(|(symbol, _)| self.kind() == &TokenKind::Symbol(*symbol));
        if let Some((_, comparison)) = compared {
            self.advance();
            return Ok(Expression::Compare(comparison, Box::new(left), Box::new(self.sum()?)));
        }
        if self.accept(Symbol::Matches) {
            return self.matching(left, false);
        }
        let is_negated = self.is_keyword("not");
        if is_negated {
            self.advance();
        }
        let condition = if self.accept_keyword("like") {
            self.matching(left, true)?
        } else if self.accept_keyword("in") {
            self.membership(left)?
        } else if is_negated {
            return Err(self.expected("\"like\" or \"in\" after \"not\""));
        } else {
            return Ok(left);
        };
        Ok(if is_negated { Expression::Not(Box::new(condition)) } else { condition })
    }

    /// What follows `like` or `=~`.
    fn matching(&mut self, subject: Expression<Operand>, takes_text: bool) -> Parsed {
        let condition = match self.kind() {
            TokenKind::Regex(pattern) => {
                let pattern = patterns::regex(pattern, &self.span())?;
                self.count_pattern()?;
                Expression::Matches(Box::new(subject), pattern)
            }
            TokenKind::Text(text) if takes_text => Expression::Contains(Box::new(subject), text.clone()),
            _ if takes_text => return Err(self.expected("a string or a regular expression between slashes")),
            _ => return Err(self.expected("a regular expression between slashes")),
        };
        self.advance();
        Ok(condition)
    }

    /// What follows `in`.
    fn membership(&mut self, subject: Expression<Operand>) -> Parsed {
        self.expect(Symbol::OpenBracket)?;
        let options = self.list(Self::sum)?;
        self.expect(Symbol::CloseBracket)?;
        Ok(Expression::OneOf(Box::new(subject), options))
    }

    fn sum(&mut self) -> Parsed {
        self.left_to_right(
            &[(Symbol::Plus, Operator::Add), (Symbol::Minus, Operator::Subtract)],
            Self::product,
        )
    }

    fn product(&mut self) -> Parsed {
        self.left_to_right(
            &[
                (Symbol::Star, Operator::Multiply),
                (Symbol::Slash, Operator::Divide),
                (Symbol::Percent, Operator::Remainder),
            ],
            Self::sign,
        )
    }

    fn left_to_right(
        &mut self,
        operators: &[(Symbol, Operator)],
        operand: impl Fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let mut left = operand(self)?;
        while let Some((_, operator)) =
            operators.iter().find(|(symbol, _)| self.kind() == &TokenKind::Symbol(*symbol))
        {
            self.count_operator()?;
            self.advance();
            left = Expression::Arithmetic(*operator, Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    fn sign(&mut self) -> Parsed {
        if self.accept(Symbol::Minus) {
            let inner = self.nested(Self::sign)?;
            return Ok(Expression::Negate(Box::new(inner)));
        }
        self.power()
    }

    /// From right to left, as powers are.
    fn power(&mut self) -> Parsed {
        let base = self.primary()?;
        if self.accept(Symbol::Caret) {
            let exponent = self.nested(Self::sign)?;
            return Ok(Expression::Arithmetic(Operator::Power, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Parsed {
        let expression = match self.kind() {
            TokenKind::Number(number) => Expression::Literal(Value::Number(*number)),
            TokenKind::Text(text) => Expression::Literal(Value::Text(text.clone())),
            TokenKind::QuotedName(name) => Expression::Reference(Operand::Field(name.clone(), self.span())),
            TokenKind::Word(word) if KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word)) => {
                return Err(self.expected("a value, a field or a function"));
            }
            TokenKind::Word(_) if self.kind_after() == &TokenKind::Symbol(Symbol::OpenParenthesis) => {
                return self.nested(Self::call);
            }
            TokenKind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "true" => Expression::Literal(Value::Boolean(true)),
                "false" => Expression::Literal(Value::Boolean(false)),
                _ => Expression::Reference(Operand::Field(word.clone(), self.span())),
            },
            TokenKind::Symbol(Symbol::OpenParenthesis) => {
                self.advance();
                let inner = self.expression()?;
                self.expect(Symbol::CloseParenthesis)?;
                return Ok(inner);
            }
            _ => return Err(self.expected("a value, a field or a function")),
        };
        self.advance();
        Ok(expression)
    }

    /// A name and arguments in parentheses.
    fn call(&mut self) -> Parsed {
        let TokenKind::Word(name) = self.kind() else { return Err(self.expected("a function")) };
        let name = name.clone();
        let span = self.span();
        self.advance();
        self.expect(Symbol::OpenParenthesis)?;
        match name.to_ascii_lowercase().as_str() {
            "bin" => {
                let timestamp = Expression::Reference(Operand::Field("@timestamp".to_owned(), span));
                let period = self.period()?;
                self.expect(Symbol::CloseParenthesis)?;
                Ok(Expression::Floor(Box::new(timestamp), period))
            }
            rounding @ ("datefloor" | "dateceil") => {
                let time = Box::new(self.expression()?);
                self.expect(Symbol::Comma)?;
                let period = self.period()?;
                self.expect(Symbol::CloseParenthesis)?;
                Ok(if rounding == "datefloor" {
                    Expression::Floor(time, period)
                } else {
                    Expression::Ceiling(time, period)
                })
            }
            _ => match self.aggregate(&name, &span)? {
                Some(aggregate) => Ok(Expression::Reference(Operand::Aggregate(Box::new(aggregate)))),
                None => self.function(&name, span),
            },
        }
    }

    fn period(&mut self) -> Result<Period, QueryError> {
        let period = match self.kind() {
            TokenKind::Duration(count, unit) => Period::of(*count, unit),
            _ => None,
        };
        let period =
            period.ok_or_else(|| self.expected("a duration such as 30s, 5m, 1h, 1d, 1w, 1mo, 1q or 1y"))?;
        self.advance();
        Ok(period)
    }

    /// The rest of a function of one row.
    fn function(&mut self, name: &str, span: Range<usize>) -> Parsed {
        let Some((function, wanted)) = Function::named(name) else {
            let message = format!("expected a function that the embedded AWS has, found \"{name}\"");
            return Err(QueryError::new(span, message));
        };
        let is_empty = self.kind() == &TokenKind::Symbol(Symbol::CloseParenthesis);
        let arguments = if is_empty { Vec::new() } else { self.list(Self::expression)? };
        self.expect(Symbol::CloseParenthesis)?;
        if wanted.contains(&arguments.len()) {
            return Ok(Expression::Call(function, arguments));
        }
        let (least, most) = wanted.into_inner();
        let wanted = match most {
            usize::MAX => format!("at least {least}"),
            most if most == least => least.to_string(),
            most => format!("{least} to {most}"),
        };
        let message = format!("expected {wanted} arguments of {name}, found {}", arguments.len());
        Err(QueryError::new(span, message))
    }
}
