//! Daily figures: known layouts, and how lines about a day are added up.

use super::{entries_of, label, proposed, survey_of};
use crate::music::import::field::Field;
use crate::music::import::layout;
use jiff::civil::date;
use proptest::prelude::*;

#[test]
fn each_known_layout_is_known_again_by_its_columns() {
    for layout in layout::LAYOUTS {
        let names: Vec<String> = layout.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let best = layout::fits(&names)[0];
        assert_eq!((best.layout.id, best.score), (layout.id, 100));
        assert!(layout.needs.iter().all(|need| names.iter().any(|name| name == need)), "{}", layout.id);
        for (_, field) in layout.columns.iter().filter(|(_, field)| *field != Field::Ignored) {
            let times = layout.columns.iter().filter(|(_, other)| other == field).count();
            assert_eq!(times, 1, "{}: {field:?}", layout.id);
        }
    }
}

#[test]
fn a_timeline_says_everything_but_the_artist() {
    let text = b"date,listeners,streams,followers\n2026-11-01,80,120,1000\n2026-11-02,90,140,1003\n";
    let (_, mut mapping) = proposed(text);
    assert_eq!(mapping.layout.as_deref(), Some("spotifyTimeline"));
    assert_eq!(mapping.missing()[0].0, "artist");
    mapping.artist = Some("art_1".to_owned());
    assert!(mapping.missing().is_empty());
    let found = entries_of(text, &mapping);
    let key = ("art_1".to_owned(), date(2026, 11, 2), "spotify".to_owned());
    let day = &found.figures[&key];
    assert_eq!((day.streams, day.listeners, day.followers, day.saves), (140, Some(90), Some(1003), None));
}

#[test]
fn plays_of_songs_and_countries_are_added_up_and_listeners_are_not() {
    let text = "Report of plays\n\nDate;Artist;Song;Country or Region;Plays;Listeners\n\
        02.11.2026;Glass Harbour;Tide;Germany;1.200;7\n02.11.2026;Glass Harbour;Tide;NO;30;3\n\
        02.11.2026;Glass Harbour;Tide;NO;30;3\n02.11.2026;Glass Harbour;Tide;NO;31;3\n";
    let (head, mapping) = proposed(text.as_bytes());
    assert_eq!((head.line, mapping.layout.as_deref()), (3, Some("appleMusicPlays")));
    let found = entries_of(text.as_bytes(), &mapping);
    let key = ("art_2".to_owned(), date(2026, 11, 2), "appleMusic".to_owned());
    let day = &found.figures[&key];
    assert_eq!((day.streams, day.listeners, day.lines), (1261, None, 3));
    assert_eq!(day.territories.get("DE"), Some(&1200));
    assert_eq!((found.repeated, found.joined), (1, 1), "only what is the same word for word is a repeat");
}

#[test]
fn two_offers_of_a_store_are_added_up_and_the_whole_world_is_no_territory() {
    let text = "artistId,date,platform,territory,streams\n\
        art_1,2026-11-01,Amazon Prime,NO,5\nart_1,2026-11-01,Amazon Unlimited,NO,5\n\
        art_1,2026-11-02,spotify,Worldwide,10\nart_1,2026-11-02,spotify,NO,4\nart_1,2026-11-02,spotify,SE,3\n\
        art_1,2026-11-03,spotify,NO,4\nart_1,2026-11-03,spotify,,1\n";
    let (_, mapping) = proposed(text.as_bytes());
    let found = entries_of(text.as_bytes(), &mapping);
    let told: Vec<_> = found
        .figures
        .values()
        .map(|day| (day.streams, day.territories.get("NO").copied(), day.territories.get("ZZ").copied()))
        .collect();
    assert_eq!(told, [(10, Some(10), None), (10, Some(4), Some(3)), (5, Some(4), Some(1))]);
    assert_eq!((found.repeated, found.joined, found.worldwide), (0, 1, 1));
}

