//! Exports of platforms and distributors as rows that mean something: what kind of file it is, which column says
//! what, which day `01/02/2026` is, and what is wrong with which line. Reads from whatever it is handed, row by
//! row, so that memory does not grow with the file.

pub mod day;
pub mod dialect;
pub mod directory;
mod encoding;
pub mod entries;
pub mod error;
pub mod evidence;
pub mod feed;
pub mod field;
mod foreign_columns;
mod foreign_countries;
pub mod head;
pub mod layout;
mod lines;
pub mod mapping;
pub mod names;
pub mod number;
pub mod reading;
pub mod rows;
pub mod sheet;
pub mod survey;

#[cfg(test)]
mod tests;
