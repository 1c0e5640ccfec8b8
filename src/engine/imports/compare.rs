//! What a file says beside what is there: entries that are new, the same, or something else.

use super::record::ImportRecord;
use super::spool::Table;
use super::worker::WorkError;
use crate::engine::catalog::imports::kept::{KeptEntry, KeptFigures, KeptLine, Place, Target, lines_of};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::analytics::Platform;
use crate::model::engagement::{Engagement, EngagementMetric};
use crate::model::identifier::ArtistId;
use crate::music::import::directory::Directory;
use crate::music::import::entries::{self, Entries, FigureKey, Figures, TrackFigures};
use crate::music::import::mapping::Mapping;
use crate::music::import::reading::Reader;
use crate::music::import::survey::Part;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Entries that are compared, and of which is kept what was there before, at once.
pub(super) const CHUNK: usize = 1_980;

/// What is needed to read a file.
#[derive(Clone)]
pub(super) struct Glasses {
    pub(super) mapping: Arc<Mapping>,
    pub(super) directory: Arc<Directory>,
    pub(super) latest: Date,
}

impl Glasses {
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { mapping: &self.mapping, directory: &self.directory, latest: self.latest }
    }
}

/// What a part of a file says.
pub(super) async fn read_part(table: &Table, glasses: &Glasses, part: &Part) -> Result<Entries, WorkError> {
    let (glasses, part) = (glasses.clone(), part.clone());
    let read = table.read(move |file, goes_on| entries::of(file, glasses.reader(), &part, |_| goes_on()));
    read.await?.ok_or(WorkError::Stopped)
}

/// The entries of a part in the order of their places, in the name of an import.
pub(super) fn entries(
    catalog: &Catalog,
    record: &ImportRecord,
    found: Entries,
) -> Result<Vec<KeptEntry>, CatalogError> {
    let source = record.source();
    let brought_on = record.day(&catalog.time_zone)?;
    let mut all = Vec::with_capacity(found.figures.len() + found.sales.len());
    for (key, figures) in found.figures {
        all.push(KeptEntry::Figures(Box::new(kept_figures(record, &source, key, figures)?)));
    }
    for ((whose, id), sale) in found.sales {
        let import_id = Some(record.id.clone());
        let received_on = sale.reported_on.unwrap_or(brought_on);
        let line =
            KeptLine { kind: lines_of(&whose), id, sale, source: source.clone(), received_on, import_id };
        all.push(KeptEntry::Line(Box::new(line)));
    }
    Ok(all)
}

fn kept_figures(
    record: &ImportRecord,
    source: &str,
    (artist, date, platform): FigureKey,
    figures: Figures,
) -> Result<KeptFigures, CatalogError> {
    let unreadable = |detail: String| super::record::unreadable(&record.id, detail);
    let artist_id: ArtistId = artist.parse().map_err(|error| unreadable(format!("{artist}: {error}")))?;
    let known = Platform::from_id(&platform);
    let platform = known.ok_or_else(|| unreadable(format!("{platform} is no platform")))?;
    let track_saves = by_recording(&figures.tracks, |track| track.saves);
    let track_listeners = by_recording(&figures.tracks, |track| track.listeners);
    let mut engagement = Engagement::default();
    for (field, value) in figures.engagement {
        let metric = EngagementMetric::from_id(field.id());
        let metric = metric.ok_or_else(|| unreadable(format!("{} is no metric", field.id())))?;
        engagement.set(metric, Some(value));
    }
    Ok(KeptFigures {
        artist_id,
        date,
        platform,
        streams: figures.streams,
        listeners: figures.listeners,
        saves: figures.saves,
        followers: figures.followers,
        // Without territories in the file it is not known to be any: then what is there is kept, where it fits.
        territories: if figures.has_territories { figures.territories } else { BTreeMap::new() },
        tracks: by_recording(&figures.tracks, |track| Some(track.streams)),
        track_saves,
        track_listeners,
        engagement,
        source: source.to_owned(),
        import_id: Some(record.id.clone()),
    })
}

/// A figure of each recording of which it is known.
fn by_recording(
    tracks: &BTreeMap<String, TrackFigures>,
    figure: impl Fn(&TrackFigures) -> Option<u64>,
) -> BTreeMap<String, u64> {
    tracks.iter().filter_map(|(isrc, track)| Some((isrc.clone(), figure(track)?))).collect()
}

/// What is there at the places of entries, which are in order.
pub(super) async fn existing(
    catalog: &Catalog,
    target: Target,
    chunk: &[KeptEntry],
) -> Result<BTreeMap<Place, KeptEntry>, CatalogError> {
    let mut spans: BTreeMap<String, (String, String)> = BTreeMap::new();
    for entry in chunk {
        let Place { partition, sort } = entry.place();
        let span = spans.entry(partition).or_insert_with(|| (sort.clone(), sort.clone()));
        span.1 = sort;
    }
    let mut found = BTreeMap::new();
    for (partition, (from, to)) in &spans {
        found.extend(catalog.entries_between(target, partition, from, to).await?);
    }
    Ok(found)
}

