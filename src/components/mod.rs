//! What pages are made of.

pub mod badge;
pub mod breadcrumbs;
pub mod browser;
pub mod chart;
pub mod copy_button;
pub mod date;
pub mod format;
pub mod freshness;
pub mod icon;
pub mod kpi;
pub mod list_table;
pub mod page_heading;
pub mod pager;
pub mod preferences;
pub mod prose;
pub mod rail;
pub mod search_form;
pub mod share_bars;
pub mod sparkline;
pub mod state;
pub mod table;
pub mod territory;
pub mod theme_switch;
pub mod time_chart;
pub mod top_bar;
pub(crate) mod typed_text;
