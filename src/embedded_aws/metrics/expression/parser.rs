//! From words to a tree, by recursive descent.
//!
//! ```text
//! sum     = product { ("+" | "-") product }
//! product = factor { ("*" | "/") factor }
//! factor  = "-" factor | number | id | function | "(" sum ")" | "[" sum { "," sum } "]"
//! ```

use super::ExpressionError;
use super::lexer::{Token, tokens};

/// How deep parentheses, lists and signs may be nested.
const DEPTH: usize = 32;

/// A tree of metric math.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Expression {
    /// A number.
    Number(f64),
    /// The result of another query.
    Id(String),
    /// The results of all queries of metrics, or of those whose id contains a text.
    Metrics(Option<String>),
    /// Several results.
    List(Vec<Expression>),
    /// With the sign turned.
    Negative(Box<Expression>),
    /// Two operands.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// Added up.
    Sum(Box<Expression>),
    /// The mean.
    Average(Box<Expression>),
}

/// What is done with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Expression {
    /// The ids that it names.
    pub(in super::super) fn ids(&self) -> Vec<&str> {
        match self {
            Self::Number(_) | Self::Metrics(_) => Vec::new(),
            Self::Id(id) => vec![id],
            Self::List(parts) => parts.iter().flat_map(Self::ids).collect(),
            Self::Negative(part) | Self::Sum(part) | Self::Average(part) => part.ids(),
            Self::Binary(_, left, right) => left.ids().into_iter().chain(right.ids()).collect(),
        }
    }
}

