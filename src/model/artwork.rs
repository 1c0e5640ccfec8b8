//! What is found out about a cover, as pages and tools show it.

use super::audio::{AudioFinding, ProfileVerdict};
use serde::{Deserialize, Serialize};

/// The report on a cover or portrait.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtworkReport {
    /// The file's name in the bucket.
    pub file_name: String,
    /// The kind of file, for instance `PNG`; none where it is no picture that can be read.
    pub format: Option<String>,
    /// Pixels in a row.
    pub width: Option<u32>,
    /// Rows of pixels.
    pub height: Option<u32>,
    /// How colours are written, for instance `RGB`.
    pub colour: Option<String>,
    /// Bits of each colour of a pixel.
    pub bits: Option<u8>,
    /// Whether the profile of colours is sRGB; none where the file has no profile.
    pub is_srgb: Option<bool>,
    /// Size in bytes.
    pub size_bytes: u64,
    /// What the quality check found, the weightiest first.
    pub findings: Vec<AudioFinding>,
    /// What the findings come to for each profile.
    pub verdicts: Vec<ProfileVerdict>,
    /// The day on which the file was stored.
    pub as_of: Option<String>,
    /// Where the figures come from.
    pub source: String,
    /// Whether it belongs to the sample label.
    pub sample: bool,
    /// What could not be seen, and limits of the methods.
    pub notes: Vec<String>,
}
