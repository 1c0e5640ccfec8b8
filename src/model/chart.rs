//! Charts that the browser draws, with the figures for the table beside them.

use super::performance::Line;
use serde::{Deserialize, Serialize};

/// Lines over steps that have names: days, weeks, days since a release.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelledLines {
    /// What the steps are: `Day`.
    pub head: String,
    /// The name of each step, in order.
    pub labels: Vec<String>,
    /// A figure for each step; none where it is not known.
    pub lines: Vec<Line>,
    /// The option tree of ECharts as JSON; empty where it could not be drawn.
    pub option: String,
}

impl LabelledLines {
    /// Whether there is any figure to draw.
    pub fn has_figures(&self) -> bool {
        self.lines.iter().any(|line| line.values.iter().any(Option::is_some))
    }
}