#[test]
fn recordings_and_what_is_beside_listening_are_added_up_and_levels_are_not() {
    let text = "artistId,date,platform,territory,isrc,streams,likes,playlist reach,playlistReach\n\
        art_1,2026-11-01,spotify,,NO-A1B-26-00042,100,3,9,50\n\
        art_1,2026-11-01,spotify,NO,NOA1B2600042,60,2,9,40\nart_1,2026-11-01,spotify,SE,none,7,4,9,\n\
        art_1,2026-11-02,spotify,NO,,5,,9,40\n";
    let (_, mapping) = proposed(text.as_bytes());
    let found = entries_of(text.as_bytes(), &mapping).figures;
    let day = |day: i8| &found[&("art_1".to_owned(), date(2026, 11, day), "spotify".to_owned())];
    // However the code is written, the line for the whole world has that of Norway in it.
    let tracks: Vec<_> = day(1).tracks.iter().map(|(isrc, track)| (isrc.as_str(), track.streams)).collect();
    assert_eq!((day(1).streams, tracks), (107, vec![("NOA1B2600042", 100)]));
    assert_eq!(day(1).engagement.iter().collect::<Vec<_>>(), [(&Field::Likes, &7)]);
    assert_eq!(day(2).engagement.get(&Field::PlaylistReach), Some(&40));
    assert!(day(2).tracks.is_empty());
}

#[test]
fn saves_of_a_recording_are_added_up_and_its_listeners_are_those_of_a_single_line() {
    let text = "artist id,day,platform,territory,isrc,upc,streams,listeners,saves\n\
        art_1,2026-11-01,spotify,,NOA1B2600042,,100,70,9\nart_1,2026-11-01,spotify,NO,NOA1B2600042,,60,40,5\n\
        art_1,2026-11-01,spotify,,NOA1B2600043,,30,20,2\n\
        art_1,2026-11-01,spotify,,NOA1B2600044,0602445790098,8,6,1\n\
        art_1,2026-11-01,spotify,,NOA1B2600044,,4,3,\n";
    let (_, mapping) = proposed(text.as_bytes());
    let found = entries_of(text.as_bytes(), &mapping).figures;
    let (_, day) = found.first_key_value().expect("figures of a day");
    let told: Vec<_> =
        day.tracks.values().map(|track| (track.streams, track.saves, track.listeners)).collect();
    // The line for the whole world has the saves of Norway in it; the same recording on two releases is one.
    assert_eq!(told, [(100, Some(9), None), (30, Some(2), Some(20)), (12, Some(1), None)]);
    assert_eq!((day.saves, day.listeners), (Some(12), None));
}

#[test]
fn a_social_network_needs_no_streams_and_a_name_of_two_is_asked_about() {
    let text = b"artistId,date,platform,views,likes,followers\nart_1,2026-11-01,TIKTOK,900,30,5000\n\
        art_1,2026-11-01,Facebook/Instagram,7,1,80\nart_1,2026-11-01,Deezer,7,1,80\n\
        art_1,2026-11-01,YouTube,40,2,\nart_1,2026-11-02,TikTok,,,\n";
    let (_, mut mapping) = proposed(text);
    assert!(mapping.missing().is_empty());
    let found = survey_of(text, &mapping);
    assert_eq!((found.usable, found.wrong, found.other_platforms.len()), (2, 2, 1));
    let notes = found.notes(&label());
    assert!(
        notes.iter().any(|note| note.starts_with("Left out: 1 line of Facebook/Instagram,")),
        "{notes:?}"
    );
    let kept = entries_of(text, &mapping).figures;
    let day = &kept[&("art_1".to_owned(), date(2026, 11, 1), "tiktok".to_owned())];
    assert_eq!((day.streams, day.followers, day.engagement.get(&Field::Views)), (0, Some(5000), Some(&900)));
    assert!(kept.contains_key(&("art_1".to_owned(), date(2026, 11, 1), "youtube".to_owned())));
    mapping.platform = Some("instagram".to_owned());
    assert_eq!(survey_of(text, &mapping).usable, 3);
}

#[test]
fn days_without_a_year_are_counted_from_the_last_day_of_the_file_backwards() {
    let text = b"Date,Video Views,Profile Views,Likes,Comments,Shares\n\
        December 31,100,10,2,1,3\nJanuary 1,200,20,4,0,1\n";
    let (_, mut mapping) = proposed(text);
    assert_eq!(mapping.layout.as_deref(), Some("tiktokOverview"));
    mapping.artist = Some("art_1".to_owned());
    assert!(mapping.missing().is_empty());
    assert_eq!(survey_of(text, &mapping).wrong, 2, "no year is made up");
    mapping.day = Some(date(2026, 1, 1));
    let found = entries_of(text, &mapping).figures;
    let day = |day| &found[&("art_1".to_owned(), day, "tiktok".to_owned())].engagement;
    assert_eq!(day(date(2025, 12, 31)).get(&Field::Views), Some(&100));
    assert_eq!(day(date(2026, 1, 1)).get(&Field::Likes), Some(&4));
}

