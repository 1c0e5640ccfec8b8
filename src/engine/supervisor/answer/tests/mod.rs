//! Answers from results that are written as the tools write them: what they say, and that nothing in them is
//! without its place.

mod artists;
mod asked;
mod hostile;
mod model;
mod others;
mod support;
