//! Finds passages: analysis, index, ranking and filters by metadata. No AWS in here.
//!
//! Words are ranked by BM25 over stems, with the trade's synonyms; `fusion` adds how near question and
//! passage are in meaning. Attributes that say so (`includeForEmbedding`) are searched beside the text: their words
//! in a field of their own, their meaning each for itself.

mod analysis;
mod filter;
mod fusion;
mod index;
mod metadata;
mod query;
mod spelling;
mod synonyms;

pub(crate) use self::analysis::content_words;
pub(crate) use self::filter::Filter;
pub(crate) use self::fusion::{Nearness, SearchKind};
pub(crate) use self::index::{PassageId, PassageIndex, PassageSearcher};
pub(crate) use self::metadata::{Metadata, MetadataError, Sidecar, Value, parse as parse_metadata};
pub(crate) use self::synonyms::Synonyms;
