//! Of which artists a call may show data.

use crate::model::identifier::ArtistId;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Of which artists a call may show data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scope {
    /// Of all.
    #[default]
    Everything,
    /// Of these only.
    Only(Arc<BTreeSet<ArtistId>>),
}

impl Scope {
    /// Of these only.
    pub fn only(artists: impl IntoIterator<Item = ArtistId>) -> Self {
        Self::Only(Arc::new(artists.into_iter().collect()))
    }

    /// The artists; none where they are all.
    pub fn artists(&self) -> Option<&BTreeSet<ArtistId>> {
        match self {
            Self::Everything => None,
            Self::Only(artists) => Some(artists.as_ref()),
        }
    }

    /// Whether data of this artist may be shown.
    pub fn covers(&self, artist: &ArtistId) -> bool {
        self.artists().is_none_or(|artists| artists.contains(artist))
    }

    /// What of a list may be shown.
    pub(super) fn of<'a, T: Clone>(&self, all: &'a [T], artist: impl Fn(&T) -> &ArtistId) -> Cow<'a, [T]> {
        match self {
            Self::Everything => Cow::Borrowed(all),
            Self::Only(_) => all.iter().filter(|record| self.covers(artist(record))).cloned().collect(),
        }
    }

    /// How many records cannot be read: whose they are, nobody knows, so it is told to those who see all.
    pub(super) fn told(&self, unreadable: u32) -> u32 {
        if *self == Self::Everything { unreadable } else { 0 }
    }

    /// What a cursor is bound to, beside the question that was asked.
    pub(super) fn of_cursor(&self) -> String {
        let Some(artists) = self.artists() else { return String::new() };
        let artists: Vec<_> = artists.iter().map(ArtistId::as_str).collect();
        format!(", of {}", artists.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ArtistId {
        text.parse().expect("an id")
    }

    #[test]
    fn a_list_is_shortened_to_the_artists_that_may_be_shown() {
        let all = [id("art_1"), id("art_2"), id("art_3")];
        let own = Scope::only([id("art_3"), id("art_1"), id("art_9")]);
        assert_eq!(*own.of(&all, |id| id), [id("art_1"), id("art_3")]);
        assert_eq!(*Scope::Everything.of(&all, |id| id), all);
        assert!(own.of(&[id("art_2")], |id| id).is_empty());
    }

    #[test]
    fn nobody_s_artists_are_not_all_artists() {
        let nothing = Scope::only([]);
        assert!(!nothing.covers(&id("art_1")));
        assert_ne!(nothing.of_cursor(), Scope::Everything.of_cursor());
    }

    #[test]
    fn how_many_records_cannot_be_read_is_told_to_those_who_see_all() {
        assert_eq!((Scope::Everything.told(3), Scope::only([id("art_1")]).told(3)), (3, 0));
    }
}
