//! What does the work: the assembled parts behind pages, REST and MCP.

pub mod sample;
