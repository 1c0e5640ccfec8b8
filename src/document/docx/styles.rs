//! Which styles of a Word document are headings, and of which level.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{DocumentError, broken};

/// Levels by the ids of styles, from 1.
#[derive(Debug, Default)]
pub(super) struct HeadingLevels(HashMap<String, u8>);

/// How far a style may be from the one that it is based on.
const LONGEST_CHAIN: usize = 16;

impl HeadingLevels {
    /// The level of a style; none when it is no heading.
    pub(super) fn of(&self, style: &str) -> Option<u8> {
        self.0.get(style).copied()
    }

    /// The ids that Word gives its own styles, for files that do not describe them.
    pub(super) fn by_usual_ids() -> Self {
        let headings = (1..=9).map(|level| (format!("Heading{level}"), level));
        Self(headings.chain([("Title".to_owned(), 1)]).collect())
    }

    /// A style based on a heading is one, too, of the same level.
    fn inherit(&mut self, based_on: &HashMap<String, String>) {
        let inherited = based_on.keys().filter(|style| !self.0.contains_key(*style)).filter_map(|style| {
            let chain = std::iter::successors(based_on.get(style), |parent| based_on.get(*parent));
            let level = chain.take(LONGEST_CHAIN).find_map(|parent| self.of(parent))?;
            Some((style.clone(), level))
        });
        let inherited: Vec<(String, u8)> = inherited.collect();
        self.0.extend(inherited);
    }
}

/// Reads `styles.xml`. Names of built-in styles are English in every language of Word; ids are not.
pub(super) fn heading_levels(xml: &[u8]) -> Result<HeadingLevels, DocumentError> {
    let mut reader = Reader::from_reader(xml);
    let mut levels = HashMap::new();
    let mut based_on = HashMap::new();
    let mut style: Option<String> = None;
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                b"style" => style = attribute(&tag, b"styleId"),
                b"name" => {
                    let level = attribute(&tag, b"val").and_then(|name| level_by_name(&name));
                    if let (Some(style), Some(level)) = (&style, level) {
                        levels.insert(style.clone(), level);
                    }
                }
                b"basedOn" => {
                    if let (Some(style), Some(parent)) = (&style, attribute(&tag, b"val")) {
                        based_on.insert(style.clone(), parent);
                    }
                }
                // Counted from 0; 9 is the level of plain text.
                b"outlineLvl" => {
                    let level = attribute(&tag, b"val").and_then(|level| level.parse::<u8>().ok());
                    match (&style, level) {
                        (Some(style), Some(level)) if level < 9 => {
                            levels.entry(style.clone()).or_insert(level + 1);
                        }
                        (Some(style), Some(_)) => {
                            // What says that it is plain text is no heading, whatever it is based on.
                            based_on.remove(style);
                        }
                        _ => {}
                    }
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == b"style" => style = None,
            Event::Eof => {
                let mut levels = HeadingLevels(levels);
                levels.inherit(&based_on);
                return Ok(levels);
            }
            _ => {}
        }
    }
}

fn level_by_name(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(1);
    }
    name.strip_prefix("heading ")?.parse().ok().filter(|level| (1..=9).contains(level))
}

/// An attribute by its name without prefix, decoded.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = std::str::from_utf8(&found.value).ok()?;
    quick_xml::escape::unescape(value).ok().map(std::borrow::Cow::into_owned)
}
