//! A task as a document in Markdown: the answer with its tables, and its sources as footnotes.

use super::text::clean;
use crate::model::day::short_day_of;
use crate::model::task::{
    AnswerPart, AnswerTable, Figure, Line, Piece, Source, TaskAnswer, TaskView, Writer,
};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The document.
pub fn markdown(task: &TaskView) -> String {
    let mut document = Document(String::new());
    let Some(answer) = &task.answer else {
        document.heading(1, "Task without an answer");
        document.task(task);
        if let Some(problem) = &task.problem {
            document.paragraph(&escape(&format!("{} {}", problem.message, problem.remedy)));
        }
        return document.0;
    };
    document.heading(1, &line(&answer.headline));
    document.task(task);
    answer.tables.iter().for_each(|table| document.table(table));
    document.list("Findings", answer.findings.iter().map(line).collect());
    document.list("What to do", advice(answer));
    document.list("What could not be seen", answer.unseen.iter().map(line).collect());
    document.paragraph(&writer(&answer.writer));
    if let Some(spent) = task.spent.or_none() {
        document.paragraph(&escape(&format!("Models took {}.", spent.in_words())));
    }
    document.sources(&answer.sources);
    document.0
}

/// A document while it is written.
struct Document(String);

impl Document {
    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push_str(text);
            self.0.push_str("\n\n");
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.paragraph(&format!("{} {text}", "#".repeat(level)));
    }

    fn task(&mut self, task: &TaskView) {
        self.paragraph(&format!("> {}", line_start(&escape(&clean(&task.request.task, 4_000)))));
        if let Some(understood) = &task.understood {
            self.paragraph(&line_start(&escape(understood)));
        }
        let when = task.ended_at.as_deref().unwrap_or(&task.updated_at);
        let day = when.get(..10).and_then(short_day_of).unwrap_or_default();
        self.paragraph(&escape(&format!("{}, {day} · {}", task.owner, task.state.label())));
    }

    fn list(&mut self, title: &str, items: Vec<String>) {
        if items.is_empty() {
            return;
        }
        self.heading(2, title);
        let lines: Vec<String> = items.iter().map(|item| format!("- {}", line_start(item))).collect();
        self.paragraph(&lines.join("\n"));
    }

    fn table(&mut self, table: &AnswerTable) {
        let sources: BTreeSet<u32> = table.rows.iter().flatten().filter_map(source).collect();
        let notes: String = sources.into_iter().map(footnote).collect();
        self.heading(2, &format!("{}{notes}", escape(&table.title)));
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let rules = table.columns.iter().map(|column| if column.numeric { "---:" } else { "---" }.to_owned());
        let mut lines = vec![
            row(table.columns.iter().map(|column| escape(&column.title)).collect()),
            row(rules.collect()),
        ];
        lines.extend(table.rows.iter().map(|cells| row(cells.iter().map(cell).collect())));
        self.paragraph(&lines.join("\n"));
    }

    fn sources(&mut self, sources: &[Source]) {
        for (place, source) in sources.iter().enumerate() {
            let mut text = format!("[^{}]: {}", place + 1, escape(&source.title));
            if let Some(of) = &source.as_of {
                let day = of.get(..10).and_then(short_day_of).unwrap_or_else(|| clean(of, 40));
                // Writing to a text cannot fail.
                let _ = write!(text, ", as of {day}");
            }
            let _ = write!(text, " (step {})", escape(&source.step.0));
            if let Some(address) = source.address.as_deref().filter(|address| is_own(address)) {
                let _ = write!(text, " <{address}>");
            }
            self.0.push_str(&text);
            self.0.push('\n');
        }
    }
}

/// Whether an address is one of Patchline's own pages, written so that nothing in it ends the link.
fn is_own(address: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'\\');
    address.starts_with('/') && !address.starts_with("//") && address.bytes().all(allowed)
}

fn advice(answer: &TaskAnswer) -> Vec<String> {
    let item = |advice: &crate::model::task::Advice| {
        let reason = line(&advice.reason);
        let task = advice.task.as_deref().map(|task| format!(" Task: {}", escape(task))).unwrap_or_default();
        let between = if reason.is_empty() { "" } else { " " };
        format!("**{}**{between}{reason}{task}", line(&advice.action))
    };
    answer.advice.iter().map(item).collect()
}

fn writer(writer: &Writer) -> String {
    match writer {
        Writer::Patchline => "Written by Patchline without a language model.".to_owned(),
        Writer::Model { model_id } => {
            format!(
                "Written by the language model {}; its numbers were checked against the results.",
                escape(model_id)
            )
        }
    }
}

/// A line with a footnote behind the last figure of each source in a row.
fn line(line: &Line) -> String {
    let pieces = &line.0;
    let figure_of = |piece: &Piece| match piece {
        Piece::Figure(figure) | Piece::Quoted(figure) => Some(figure.source),
        Piece::Words(_) => None,
    };
    let mut text = String::new();
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Words(words) => text.push_str(&escape(words)),
            Piece::Figure(Figure { text: figure, .. }) | Piece::Quoted(Figure { text: figure, .. }) => {
                text.push_str(&escape(figure));
            }
        }
        let own = figure_of(piece);
        let next = pieces.iter().skip(place + 1).find_map(figure_of);
        if own.is_some() && own != next {
            text.extend(own.map(footnote));
        }
    }
    text
}

fn footnote(source: u32) -> String {
    format!("[^{}]", u64::from(source) + 1)
}

fn cell(cell: &AnswerPart) -> String {
    match cell {
        AnswerPart::Label(text) => escape(text),
        AnswerPart::Found(figure) => escape(&figure.text),
        AnswerPart::Unknown(why) => format!("– ({})", escape(why)),
    }
}

fn source(cell: &AnswerPart) -> Option<u32> {
    match cell {
        AnswerPart::Found(figure) => Some(figure.source),
        AnswerPart::Label(_) | AnswerPart::Unknown(_) => None,
    }
}

/// The text with nothing in it that Markdown acts on.
fn escape(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        let acts = matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '@' | '!' | '$'
        );
        // Addresses become links by their scheme or by `www.`.
        let links = (character == ':' && before.is_alphabetic()) || (character == '.' && before == 'w');
        if acts || links {
            escaped.push('\\');
        }
        escaped.push(character);
        before = character;
    }
    escaped
}

/// The text so that it begins no list, no heading and no rule.
fn line_start(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        Some('-' | '+' | '=') if digits == 0 => format!("\\{text}"),
        _ => text.to_owned(),
    }
}