/// Reads an expression.
pub(in super::super) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0 };
    let expression = parser.sum()?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.expected("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn sum(&mut self) -> Result<Expression, ExpressionError> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Plus) => Operator::Add,
                Some(Token::Minus) => Operator::Subtract,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Expression::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expression, ExpressionError> {
        let mut left = self.factor()?;
        loop {
            let operator = match self.peek() {
                Some(Token::Times) => Operator::Multiply,
                Some(Token::Divide) => Operator::Divide,
                _ => return Ok(left),
            };
            self.next += 1;
            left = Expression::Binary(operator, Box::new(left), Box::new(self.factor()?));
        }
    }

    fn factor(&mut self) -> Result<Expression, ExpressionError> {
        if self.depth == DEPTH {
            return Err(ExpressionError::TooDeep(DEPTH));
        }
        self.depth += 1;
        let factor = self.factor_within()?;
        self.depth -= 1;
        Ok(factor)
    }

    fn factor_within(&mut self) -> Result<Expression, ExpressionError> {
        let expected = "a number, an id, a function, '(' or '['";
        let Some(token) = self.peek().cloned() else { return Err(self.expected(expected)) };
        match token {
            Token::Number(number) => {
                self.next += 1;
                Ok(Expression::Number(number))
            }
            Token::Minus => {
                self.next += 1;
                Ok(Expression::Negative(Box::new(self.factor()?)))
            }
            Token::Open => {
                self.next += 1;
                let within = self.sum()?;
                self.take(&Token::Close, "')'")?;
                Ok(within)
            }
            Token::OpenList => self.list(),
            Token::Name(name) => {
                self.next += 1;
                if self.peek() == Some(&Token::Open) { self.function(name) } else { Ok(Expression::Id(name)) }
            }
            _ => Err(self.expected(expected)),
        }
    }

    fn list(&mut self) -> Result<Expression, ExpressionError> {
        self.take(&Token::OpenList, "'['")?;
        let mut parts = vec![self.sum()?];
        while self.peek() == Some(&Token::Comma) {
            self.next += 1;
            parts.push(self.sum()?);
        }
        self.take(&Token::CloseList, "',' or ']'")?;
        Ok(Expression::List(parts))
    }

    fn function(&mut self, name: String) -> Result<Expression, ExpressionError> {
        self.take(&Token::Open, "'('")?;
        let call = match name.as_str() {
            "SUM" => Expression::Sum(Box::new(self.sum()?)),
            "AVG" => Expression::Average(Box::new(self.sum()?)),
            "METRICS" => match self.peek().cloned() {
                Some(Token::Text(part)) => {
                    self.next += 1;
                    Expression::Metrics(Some(part))
                }
                _ => Expression::Metrics(None),
            },
            _ => return Err(ExpressionError::Function(name)),
        };
        self.take(&Token::Close, "')'")?;
        Ok(call)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn take(&mut self, token: &Token, expected: &'static str) -> Result<(), ExpressionError> {
        if self.peek() == Some(token) {
            self.next += 1;
            Ok(())
        } else {
            Err(self.expected(expected))
        }
    }

    fn expected(&self, expected: &'static str) -> ExpressionError {
        match self.tokens.get(self.next) {
            Some((_, position)) => ExpressionError::Expected { expected, position: *position },
            None => ExpressionError::Ended(expected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use proptest::prelude::*;

    fn id(name: &str) -> Expression {
        Expression::Id(name.to_owned())
    }

    fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
        Expression::Binary(operator, Box::new(left), Box::new(right))
    }

    #[test]
    fn products_bind_more_tightly_than_sums_and_both_from_the_left() {
        let sum = binary(Operator::Add, id("a"), binary(Operator::Multiply, id("b"), id("c")));
        let expected = binary(Operator::Subtract, sum, id("d"));
        assert_eq!(parse("a + b*c - d"), Ok(expected));
    }

    #[test]
    fn functions_take_ids_lists_and_all_metrics() {
        let list = Expression::List(vec![id("m1"), id("m2")]);
        assert_eq!(parse("SUM([m1, m2])"), Ok(Expression::Sum(Box::new(list))));
        let all = Expression::Average(Box::new(Expression::Metrics(Some("err".to_owned()))));
        assert_eq!(parse("AVG(METRICS('err'))"), Ok(all));
        assert_eq!(parse("METRICS()"), Ok(Expression::Metrics(None)));
    }

    #[test]
    fn what_is_not_implemented_is_named() {
        assert_eq!(parse("SEARCH('{a}', 'Sum', 300)"), Err(ExpressionError::Function("SEARCH".to_owned())));
        assert_eq!(parse("m1 ^ 2"), Err(ExpressionError::Character { character: '^', position: 4 }));
        assert_eq!(parse("m1 > 2"), Err(ExpressionError::Character { character: '>', position: 4 }));
    }

    #[test]
    fn mistakes_have_a_place() {
        let operator = ExpressionError::Expected { expected: "an operator or the end", position: 4 };
        assert_eq!(parse("m1 m2"), Err(operator));
        assert_eq!(parse("(m1"), Err(ExpressionError::Ended("')'")));
        assert_eq!(parse("METRICS(\"a"), Err(ExpressionError::OpenText(9)));
        assert!(matches!(parse(""), Err(ExpressionError::Ended(_))));
        assert!(matches!(parse("1.2.3"), Err(ExpressionError::Character { character: '1', position: 1 })));
        assert!(matches!(parse("m1 + * m2"), Err(ExpressionError::Expected { position: 6, .. })));
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(parse(&"(".repeat(1000)), Err(ExpressionError::TooDeep(DEPTH)));
        assert_eq!(parse(&"-".repeat(1000)), Err(ExpressionError::TooDeep(DEPTH)));
        assert!(parse(&format!("{}1{}", "(".repeat(20), ")".repeat(20))).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn nor_does_one_of_its_own_words(text in "[-+*/()\\[\\],.0-9a-cSUMAVG \"']{0,80}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn fuzz_expression_of_metrics() {
        let seeds = ["SUM([m1, m2]) / (AVG(METRICS('err')) - -1.5e2)", "a + b*c - d", "METRICS()"];
        let words = ["SUM(", "AVG(", "METRICS(\"", "[", "]", "-", " + m1", "* 2", ")"];
        fuzzing::text(500, &seeds, &words, |text| {
            // The service takes no longer ones.
            if text.chars().count() > 2048 {
                return;
            }
            if let Ok(expression) = parse(text) {
                let named = |id: &str| !id.is_empty() && text.contains(id);
                assert!(expression.ids().into_iter().all(named), "it names nothing that is not there");
            }
        });
    }
}
