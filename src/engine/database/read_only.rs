//! Whether a statement only reads: the first of two checks. The second is the database's own, by the
//! rights of the user and, where it has them, by a transaction that is read-only.
//!
//! Dialects differ in what a backslash, a dollar or a `#` means inside and around texts. Where a
//! statement could mean one thing here and another in the database, it is refused rather than guessed at.

/// What a statement that reads begins with.
const READING: [&str; 8] = ["select", "with", "values", "table", "explain", "show", "describe", "desc"];

/// Words that no statement which reads has outside texts and quoted names.
const WRITING: [&str; 12] = [
    "insert", "update", "delete", "merge", "into", "truncate", "drop", "alter", "create", "grant", "revoke",
    "call",
];

/// Why a statement is not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotReadOnly {
    /// There is nothing to run.
    #[error("the statement is empty")]
    Empty,
    /// It begins with a word that does not read.
    #[error(
        "only statements that read are run: SELECT, WITH, VALUES, TABLE, EXPLAIN, SHOW or DESCRIBE, and not {0}"
    )]
    Begins(String),
    /// It has a word that writes.
    #[error(
        "only statements that read are run, and {word} at character {position} writes; put a name that is spelled so into double quotes"
    )]
    Writes {
        /// The word in capitals.
        word: String,
        /// Where it is, from 1.
        position: usize,
    },
    /// There is a second statement.
    #[error("one statement at a time is run; another begins at character {0}")]
    Several(usize),
    /// Databases read it differently.
    #[error(
        "{what} at character {position} is read differently by different databases; leave it out, or give a value as a parameter such as :name"
    )]
    Unclear {
        /// What.
        what: &'static str,
        /// Where it is, from 1.
        position: usize,
    },
    /// A text, a name or a comment has no end.
    #[error("what begins at character {0} has no end")]
    Endless(usize),
}

/// Checks a statement.
pub(crate) fn check(sql: &str) -> Result<(), NotReadOnly> {
    let characters: Vec<char> = sql.chars().collect();
    let mut reader = Reader { characters: &characters, position: 0 };
    let mut first = true;
    let mut ended = false;
    while let Some(part) = reader.next_part()? {
        if matches!(part, Part::End) {
            ended = !first;
            continue;
        }
        if ended {
            return Err(NotReadOnly::Several(reader.start_of(&part)));
        }
        if let Part::Word { word, start } = &part {
            let word = word.to_ascii_lowercase();
            if first && !READING.contains(&word.as_str()) {
                return Err(NotReadOnly::Begins(word.to_ascii_uppercase()));
            }
            if WRITING.contains(&word.as_str()) {
                return Err(NotReadOnly::Writes { word: word.to_ascii_uppercase(), position: start + 1 });
            }
            first = false;
        } else if first && !matches!(part, Part::Other('(')) {
            return Err(NotReadOnly::Begins("this".to_owned()));
        }
    }
    if first { Err(NotReadOnly::Empty) } else { Ok(()) }
}

/// A part of a statement that matters here.
enum Part {
    Word {
        word: String,
        start: usize,
    },
    Quoted,
    Other(char),
    /// A semicolon.
    End,
}

