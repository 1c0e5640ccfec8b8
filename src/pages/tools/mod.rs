//! The tools: choosing one, filling its form, reading its result.
