//! The commands.

use super::super::MOST_ROWS;
use super::super::error::QueryError;
use super::super::functions::whole;
use super::super::patterns;
use super::super::syntax::{Column, Command, Expression, Extraction, Operand, SortKey};
use super::super::token::TokenKind;
use super::Parser;

const COMMANDS: &str = "a command (fields, display, filter, parse, stats, sort, limit or dedup)";
/// Commands of Logs Insights that are not implemented here.
const ELSEWHERE: [&str; 11] = [
    "anomaly",
    "diff",
    "filterindex",
    "join",
    "lookup",
    "pattern",
    "source",
    "subqueries",
    "unmask",
    "unnest",
    "addtotals",
];

/// Fields that each event has, and that nothing else can be called.
const EVENTS_OWN: [&str; 6] = ["@timestamp", "@message", "@logStream", "@log", "@ingestionTime", "@ptr"];

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Result<Command, QueryError> {
        let TokenKind::Word(word) = self.kind() else { return Err(self.expected(COMMANDS)) };
        let word = word.to_ascii_lowercase();
        let unknown = self.expected(COMMANDS);
        let span = self.span();
        self.advance();
        match word.as_str() {
            "fields" => Ok(Command::Fields(self.list(Self::column)?)),
            "display" => Ok(Command::Display(self.list(Self::column)?)),
            "filter" => Ok(Command::Filter(self.expression()?)),
            "parse" => self.parse_command(),
            "stats" => self.stats(),
            "sort" => Ok(Command::Sort(self.list(Self::sort_key)?)),
            "limit" => self.limit(),
            "dedup" => Ok(Command::Dedup(self.list(Self::column)?)),
            missing if ELSEWHERE.contains(&missing) => {
                let message = format!("expected {COMMANDS}: the embedded AWS does not implement {missing}");
                Err(QueryError::new(span, message))
            }
            _ => Err(unknown),
        }
    }

    /// An expression, and a name if one is given.
    fn column(&mut self) -> Result<Column, QueryError> {
        let start = self.span().start;
        let expression = self.expression()?;
        let written = match &expression {
            Expression::Reference(Operand::Field(name, _)) => name.clone(),
            _ => self.written_from(start),
        };
        let alias = if self.accept_keyword("as") { Some(self.new_name()?) } else { None };
        Ok(Column { expression, written, alias })
    }

    fn new_name(&mut self) -> Result<String, QueryError> {
        match self.kind() {
            TokenKind::Word(name) | TokenKind::QuotedName(name) => {
                let name = name.clone();
                if EVENTS_OWN.contains(&name.as_str()) {
                    return Err(self.expected("a name that no event has"));
                }
                self.advance();
                Ok(name)
            }
            _ => Err(self.expected("a name")),
        }
    }

    fn stats(&mut self) -> Result<Command, QueryError> {
        let columns = self.list(Self::column)?;
        let by = if self.accept_keyword("by") { self.list(Self::column)? } else { Vec::new() };
        Ok(Command::Stats { columns, by })
    }

    fn sort_key(&mut self) -> Result<SortKey, QueryError> {
        let column = self.column()?;
        let is_descending = self.accept_keyword("desc");
        if !is_descending {
            self.accept_keyword("asc");
        }
        Ok(SortKey { column, is_descending })
    }

    fn limit(&mut self) -> Result<Command, QueryError> {
        let rows = match self.kind() {
            TokenKind::Number(number) if number.fract() == 0.0 => {
                whole(*number).and_then(|rows| usize::try_from(rows).ok())
            }
            _ => None,
        };
        let Some(rows) = rows.filter(|rows| (1..=MOST_ROWS).contains(rows)) else {
            return Err(self.expected(&format!("a whole number from 1 to {MOST_ROWS}")));
        };
        self.advance();
        Ok(Command::Limit(rows))
    }

    /// `parse [field] "glob" as a, b` or `parse [field] /(?<a>regex)/`.
    fn parse_command(&mut self) -> Result<Command, QueryError> {
        let subject = match self.kind() {
            TokenKind::Text(_) | TokenKind::Regex(_) => {
                Expression::Reference(Operand::Field("@message".to_owned(), self.span()))
            }
            _ => self.expression()?,
        };
        let span = self.span();
        let (pattern, is_glob) = match self.kind() {
            TokenKind::Text(text) => (patterns::glob(text, &span)?, true),
            TokenKind::Regex(text) => (patterns::regex(text, &span)?, false),
            _ => {
                return Err(
                    self.expected("a pattern: a string with * or a regular expression between slashes")
                );
            }
        };
        self.count_pattern()?;
        self.advance();
        let groups = pattern.groups_len() - 1;
        let names = if self.accept_keyword("as") { self.list(Self::new_name)? } else { Vec::new() };
        let fields: Vec<_> = if names.is_empty() {
            let groups = pattern.group_names().enumerate();
            groups.filter_map(|(group, name)| Some((group, name?.to_owned()))).collect()
        } else if names.len() == groups {
            (1..).zip(names).collect()
        } else {
            let message = format!(
                "expected as many names after \"as\" as the pattern has values: {groups}, found {}",
                names.len()
            );
            return Err(QueryError::new(span, message));
        };
        if fields.is_empty() {
            let what = if is_glob {
                "\"as\" and a name for each * of the pattern"
            } else {
                "a named group, such as (?<name>…)"
            };
            return Err(QueryError::new(span, format!("expected {what}")));
        }
        Ok(Command::Parse(Extraction { subject, pattern, fields }))
    }
}
