//! From words to the syntax tree.

mod aggregates;
mod commands;
mod expressions;
mod order;

use std::ops::Range;

use super::error::QueryError;
use super::lexer;
use super::syntax::Command;
use super::token::{Symbol, Token, TokenKind};
use order::Order;

/// How deep expressions may be nested, so that no query can exhaust the stack.
const DEPTH_LIMIT: usize = 60;
/// How many operators of arithmetic a query may have, for the same reason: `a + b + c` is nested, too.
const OPERATOR_LIMIT: usize = 200;
/// How many patterns a query may have, each of which takes memory.
const PATTERN_LIMIT: usize = 30;

/// The commands of a query.
pub(super) fn parse(query: &str) -> Result<Vec<Command>, QueryError> {
    let tokens = lexer::tokens(query)?;
    Parser { query, tokens, position: 0, depth: 0, operators: 0, patterns: 0 }.commands()
}

struct Parser<'q> {
    query: &'q str,
    /// Ended by [`TokenKind::End`].
    tokens: Vec<Token>,
    position: usize,
    depth: usize,
    operators: usize,
    patterns: usize,
}

impl Parser<'_> {
    fn commands(&mut self) -> Result<Vec<Command>, QueryError> {
        let (mut commands, mut order) = (Vec::new(), Order::default());
        loop {
            let place = self.span();
            let command = self.command()?;
            order.add(&command, place)?;
            commands.push(command);
            if !self.accept(Symbol::Pipe) {
                break;
            }
        }
        if self.kind() == &TokenKind::End {
            Ok(commands)
        } else {
            Err(self.expected("\"|\" or the end of the query"))
        }
    }

    fn kind(&self) -> &TokenKind {
        self.tokens.get(self.position).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn kind_after(&self) -> &TokenKind {
        self.tokens.get(self.position + 1).map_or(&TokenKind::End, |token| &token.kind)
    }

    fn span(&self) -> Range<usize> {
        self.tokens.get(self.position).map_or(self.query.len()..self.query.len(), |token| token.span.clone())
    }

    /// The place from there to the last word read.
    fn span_from(&self, start: usize) -> Range<usize> {
        let last = self.position.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..last.map_or(start, |token| token.span.end)
    }

    /// The query from there to the last word read, as it is written.
    fn written_from(&self, start: usize) -> String {
        self.query.get(self.span_from(start)).unwrap_or_default().to_owned()
    }

    fn advance(&mut self) {
        self.position += 1;
    }

    /// Moves on if the next word is this symbol.
    fn accept(&mut self, symbol: Symbol) -> bool {
        let is_next = self.kind() == &TokenKind::Symbol(symbol);
        if is_next {
            self.advance();
        }
        is_next
    }

    fn expect(&mut self, symbol: Symbol) -> Result<(), QueryError> {
        if self.accept(symbol) { Ok(()) } else { Err(self.expected(&format!("\"{}\"", symbol.written()))) }
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.kind(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Moves on if the next word is this keyword.
    fn accept_keyword(&mut self, keyword: &str) -> bool {
        let is_next = self.is_keyword(keyword);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// That something else stands where this was expected.
    fn expected(&self, what: &str) -> QueryError {
        QueryError::new(self.span(), format!("expected {what}, found {}", self.kind()))
    }

    /// Reads what is nested, unless it is nested too deep.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, QueryError>) -> Result<T, QueryError> {
        if self.depth >= DEPTH_LIMIT {
            return Err(QueryError::new(
                self.span(),
                format!("expected at most {DEPTH_LIMIT} levels of nesting"),
            ));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn count_operator(&mut self) -> Result<(), QueryError> {
        self.operators += 1;
        if self.operators > OPERATOR_LIMIT {
            let message = format!("expected at most {OPERATOR_LIMIT} operators of arithmetic");
            return Err(QueryError::new(self.span(), message));
        }
        Ok(())
    }

    fn count_pattern(&mut self) -> Result<(), QueryError> {
        self.patterns += 1;
        if self.patterns > PATTERN_LIMIT {
            let message = format!("expected at most {PATTERN_LIMIT} patterns of like, =~ and parse");
            return Err(QueryError::new(self.span(), message));
        }
        Ok(())
    }

    /// Several of the same, with commas between them.
    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        let mut items = vec![read(self)?];
        while self.accept(Symbol::Comma) {
            items.push(read(self)?);
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests;
