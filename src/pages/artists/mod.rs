//! The list of artists, the page and the form of one, an artist's statement of royalties, and artists side by side.

mod address;
pub mod analysis;
pub mod artist;
pub mod compare;
pub mod edit;
pub mod engagement;
pub mod exchange_rates;
pub mod list;
pub mod outlook;
#[cfg(feature = "ssr")]
mod rendered;
mod rows;
pub mod saved;
pub mod similar;
pub mod statement;
pub mod statement_tables;
pub mod territories;
pub mod tracks;
pub mod unsettled;