#[test]
fn a_figure_that_is_named_above_the_columns_only_is_asked_about() {
    let text = "\u{feff}sep=,\n\"Views\"\n\"Date\",\"Primary\"\n\"2026-11-01T00:00:00\",\"7\"\n\
        \"2026-11-02T00:00:00\",\"9\"\n";
    let text: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (head, mut mapping) = proposed(&text);
    assert_eq!((head.line, mapping.layout.as_deref()), (3, Some("metaInsights")));
    mapping.artist = Some("art_2".to_owned());
    mapping.platform = Some("instagram".to_owned());
    assert_eq!(mapping.missing()[0].0, "columns");
    mapping.columns[1] = Field::Views;
    assert!(mapping.missing().is_empty());
    let found = entries_of(&text, &mapping).figures;
    let day = &found[&("art_2".to_owned(), date(2026, 11, 2), "instagram".to_owned())];
    assert_eq!((day.streams, day.engagement.get(&Field::Views)), (0, Some(&9)));
}

#[test]
fn the_platform_is_guessed_by_whatever_a_column_of_shops_is_called() {
    let english =
        "Shop|Store|Service|DSP|Outlet|Retailer|Partner|Provider|STORE NAME|Store (DSP)| Music  Service ";
    let others = "Anbieter|Händler|Boutique|Tienda|Servicio|Loja|Serviço|Negozio|Servizio";
    for name in english.split('|').chain(others.split('|')) {
        let text = format!("Date,Artist,{name},Plays\n2026-11-02,Glass Harbour,Spotify,7\n");
        let (_, mapping) = proposed(text.as_bytes());
        assert_eq!((mapping.layout.as_ref(), mapping.missing()), (None, vec![]), "{name}");
        let found = entries_of(text.as_bytes(), &mapping).figures;
        let key = ("art_2".to_owned(), date(2026, 11, 2), "spotify".to_owned());
        assert_eq!(found.get(&key).map(|day| day.streams), Some(7), "{name}");
    }
    // Of two that may be meant the first is taken, and the other is left for whoever looks at it.
    let (_, mapping) = proposed(b"Date,Artist,Shop,Service,Plays\n2026-11-02,Glass Harbour,Spotify,Free,7\n");
    assert_eq!(mapping.columns[2..4], [Field::Platform, Field::Ignored]);
}

#[test]
fn columns_months_and_countries_may_be_named_in_german() {
    let text = "Datum;Künstler;Plattform;Land;Wiedergaben;Hörer\n\
        2. März 2026;Glass Harbour;Spotify;Deutschland;1.200;700\n\
        2. März 2026;Glass Harbour;Spotify;Österreich;30;20\n";
    let (_, mapping) = proposed(text.as_bytes());
    assert_eq!(mapping.layout, None);
    let found = entries_of(text.as_bytes(), &mapping).figures;
    let day = &found[&("art_2".to_owned(), date(2026, 3, 2), "spotify".to_owned())];
    assert_eq!(
        (day.streams, day.territories.get("DE"), day.territories.get("AT")),
        (1230, Some(&1200), Some(&30))
    );
}

proptest! {
    #[test]
    fn no_line_is_lost_or_counted_twice(
        lines in proptest::collection::vec((1_u32..=3, 1_u32..=28, 0_u64..1000, 0_usize..3), 0..60)
    ) {
        let mut text = "artistId,date,platform,territory,streams\n".to_owned();
        let mut sum = 0;
        let mut seen = std::collections::BTreeSet::new();
        for (artist, day, streams, territory) in &lines {
            let territory = ["NO", "SE", "DE"][*territory];
            text.extend([format!("art_{artist},2026-09-{day:02},spotify,{territory},{streams}\n")]);
            if seen.insert((*artist, *day, territory, *streams)) {
                sum += streams;
            }
        }
        let (_, mapping) = proposed(text.as_bytes());
        let found = entries_of(text.as_bytes(), &mapping);
        prop_assert_eq!(found.figures.values().map(|figures| figures.streams).sum::<u64>(), sum);
        let used: u64 = found.figures.values().map(|figures| figures.lines).sum();
        prop_assert_eq!(used + found.repeated, lines.len() as u64);
        for figures in found.figures.values() {
            prop_assert_eq!(figures.territories.values().sum::<u64>(), figures.streams);
        }
        // Divided into parts the work comes to the same.
        let survey = survey_of(text.as_bytes(), &mapping);
        prop_assert_eq!(survey.usable, lines.len() as u64);
    }
}