struct Reader<'a> {
    characters: &'a [char],
    position: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.position + ahead).copied()
    }

    /// Where a part that was just read begins, from 1.
    fn start_of(&self, part: &Part) -> usize {
        match part {
            Part::Word { start, .. } => start + 1,
            _ => self.position,
        }
    }

    fn next_part(&mut self) -> Result<Option<Part>, NotReadOnly> {
        loop {
            let Some(c) = self.peek(0) else { return Ok(None) };
            match (c, self.peek(1)) {
                (c, _) if c.is_whitespace() => self.position += 1,
                ('-', Some('-')) => self.skip_line()?,
                ('/', Some('*')) => self.skip_comment()?,
                ('\'' | '"' | '`', _) => {
                    self.skip_quoted(c)?;
                    return Ok(Some(Part::Quoted));
                }
                // A comment in MySQL, an operator in PostgreSQL.
                ('#', _) => return Err(self.unclear("a #")),
                ('$', next) if next.is_some_and(|next| !next.is_ascii_digit()) => {
                    return Err(self.unclear("a $"));
                }
                (';', _) => {
                    self.position += 1;
                    return Ok(Some(Part::End));
                }
                (c, _) if c.is_alphabetic() || c == '_' => return Ok(Some(self.word())),
                (c, _) => {
                    self.position += 1;
                    return Ok(Some(Part::Other(c)));
                }
            }
        }
    }

    fn word(&mut self) -> Part {
        let start = self.position;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.position += 1;
        }
        let word = self.characters.get(start..self.position).unwrap_or_default().iter().collect();
        Part::Word { word, start }
    }

    /// A comment up to the end of the line. In `MySQL` it begins only where a blank follows, and in
    /// `PostgreSQL` a carriage return ends it, too.
    fn skip_line(&mut self) -> Result<(), NotReadOnly> {
        if self.peek(2).is_some_and(|c| !c.is_ascii_whitespace()) {
            return Err(self.unclear("a -- without a blank behind it"));
        }
        while let Some(c) = self.peek(0).filter(|c| *c != '\n') {
            if c == '\r' && !matches!(self.peek(1), None | Some('\n')) {
                return Err(self.unclear("a carriage return in a comment"));
            }
            self.position += 1;
        }
        Ok(())
    }

    /// A comment; those of `PostgreSQL` may have others inside. `MySQL` runs what is inside of `/*!`, and
    /// `MariaDB` what is inside of `/*M!`.
    fn skip_comment(&mut self) -> Result<(), NotReadOnly> {
        let start = self.position;
        if matches!((self.peek(2), self.peek(3)), (Some('!'), _) | (Some('m' | 'M'), Some('!'))) {
            return Err(self.unclear("a comment with !"));
        }
        self.position += 2;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('*', Some('/')) => {
                    self.position += 2;
                    return Ok(());
                }
                ('/', Some('*')) => return Err(self.unclear("a comment inside a comment")),
                _ => self.position += 1,
            }
        }
        Err(NotReadOnly::Endless(start + 1))
    }

    /// A text or a quoted name, in which the quotation mark is written twice.
    fn skip_quoted(&mut self, mark: char) -> Result<(), NotReadOnly> {
        let start = self.position;
        self.position += 1;
        while let Some(c) = self.peek(0) {
            if c == '\\' && matches!(self.peek(1), Some('\'' | '"' | '`' | '\\')) {
                return Err(self.unclear("a backslash"));
            }
            self.position += 1;
            if c == mark {
                if self.peek(0) != Some(mark) {
                    return Ok(());
                }
                self.position += 1;
            }
        }
        Err(NotReadOnly::Endless(start + 1))
    }

    fn unclear(&self, what: &'static str) -> NotReadOnly {
        NotReadOnly::Unclear { what, position: self.position + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use rusqlite::fallible_iterator::FallibleIterator as _;

    #[test]
    fn statements_that_read_pass() {
        for sql in [
            "SELECT 1",
            "  select * from t where note = 'please update; delete' -- drop\n;  ",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "/* insert */ VALUES (1)",
            "SELECT \"update\", `delete` FROM t",
            "SELECT replace(title, 'a', 'b'), it''s FROM t",
            "(SELECT 1) UNION (SELECT 2)",
            "SELECT updated_at, created FROM t WHERE id = :id AND x = $1 --\r\nORDER BY id --",
            "EXPLAIN SELECT 1",
            "SELECT 1 --\n",
            "SELECT 1 --",
        ] {
            assert_eq!(check(&sql.replace("it''s", "'it''s'")), Ok(()), "{sql}");
        }
    }

    #[test]
    fn statements_that_write_are_refused_by_name() {
        let word = |sql: &str| match check(sql) {
            Err(NotReadOnly::Writes { word, .. } | NotReadOnly::Begins(word)) => word,
            other => format!("{other:?}"),
        };
        assert_eq!(word("DELETE FROM t"), "DELETE");
        assert_eq!(word("/* a */ drop table t"), "DROP");
        assert_eq!(word("WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone"), "DELETE");
        assert_eq!(word("SELECT * INTO copy FROM t"), "INTO");
        assert_eq!(word("SELECT * FROM t FOR UPDATE"), "UPDATE");
        assert_eq!(word("EXPLAIN ANALYZE INSERT INTO t VALUES (1)"), "INSERT");
        assert_eq!(word("PRAGMA writable_schema = 1"), "PRAGMA");
        assert_eq!(word("SET ROLE admin"), "SET");
    }

    #[test]
    fn nothing_hides_a_second_statement() {
        assert_eq!(check("SELECT 1; SELECT 2"), Err(NotReadOnly::Several(11)));
        assert_eq!(check("SELECT 1;;"), Ok(()));
        for sql in [
            r"SELECT '\''; DELETE FROM t; --'",
            "SELECT $$'$$; DELETE FROM t; SELECT $$'$$",
            "SELECT 1 # '\n; DELETE FROM t; #'",
            "SELECT 1 /*! INTO OUTFILE 'rows.txt' */",
            "SELECT 1 /* /* */ ; DELETE FROM t /* */ */",
            "SELECT 1 /*M! INTO OUTFILE 'rows.txt' */",
            "SELECT * FROM t WHERE 1=1 --1 INTO OUTFILE S3 's3://copies/rows'",
            "WITH x AS (SELECT 1) #> '\nDELETE FROM t -- '",
            "WITH x AS (SELECT 1) -- \rDELETE FROM t",
            "SELECT 1--1; DELETE FROM t",
        ] {
            assert!(matches!(check(sql), Err(NotReadOnly::Unclear { .. })), "{sql}");
        }
    }

    #[test]
    fn what_has_no_end_and_nothing_at_all_are_refused() {
        assert_eq!(check("SELECT 'abc"), Err(NotReadOnly::Endless(8)));
        assert_eq!(check("SELECT 1 /* abc"), Err(NotReadOnly::Endless(10)));
        assert_eq!(check(" ; -- nothing"), Err(NotReadOnly::Empty));
        assert_eq!(check("42"), Err(NotReadOnly::Begins("this".to_owned())));
    }

    /// What passes is asked of a database that says of each statement whether it only reads.
    #[test]
    fn fuzz_statement_that_reads() {
        let database = rusqlite::Connection::open_in_memory().expect("a database");
        database.execute_batch("CREATE TABLE payments (artist TEXT, amount INTEGER)").expect("a table");
        let seeds = [
            "SELECT artist, sum(amount) FROM payments WHERE artist = :artist GROUP BY 1 -- all\n",
            "WITH a AS (SELECT 1 AS b) SELECT \"b\", 'it''s' FROM a /* one */;",
            "VALUES (1, 'x'), (2, NULL)",
            "DELETE FROM payments",
            "EXPLAIN SELECT 1; DROP TABLE payments",
        ];
        let words = [
            "SELECT ",
            "; ",
            "DELETE FROM payments",
            "INSERT INTO payments VALUES ('a', 1)",
            "--",
            "/*",
            "*/",
            "''",
            "\"\"",
            "`",
            "$$",
            "PRAGMA user_version = 1",
            "ATTACH ':memory:' AS b",
            "VACUUM",
            "REINDEX",
            "BEGIN",
        ];
        fuzzing::text(500, &seeds, &words, |sql| {
            if check(sql).is_err() {
                return;
            }
            let mut statements = rusqlite::Batch::new(&database, sql);
            if let Ok(Some(statement)) = statements.next() {
                assert!(statement.readonly() || statement.is_explain() != 0, "{sql:?} writes");
                assert!(!matches!(statements.next(), Ok(Some(_))), "{sql:?} has a second statement");
            }
        });
    }
}
