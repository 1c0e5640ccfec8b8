//! The list of releases and the page of one.

mod address;
pub mod calendar;
pub mod checks;
pub mod cover;
pub mod curve;
pub mod dates;
pub mod detail_field;
pub mod detail_form;
pub mod edit;
pub mod file_form;
pub mod file_problem;
pub mod files;
pub mod list;
pub mod master_upload;
pub mod money;
pub mod promotion;
pub mod release;
pub mod splits;
pub mod track_order;
pub mod tracks;
