//! Other releases of the catalogue: what they share with a release that must not be shared, or must be the same.

use crate::engine::tools::names::folded;
use crate::model::release::{Release, Track};
use crate::music::identifier::Isrc;
use std::str::FromStr;

/// The most that lengths of the same recording may differ, in seconds.
const LENGTH_SECONDS: u32 = 1;

/// Another release of the catalogue.
pub(super) struct Other<'a> {
    /// The release.
    pub(super) release: &'a Release,
    /// Whether its title may be told.
    pub(super) is_told: bool,
}

impl<'a> Other<'a> {
    /// What it is called, as far as that may be told.
    pub(super) fn title(&self) -> &'a str {
        if self.is_told { &self.release.title } else { "a release of another artist" }
    }

    /// What one of its tracks is called, as far as that may be told.
    pub(super) fn name(&self, track: &Track) -> String {
        if self.is_told {
            format!("“{}” on {}", track.title, self.title())
        } else {
            "a recording of another artist".to_owned()
        }
    }
}

/// Whether two identifiers are the same, however they are written.
pub(super) fn is_same<T: FromStr + PartialEq>(one: &str, other: &str) -> bool {
    match (one.parse::<T>(), other.parse::<T>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => !one.is_empty() && one == other,
    }
}

/// A track of another release with the same ISRC, and what it is called.
pub(super) struct KnownElsewhere {
    /// What it is called.
    pub(super) name: String,
    /// Whether it has another title.
    pub(super) has_other_title: bool,
    /// Its length in seconds.
    pub(super) seconds: u32,
}

/// A track of another release with the same ISRC and title, and what of its data is not the same.
pub(super) struct KnownUnlike {
    /// What it is called.
    pub(super) name: String,
    /// What is not the same.
    pub(super) fields: Vec<&'static str>,
}

/// The tracks of other releases with the ISRC of this one.
fn same<'o, 'a>(
    track: &'o Track,
    others: &'o [Other<'a>],
) -> impl Iterator<Item = (&'o Other<'a>, &'a Track)> {
    let all = others.iter().flat_map(|other| {
        let release: &'a Release = other.release;
        release.tracks.iter().map(move |track| (other, track))
    });
    all.filter(move |(_, known)| is_same::<Isrc>(&known.isrc, &track.isrc))
}

fn has_other_title(track: &Track, known: &Track) -> bool {
    folded(&known.title) != folded(&track.title)
}

/// The track of another release that has the ISRC of this one and is another recording by its title, or else by its
/// length. The same recording keeps its ISRC on every release.
pub(super) fn elsewhere(track: &Track, others: &[Other<'_>]) -> Option<KnownElsewhere> {
    let same: Vec<_> = same(track, others).collect();
    let has_other_length =
        |known: &Track| known.duration_seconds.abs_diff(track.duration_seconds) > LENGTH_SECONDS;
    let by_title = same.iter().find(|(_, known)| has_other_title(track, known));
    let (other, found) = by_title.or_else(|| same.iter().find(|(_, known)| has_other_length(known)))?;
    Some(KnownElsewhere {
        name: other.name(found),
        has_other_title: has_other_title(track, found),
        seconds: found.duration_seconds,
    })
}

/// The track of another release that has ISRC and title of this one, and other data: stores would not link them.
pub(super) fn unlike(track: &Track, others: &[Other<'_>]) -> Option<KnownUnlike> {
    let mut same = same(track, others).filter(|(_, known)| !has_other_title(track, known));
    same.find_map(|(other, known)| {
        let fields = differing(track, known);
        (!fields.is_empty()).then(|| KnownUnlike { name: other.name(known), fields })
    })
}

/// What is not the same. What one of both does not say is no difference.
fn differing(one: &Track, other: &Track) -> Vec<&'static str> {
    let texts = |one: Option<&str>, other: Option<&str>| {
        one.zip(other).is_some_and(|(one, other)| folded(one) != folded(other))
    };
    let sorted = |names: &[String]| {
        let mut names: Vec<String> = names.iter().map(|name| folded(name)).collect();
        names.sort();
        names
    };
    let names = |one: &[String], other: &[String]| {
        !one.is_empty() && !other.is_empty() && sorted(one) != sorted(other)
    };
    let all = [
        ("the version", one.version_title != other.version_title),
        ("the composers", names(&one.composers, &other.composers)),
        ("who wrote the lyrics", names(&one.lyricists, &other.lyricists)),
        ("the language", texts(one.language.as_deref(), other.language.as_deref())),
        ("the ISWC", texts(one.iswc.as_deref(), other.iswc.as_deref())),
        ("whether it is explicit", one.explicit != other.explicit),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
}
