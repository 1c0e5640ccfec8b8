//! The addresses of things: `patchline://artists/{id}` and their kind.

use crate::engine::Engine;
use crate::engine::tools::Server;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::scope::Scope;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rmcp::model::{CacheScope, ListResourceTemplatesResult, ResourceTemplate};
use std::fmt;
use std::str::FromStr;

const SCHEME: &str = "patchline://";

/// What is written with a percent sign in one part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same where a path may have several parts.
const PATH: &AsciiSet = &PART.remove(b'/');

/// A thing of the label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::mcp) enum Address {
    /// An artist, by id.
    Artist(String),
    /// A release, by id.
    Release(String),
    /// Audio, artwork or a contract.
    File {
        /// The bucket.
        bucket: String,
        /// The name in the bucket.
        name: String,
    },
    /// An entry or a document of the knowledge base, by its name there.
    Knowledge(String),
}

/// A text that is no address of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("There is nothing at {0:?}. resources/list and resources/templates/list tell what there is.")]
pub(in crate::web::mcp) struct UnknownAddress(String);

impl Address {
    /// A file.
    pub(in crate::web::mcp) fn file(bucket: &str, name: &str) -> Self {
        Self::File { bucket: bucket.to_owned(), name: name.to_owned() }
    }

    /// The server that it belongs to.
    fn server(&self) -> Server {
        match self {
            Address::Artist(_) | Address::Release(_) => Server::DynamoDb,
            Address::File { .. } => Server::S3,
            Address::Knowledge(_) => Server::Bedrock,
        }
    }

    /// Whether the handler's address of MCP offers it.
    pub(in crate::web::mcp) fn is_offered_by(&self, handler: &Handler) -> bool {
        self.is_offered_at(handler.engine(), handler.scope)
    }

    /// Whether an address of MCP offers it.
    pub(in crate::web::mcp) fn is_offered_at(&self, engine: &Engine, scope: Scope) -> bool {
        is_offered_at(engine, scope, self.server())
    }
}

/// Whether what belongs to a server is offered.
pub(in crate::web::mcp) fn is_offered(handler: &Handler, server: Server) -> bool {
    is_offered_at(handler.engine(), handler.scope, server)
}

fn is_offered_at(engine: &Engine, scope: Scope, server: Server) -> bool {
    scope.has(server) && engine.gateway.servers().contains(&server)
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text| utf8_percent_encode(text, PART);
        match self {
            Address::Artist(id) => write!(formatter, "{SCHEME}artists/{}", part(id)),
            Address::Release(id) => write!(formatter, "{SCHEME}releases/{}", part(id)),
            Address::File { bucket, name } => {
                write!(formatter, "{SCHEME}files/{}/{}", part(bucket), utf8_percent_encode(name, PATH))
            }
            Address::Knowledge(name) => {
                write!(formatter, "{SCHEME}knowledge/{}", utf8_percent_encode(name, PATH))
            }
        }
    }
}

impl FromStr for Address {
    type Err = UnknownAddress;

    fn from_str(text: &str) -> Result<Self, UnknownAddress> {
        let unknown = || UnknownAddress(text.chars().take(200).collect());
        let decoded = |part: &str| match percent_decode_str(part).decode_utf8() {
            Ok(part) if !part.is_empty() => Ok(part.into_owned()),
            _ => Err(unknown()),
        };
        let path = text.strip_prefix(SCHEME).ok_or_else(unknown)?;
        let (kind, rest) = path.split_once('/').ok_or_else(unknown)?;
        match kind {
            "artists" => Ok(Address::Artist(decoded(rest)?)),
            "releases" => Ok(Address::Release(decoded(rest)?)),
            "knowledge" => Ok(Address::Knowledge(decoded(rest)?)),
            "files" => {
                let (bucket, name) = rest.split_once('/').ok_or_else(unknown)?;
                Ok(Address::File { bucket: decoded(bucket)?, name: decoded(name)? })
            }
            _ => Err(unknown()),
        }
    }
}

/// The patterns of addresses.
pub(in crate::web::mcp) fn templates(handler: &Handler) -> ListResourceTemplatesResult {
    const ALL: [(Server, &str, &str, &str, &str); 4] = [
        (
            Server::DynamoDb,
            "patchline://artists/{id}",
            "artist",
            "Artist",
            "An artist by id, with events and biography.",
        ),
        (
            Server::DynamoDb,
            "patchline://releases/{id}",
            "release",
            "Release",
            "A release by id, with its tracks and its version.",
        ),
        (
            Server::S3,
            "patchline://files/{bucket}/{+fileName}",
            "file",
            "File",
            "Audio, artwork or a contract.",
        ),
        (
            Server::Bedrock,
            "patchline://knowledge/{+name}",
            "knowledge",
            "Knowledge",
            "An entry or a document of the knowledge base.",
        ),
    ];
    let offered = ALL.into_iter().filter(|(server, ..)| is_offered(handler, *server));
    let templates = offered.map(|(server, pattern, name, title, description)| {
        let template = ResourceTemplate::new(pattern, name).with_title(title).with_description(description);
        if server == Server::DynamoDb { template.with_mime_type("application/json") } else { template }
    });
    ListResourceTemplatesResult::with_all_items(templates.collect())
        .with_ttl_ms(60_000)
        .with_cache_scope(CacheScope::Private)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for (address, text) in [
            (Address::Artist("art_1".to_owned()), "patchline://artists/art_1"),
            (Address::Release("rel_1".to_owned()), "patchline://releases/rel_1"),
            (
                Address::file("patchline-audio", "Ásta/night drive.wav"),
                "patchline://files/patchline-audio/%C3%81sta/night%20drive.wav",
            ),
            (Address::Knowledge("entries/isrc-1.md".to_owned()), "patchline://knowledge/entries/isrc-1.md"),
        ] {
            assert_eq!(address.to_string(), text);
            assert_eq!(text.parse(), Ok(address));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "https://example.org/",
            "patchline://artists/",
            "patchline://files/one",
            "patchline://x/y",
            "patchline://artists/%ff",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn fuzz_address_of_a_resource() {
        let seeds = [
            "patchline://artists/art_1",
            "patchline://files/patchline-audio/%C3%81sta/night%20drive.wav",
            "patchline://knowledge/entries/isrc-1.md",
            "patchline://releases/rel_1",
        ];
        fuzzing::text(500, &seeds, &["patchline://", "files/", "%2F", "%2e%2e", "%ff", "?", "#"], |text| {
            if let Ok(address) = text.parse::<Address>() {
                assert!(text.starts_with(SCHEME));
                assert_eq!(address.to_string().parse(), Ok(address));
            }
        });
    }
}
