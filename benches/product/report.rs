//! What was found, as a table for the terminal and in Markdown.

use std::fmt::Write;

/// One line: what was measured, its value, and what that is in relation to something else.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    what: String,
    value: String,
    ratio: String,
}

impl Figure {
    /// A figure that stands alone.
    pub(crate) fn new(what: impl Into<String>, value: impl Into<String>) -> Self {
        Self { what: what.into(), value: value.into(), ratio: String::new() }
    }

    /// The figure in relation to another, in words such as `3.2 × the bare call`.
    pub(crate) fn ratio(self, ratio: impl Into<String>) -> Self {
        Self { ratio: ratio.into(), ..self }
    }

    fn columns(&self) -> [&str; 3] {
        [&self.what, &self.value, &self.ratio]
    }
}

/// One measurement: what it is called, how it was made, and its figures.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    title: &'static str,
    how: String,
    figures: Vec<Figure>,
}

impl Section {
    /// One without figures yet. `how` is a sentence, or empty.
    pub(crate) fn new(title: &'static str, how: impl Into<String>) -> Self {
        Self { title, how: how.into(), figures: Vec::new() }
    }

    /// With one more figure.
    #[must_use]
    pub(crate) fn with(mut self, figure: Figure) -> Self {
        self.figures.push(figure);
        self
    }
}

/// Everything that was found, and where.
#[derive(Debug)]
pub(crate) struct Report {
    machine: Vec<(&'static str, String)>,
    sections: Vec<Section>,
}

impl Report {
    /// One without measurements yet.
    pub(crate) fn new(machine: Vec<(&'static str, String)>) -> Self {
        Self { machine, sections: Vec::new() }
    }

    /// Adds a measurement.
    pub(crate) fn add(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// For the terminal: columns as wide as they must be.
    pub(crate) fn plain(&self) -> String {
        let widest = |column: usize| {
            let figures = self.sections.iter().flat_map(|section| &section.figures);
            // An error message must not push the other columns away.
            figures
                .map(|figure| figure.columns()[column].chars().count())
                .filter(|w| *w < 60)
                .max()
                .unwrap_or(0)
        };
        let (what, value) = (widest(0), widest(1));
        let mut text = String::new();
        for (name, of) in &self.machine {
            let _ = write!(text, "\n{name:<13}{of}");
        }
        for section in &self.sections {
            let _ = write!(text, "\n\n{}", section.title);
            for figure in &section.figures {
                let line = format!("\n  {:<what$}  {:>value$}  {}", figure.what, figure.value, figure.ratio);
                text.push_str(line.trim_end_matches(' '));
            }
        }
        text.push('\n');
        text
    }

    /// For the documentation.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        for (name, of) in &self.machine {
            let _ = writeln!(text, "- {name}: {of}");
        }
        for section in &self.sections {
            let _ = write!(text, "\n## {}\n\n", section.title);
            if !section.how.is_empty() {
                let _ = write!(text, "{}\n\n", section.how);
            }
            text.push_str("| measured | value | in relation |\n|---|--:|---|\n");
            for figure in &section.figures {
                let [what, value, ratio] = figure.columns().map(|cell| cell.replace('|', "\\|"));
                let _ = writeln!(text, "| {what} | {value} | {ratio} |");
            }
        }
        text
    }
}