/// What is to stand at the place of an entry: what the file does not say stays as it is there.
pub(super) fn merged(entry: &KeptEntry, old: Option<&KeptEntry>) -> KeptEntry {
    let KeptEntry::Figures(figures) = entry else { return entry.clone() };
    let mut merged = figures.clone();
    if let Some(KeptEntry::Figures(old)) = old {
        merged.listeners = merged.listeners.or(old.listeners);
        merged.saves = merged.saves.or(old.saves);
        merged.followers = merged.followers.or(old.followers);
        merged.engagement = merged.engagement.or(old.engagement);
        // A file of a social network may say everything but streams.
        if merged.platform.is_social() && merged.streams == 0 {
            merged.streams = old.streams;
            merged.territories.clone_from(&old.territories);
        }
        keep_tracks(&mut merged, old);
        if merged.territories.is_empty() && old.streams == merged.streams {
            merged.territories.clone_from(&old.territories);
        }
    }
    if merged.territories.is_empty() && merged.streams > 0 {
        merged.territories.insert("ZZ".to_owned(), merged.streams);
    }
    KeptEntry::Figures(merged)
}

/// Keeps what is there of recordings where the file says nothing of them and it fits what is known of the day now.
fn keep_tracks(merged: &mut KeptFigures, old: &KeptFigures) {
    let sum = |tracks: &BTreeMap<String, u64>| tracks.values().copied().fold(0, u64::saturating_add);
    if merged.tracks.is_empty() && sum(&old.tracks) <= merged.streams {
        merged.tracks.clone_from(&old.tracks);
    }
    if merged.track_saves.is_empty() && merged.saves.is_some_and(|saves| sum(&old.track_saves) <= saves) {
        merged.track_saves.clone_from(&old.track_saves);
    }
    let most = merged.listeners.unwrap_or(u64::MAX);
    if merged.track_listeners.is_empty() && old.track_listeners.values().all(|one| *one <= most) {
        merged.track_listeners.clone_from(&old.track_listeners);
    }
}

/// How an entry is to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    New,
    Same,
    Changed,
}

pub(super) fn difference(merged: &KeptEntry, old: Option<&KeptEntry>) -> Difference {
    match old {
        None => Difference::New,
        Some(old) if merged.says_the_same(old) => Difference::Same,
        Some(_) => Difference::Changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::import::names;
    use jiff::civil::date;

    fn figures(streams: u64, saves: Option<u64>, territories: &[(&str, u64)]) -> KeptEntry {
        let of_track = |figure: u64| -> BTreeMap<String, u64> {
            saves.map(|_| ("NOA1B2600042".to_owned(), figure)).into_iter().collect()
        };
        KeptEntry::Figures(Box::new(KeptFigures {
            artist_id: "art_1".parse().expect("an id"),
            date: date(2026, 11, 1),
            platform: Platform::Spotify,
            streams,
            listeners: None,
            saves,
            followers: None,
            territories: territories.iter().map(|(code, streams)| ((*code).to_owned(), *streams)).collect(),
            tracks: of_track(8),
            track_saves: of_track(2),
            track_listeners: of_track(5),
            engagement: Engagement { views: saves, ..Engagement::default() },
            source: "test".to_owned(),
            import_id: None,
        }))
    }

    #[test]
    fn files_and_figures_know_the_same_platforms() {
        for platform in Platform::ALL {
            let named = names::platform_of_figures(platform.label(), !platform.is_social());
            assert_eq!(named, Some(platform.id()), "{}", platform.label());
            assert_eq!(names::is_social(platform.id()), platform.is_social(), "{platform}");
        }
    }

    #[test]
    fn what_a_file_does_not_say_stays_as_it_is() {
        let there = figures(10, Some(3), &[("NO", 10)]);
        let told = figures(10, None, &[]);
        assert_eq!(difference(&merged(&told, Some(&there)), Some(&there)), Difference::Same);
        let more = merged(&figures(12, None, &[]), Some(&there));
        assert_eq!(more, figures(12, Some(3), &[("ZZ", 12)]));
        assert_eq!(difference(&more, Some(&there)), Difference::Changed);
        assert_eq!(difference(&merged(&told, None), None), Difference::New);
        assert_eq!(merged(&told, None), figures(10, None, &[("ZZ", 10)]), "no saves are made up");
    }

    #[test]
    fn what_is_there_of_recordings_goes_where_it_no_longer_fits_the_day() {
        let KeptEntry::Figures(there) = figures(10, Some(3), &[]) else { panic!("figures") };
        let told = KeptFigures {
            streams: 7,
            saves: Some(1),
            listeners: Some(5),
            tracks: BTreeMap::new(),
            track_saves: BTreeMap::new(),
            track_listeners: BTreeMap::new(),
            ..(*there).clone()
        };
        let KeptEntry::Figures(merged) =
            merged(&KeptEntry::Figures(Box::new(told)), Some(&KeptEntry::Figures(there.clone())))
        else {
            panic!("figures")
        };
        assert!(merged.tracks.is_empty() && merged.track_saves.is_empty());
        assert_eq!(merged.track_listeners, there.track_listeners);
    }
}
