//! The tools that the caller may use, and what their calls usually take.

use crate::model::task::Risk;
use crate::model::tool::{ToolAnnotations, ToolDescription};
use serde_json::Value;

/// The permitted tools.
#[derive(Debug, Clone, Copy)]
pub struct Tools<'a> {
    all: &'a [ToolDescription],
}

/// Milliseconds and millionths of a US dollar that a call usually takes.
type Usual = (u32, u32);

/// What calls usually take, measured with the sample label; others are fast and free.
const USUAL: &[(&str, Usual)] = &[
    ("generate_music_insights", (4_000, 15_000)),
    ("process_audio", (5_000, 0)),
    ("identify_genre_trends", (2_000, 0)),
    ("analyze_artist_performance", (800, 0)),
    ("explain_change", (800, 0)),
    ("assess_stream_authenticity", (800, 0)),
    ("find_asset_access", (800, 0)),
    ("summarize_contract", (600, 0)),
    ("compare_artists", (1_200, 0)),
    ("query_performance_logs", (1_500, 0)),
    ("analyze_user_activity", (3_000, 0)),
    ("scan_analytics_data", (600, 0)),
    ("calculate_royalties", (600, 0)),
    ("summarize_earnings", (2_000, 0)),
];

impl<'a> Tools<'a> {
    /// Over what the caller may use.
    pub fn new(all: &'a [ToolDescription]) -> Self {
        Self { all }
    }

    /// The tool of a name; none where there is none, or it is not permitted.
    pub fn get(&self, name: &str) -> Option<&'a ToolDescription> {
        self.all.iter().find(|tool| tool.name == name)
    }

    /// Whether a tool is permitted.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// One of the values that an argument of a tool may have, by a part of it: an allowed bucket or log group.
    pub(super) fn allowed(&self, tool: &str, argument: &str, part: &str) -> Option<&'a str> {
        let values =
            self.get(tool)?.input_schema.get("properties")?.get(argument)?.get("enum")?.as_array()?;
        values.iter().filter_map(Value::as_str).find(|value| value.contains(part))
    }
}

/// What a tool may do to the world.
pub(super) fn risk(tool: &ToolDescription) -> Risk {
    let ToolAnnotations { read_only_hint, destructive_hint, open_world_hint, .. } = tool.annotations;
    let (_, micro_dollars) = usual(&tool.name);
    match (read_only_hint, destructive_hint || open_world_hint) {
        (true, _) if micro_dollars == 0 => Risk::Low,
        (true, _) | (false, false) => Risk::Medium,
        (false, true) => Risk::High,
    }
}

/// What a call of a tool usually takes.
pub(super) fn usual(tool: &str) -> Usual {
    USUAL.iter().find(|(name, _)| *name == tool).map_or((300, 0), |(_, usual)| *usual)
}
