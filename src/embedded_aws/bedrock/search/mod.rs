//! Finds passages by their words: analysis, index, ranking and filters by metadata. No AWS in here.
//!
//! Ranking is lexical (BM25 over stemmed words, with the trade's synonyms); nothing is embedded into
//! a vector space.

mod analysis;
mod filter;
mod index;
mod metadata;
mod query;
mod spelling;
mod synonyms;

pub(crate) use self::analysis::content_words;
pub(crate) use self::filter::Filter;
pub(crate) use self::index::{PassageId, PassageIndex, PassageSearcher};
pub(crate) use self::metadata::{Metadata, MetadataError, Value, parse as parse_metadata};
pub(crate) use self::synonyms::Synonyms;
