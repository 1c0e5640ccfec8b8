//! The measurements, a file for each.

pub(crate) mod artists;
pub(crate) mod audio;
pub(crate) mod audit;
pub(crate) mod craft;
pub(crate) mod crashes;
pub(crate) mod door;
pub(crate) mod imports;
pub(crate) mod killed_replica;
pub(crate) mod knowledge;
pub(crate) mod logs;
pub(crate) mod memory;
pub(crate) mod policy;
pub(crate) mod sign_in_flood;
pub(crate) mod site;
pub(crate) mod start;
pub(crate) mod tasks;
pub(crate) mod telemetry;
pub(crate) mod tool_calls;
pub(crate) mod upload;
pub(crate) mod waveform;
pub(crate) mod whole_door;
