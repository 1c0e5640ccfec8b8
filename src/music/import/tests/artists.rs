//! Whose lines are whose, and lines that cannot be used.

use super::{LATEST, label, proposed, survey_of};
use crate::music::import::reading::Reader;
use crate::music::import::survey;

#[test]
fn a_label_that_knows_somebody_else_by_a_code_or_name_has_another_digest() {
    let before = label().digest();
    assert_eq!(before, label().digest());
    let mut newcomer = label();
    newcomer.add_artist("art_0", "Newcomer");
    let mut moved = label();
    moved.add_recording("NO-A1B-26-00042", "art_2", "Night Drive");
    assert!(newcomer.digest() != before && moved.digest() != before);
}

#[test]
fn a_name_that_two_artists_have_is_nobody_until_somebody_says_who() {
    let text = b"date,store,artist,track,isrc,country code,streams\n\
        2026-11-01,Spotify,Nora Vale,New,,NO,5\n2026-11-01,Spotify,Nora Vale,Night Drive,NOA1B2600042,NO,7\n\
        2026-11-01,Napster,Nora Vale,Night Drive,NOA1B2600042,NO,9\n";
    let (_, mut mapping) = proposed(text);
    let found = survey_of(text, &mapping);
    assert_eq!((found.usable, found.of_unknown, found.rows), (1, 1, 3));
    assert_eq!(found.unknown.keys().collect::<Vec<_>>(), ["Nora Vale"]);
    assert_eq!(found.other_platforms.get("Napster"), Some(&1));
    mapping.artists.insert("Nora Vale".to_owned(), Some("art_3".to_owned()));
    assert_eq!(survey_of(text, &mapping).usable, 2);
    mapping.artists.insert("Nora Vale".to_owned(), None);
    assert_eq!(survey_of(text, &mapping).left_out, 1);
}

#[test]
fn lines_about_others_are_wrong_where_only_some_artists_may_be_meant() {
    let text =
        b"date,store,artist,track,isrc,country code,streams\n2026-11-01,Spotify,Glass Harbour,A,,NO,5\n\
        2026-11-01,Spotify,Nobody,B,,NO,6\n2026-11-01,Spotify,X,C,NO-A1B-26-00042,NO,7\n";
    let (_, mapping) = proposed(text);
    let mut directory = label();
    let open = directory.digest();
    directory.limit_to(["art_1".to_owned()].into());
    assert_ne!(directory.digest(), open);
    assert!(directory.likely("Glass Harbor").is_empty());
    let reader = Reader { mapping: &mapping, directory: &directory, latest: LATEST };
    let found = survey::of(&text[..], reader, |_| true).expect("it can be read").expect("it goes on");
    let lines: Vec<_> = found.problems.iter().map(|problem| problem.line).collect();
    assert_eq!((lines, found.usable, found.of_unknown), (vec![2, 3], 1, 0));
}

#[test]
fn what_is_wrong_is_told_by_line_and_column_and_nothing_of_the_line_is_used() {
    let text = b"artistId,date,platform,territory,streams\n\
        art_1,2026-11-01,spotify,NO,-5\nart_1,2026-02-30,spotify,NO,5\nart_1,2027-01-01,spotify,NO,5\n\
        art_1,2026-11-01,spotify,Atlantis,many\n\"=cmd|' /C calc'!A0\",2026-11-01,spotify,NO,5\n\
        art_1,2026-11-01,spotify,NO,0\n";
    let (_, mapping) = proposed(text);
    let found = survey_of(text, &mapping);
    let told: Vec<_> =
        found.problems.iter().map(|p| (p.line, p.column.as_str(), p.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (2, "Streams", "is below zero"),
            (3, "Day", "is a day that does not exist"),
            (4, "Day", "has not come yet"),
            (5, "Territory", "is no territory that is known"),
            (5, "Streams", "is no number"),
        ]
    );
    assert_eq!((found.wrong, found.usable, found.rows), (4, 1, 6));
    assert_eq!(found.unknown.keys().collect::<Vec<_>>(), ["=cmd|' /C calc'!A0"]);
}
