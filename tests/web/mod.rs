//! Pages and routes through the router.

mod answers;
mod audit;
mod craft;
mod doors;
mod fleet;
mod pages;
mod performance;
mod sample_label;
mod site;
mod stopping;
mod streams;
mod task_approval;
mod task_events;
mod task_programs;
mod tasks;
mod tool_forms;
