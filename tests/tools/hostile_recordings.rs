//! Files that lie, hide something or are meant to do harm, and work that is cut short: each ends in a clear finding,
//! and nothing is lost. What a WAV alone can get wrong is shown in `src/music/audio/tests`.

use super::audio::tone;
use super::recordings::{BUCKET, json_of, known, once, put, send, upload};
use crate::support::{Patchline, base64};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};

/// A chunk of a RIFF.
fn chunk(id: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_le_bytes();
    let fill = vec![0; content.len() % 2];
    [&id[..], &length, content, &fill].concat()
}

/// A recording with something behind its audio, and sizes that are right.
fn with_chunk(content: &[u8]) -> Vec<u8> {
    let mut file = tone(1);
    file.extend(content);
    let length = u32::try_from(file.len() - 8).expect("short");
    file[4..8].copy_from_slice(&length.to_le_bytes());
    file
}

/// Seven bits in each byte, as ID3 writes sizes.
fn size(length: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| u8::try_from((length >> shift) & 0x7f).expect("seven bits"))
}

/// A frame of an ID3 tag of version 2.4.
fn frame(id: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&id[..], &size(content.len()), &[0, 0], content].concat()
}

/// An ID3 tag of version 2.4.
fn id3(frames: &[u8]) -> Vec<u8> {
    [b"ID3\x04\0\0", &size(frames.len())[..], frames].concat()
}

/// The header of a FLAC, and nothing behind it.
fn flac(rate: u32) -> Vec<u8> {
    let mut file = b"fLaC\x80\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
    // Two channels of 16 bits and more frames than there can be.
    file.extend(((u64::from(rate) << 44) | (1 << 41) | (15 << 36) | 0x000f_ffff_ffff).to_be_bytes());
    file.extend([0; 16]);
    file
}

/// An AIFF that claims gigabytes, with so many channels.
fn aiff(channels: u16) -> Vec<u8> {
    let mut file = b"FORM\xff\xff\xff\xffAIFFCOMM\0\0\0\x12".to_vec();
    file.extend(channels.to_be_bytes());
    file.extend(b"\0\0\0\x64\0\x10\x40\x0e\xac\x44\0\0\0\0\0\0SSND\xff\xff\xff\xf0\0\0\0\0\0\0\0\0");
    file.extend([0; 400]);
    file
}

/// What no store takes, and a word of why.
fn no_recordings() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let ogg = [&b"OggS\0\x02"[..], &[0; 8], b"\x01", &[0; 11], b"\x01\x1e\x01vorbis", &[0; 23]].concat();
    vec![
        ("cut.flac", flac(44_100), "the FLAC header cannot be right"),
        ("fast.flac", flac(1_048_575), "the FLAC header cannot be right"),
        ("silent.aiff", aiff(0), "the AIFF header cannot be right"),
        ("huge.aiff", aiff(2), "the AIFF header cannot be right"),
        ("no-channels.ogg", ogg, "the Ogg Vorbis header cannot be right"),
        (
            "huge.m4a",
            b"\0\0\0\x14ftypM4A \0\0\0\0mp42\xff\xff\xff\xffmoov".to_vec(),
            "this MP4 cannot be read",
        ),
        ("one-frame.mp3", [&b"\xff\xfb\x90\x64"[..], &[0; 100]].concat(), "this MP3 cannot be read"),
        ("only-a-tag.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f some".to_vec(), "a tag without audio"),
        (
            "program.mp3",
            [id3(&frame(*b"TIT2", b"\x03Song")), b"MZ\x90\0 this program".to_vec()].concat(),
            "a Windows program",
        ),
        ("page.wav", b"<html><script>alert(1)</script></html>".to_vec(), "text"),
    ]
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[tokio::test]
async fn what_lies_about_itself_is_held_back_with_the_reason() {
    let patchline = Patchline::start().await;
    for (name, content, _) in no_recordings() {
        let put = patchline.clients.s3.put_object().bucket(BUCKET).key(name).body(content.into());
        put.send().await.expect("it is put");
    }
    patchline.engine.content.look().await.expect("the bucket is looked at");
    for (name, _, why) in no_recordings() {
        let found = once(&patchline, name, &["passed", "warned", "failed", "unreadable"]).await;
        assert_eq!(found["recording"]["state"], "unreadable", "{name}: {found}");
        let told = found["recording"]["why"].as_str().unwrap_or_default();
        assert!(told.contains(why), "{name}: {told}");
        assert_eq!(codes(&found["report"]["report"]), ["A01"], "{name}");
    }
    let list = patchline.get("/audio?state=unreadable").await.text();
    for (name, _, _) in no_recordings() {
        assert!(list.contains(name), "{name} can be found");
    }
}

#[tokio::test]
async fn what_is_not_what_its_first_bytes_said_is_held_back() {
    let patchline = Patchline::start().await;
    let program = b"MZ\x90\0 this program cannot be run".to_vec();
    let new = json!({
        "fileName": "song.wav", "sizeBytes": program.len(), "modified": "1",
        "head": base64(&tone(1)[..64])
    });
    let begun =
        json_of(send(&patchline, Method::POST, "/upload/parts", new.to_string().into_bytes(), None).await);
    let id = begun["uploadId"].as_str().expect("an id");
    let at = |what: &str| format!("/upload/parts/{id}/{what}?fileName=song.wav");
    json_of(send(&patchline, Method::PUT, &at("1"), program, None).await);
    send(&patchline, Method::POST, &at("finish"), Vec::new(), None).await;
    let found = once(&patchline, "song.wav", &["passed", "warned", "failed", "unreadable"]).await;
    assert_eq!(found["recording"]["why"].as_str().map(|why| why.contains("a Windows program")), Some(true));

    let nothing = json!({
        "fileName": "nothing.wav", "sizeBytes": 0, "modified": "1", "head": base64(&tone(1)[..64])
    });
    let refused =
        send(&patchline, Method::POST, "/upload/parts", nothing.to_string().into_bytes(), None).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["file".to_owned()]));
}

#[tokio::test]
async fn a_file_of_two_kinds_is_a_finding_and_is_only_served_as_what_it_was_stored_as() {
    let patchline = Patchline::start().await;
    let archive = [tone(1), b"PK\x03\x04 and the rest of an archive".to_vec()].concat();
    upload(&patchline, "archive.wav", &archive).await;
    let report = patchline.result_of("process_audio", json!({ "fileName": "archive.wav" })).await;
    assert!(codes(&report).contains(&"A08"), "its header knows nothing of the archive: {report}");
    assert_eq!(report["samples"], 44_100);

    let page = with_chunk(&chunk(*b"html", b"<script>alert(1)</script>"));
    let put = patchline.clients.s3.put_object().bucket(BUCKET).key("page.wav").content_type("text/html");
    put.body(page.into()).send().await.expect("it is put");
    let report = patchline.result_of("process_audio", json!({ "fileName": "page.wav" })).await;
    assert!(["A02", "A07"].iter().all(|code| codes(&report).contains(code)), "{report}");
    let served = patchline.get("/media/patchline-audio/page.wav").await;
    assert_eq!(served.headers[header::CONTENT_DISPOSITION], "attachment");
    assert_eq!(served.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
}

/// The report on a recording with these frames of ID3 in it.
async fn with_tag(patchline: &Patchline, name: &str, frames: &[u8]) -> Value {
    upload(patchline, name, &with_chunk(&chunk(*b"id3 ", &id3(frames)))).await;
    patchline.result_of("process_audio", json!({ "fileName": name })).await
}

#[tokio::test]
async fn tags_take_no_more_than_they_may_and_their_text_is_read_in_every_encoding() {
    let patchline = Patchline::start().await;
    let picture =
        |number: u32| frame(*b"APIC", format!("\x03image/png\0\0picture {number}\0\u{89}PNG").as_bytes());
    let pictures: Vec<u8> = (0..1_000).flat_map(picture).collect();
    let report = with_tag(&patchline, "pictures.wav", &pictures).await;
    assert_eq!(report["tags"]["pictures"], 100, "they are counted no further");

    // More entries than anybody writes: the time that they would take grows with the square of their number.
    let entry = |number: u32| frame(*b"TXXX", format!("\x03{number}\0value").as_bytes());
    let entries: Vec<u8> = (0..11_000).flat_map(entry).collect();
    let report = with_tag(&patchline, "entries.wav", &entries).await;
    let notes = report["notes"].to_string();
    assert!(notes.contains("The tags could not be read"), "{notes}");
    assert_eq!(report["samples"], 44_100, "the sound is listened to all the same");

    let title = "Høst på Æ";
    let wide = |bytes: fn(u16) -> [u8; 2]| title.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let latin: Vec<u8> = title.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let encodings = [
        ("latin", [&b"\0"[..], &latin].concat()),
        ("utf-16", [&b"\x01\xff\xfe"[..], &wide(u16::to_le_bytes)].concat()),
        ("utf-16-turned", [&b"\x01\xfe\xff"[..], &wide(u16::to_be_bytes)].concat()),
        ("utf-16-be", [&b"\x02"[..], &wide(u16::to_be_bytes)].concat()),
        ("utf-8", [&b"\x03"[..], title.as_bytes()].concat()),
    ];
    for (encoding, content) in encodings {
        let report = with_tag(&patchline, &format!("{encoding}.wav"), &frame(*b"TIT2", &content)).await;
        assert_eq!(report["tags"]["title"], title, "{encoding}: {report}");
    }
    let broken = with_tag(&patchline, "broken.wav", &frame(*b"TIT2", b"\x03\xff\xfe\xfa")).await;
    assert_eq!(broken["tags"]["title"], Value::Null);
    assert!(broken["notes"].to_string().contains("The tags could not be read"), "{broken}");
}

/// A recording as a process left it that has had it in its hands.
fn left(name: &str, etag: &str, epoch: u32, alive_until: i64) -> Value {
    json!({
        "id": format!("{BUCKET}/{name}"), "bucket": BUCKET, "key": name, "version": 7, "etag": etag, "bytes": 9,
        "sample": false, "state": "processing", "line": {}, "day": "open",
        "processedAt": "2026-11-27T00:00:00Z", "epoch": epoch, "holder": "another", "aliveUntil": alive_until,
        "progress": 40
    })
}

#[tokio::test]
async fn a_file_that_is_deleted_while_it_is_processed_is_said_to_be_gone() {
    let patchline = Patchline::start().await;
    patchline.put("patchline-recordings", left("gone.wav", "\"a\"", 1, 0)).await;
    let found = once(&patchline, "gone.wav", &["deleted"]).await;
    assert!(found["recording"]["why"].as_str().is_some_and(|why| why.starts_with("the file ")), "{found}");
}

#[tokio::test]
async fn what_somebody_holds_is_left_to_them_and_what_stops_every_reader_is_given_up() {
    let patchline = Patchline::start().await;
    for (name, epoch, alive_until) in [("held.wav", 1, i64::MAX), ("deadly.wav", 4, 0)] {
        let put = patchline.clients.s3.put_object().bucket(BUCKET).key(name).body(tone(1).into());
        let etag = put.send().await.expect("it is put").e_tag.expect("a tag");
        patchline.put("patchline-recordings", left(name, &etag, epoch, alive_until)).await;
    }
    let found = once(&patchline, "deadly.wav", &["unreadable"]).await;
    let why = found["recording"]["why"].as_str().unwrap_or_default();
    assert!(why.contains("stopped by it"), "{found}");
    let held = known(&patchline, "held.wav").await;
    assert_eq!(
        (&held["recording"]["state"], &held["recording"]["progress"]),
        (&json!("processing"), &json!(40))
    );
}

#[tokio::test]
async fn work_that_waits_is_done_by_whichever_instance_is_left() {
    let patchline = Patchline::start().await;
    let another = patchline.another_instance().await;
    patchline.engine.content.stop().await;
    put(&patchline, "a.wav", tone(1)).await;
    let found = once(&patchline, "a.wav", &["warned"]).await;
    assert_eq!(found["report"]["report"]["samples"], 44_100);
    another.close().await;
}

/// Chords that change five times a second, louder or quieter.
fn song(gain: f64) -> Vec<u8> {
    let mut file = tone(12);
    for (at, sample) in (0_u32..).zip(file[44..].chunks_exact_mut(2)) {
        let at = at / 2;
        let turn = (at / 8_820).wrapping_mul(2_654_435_761) >> 16;
        let note = 110.0 * 2.0_f64.powf(f64::from(turn % 24) / 12.0);
        let phase = f64::from(at) / 44_100.0 * note * std::f64::consts::TAU;
        let value = gain * [1.0, 1.5, 2.0, 3.0].iter().map(|part| (phase * part).sin() / part).sum::<f64>();
        #[expect(clippy::cast_possible_truncation, reason = "within the range by the gain")]
        sample.copy_from_slice(&((value * 32_767.0) as i16).to_le_bytes());
    }
    file
}

#[tokio::test]
async fn the_same_recording_at_another_level_is_recognised_from_both_sides() {
    let patchline = Patchline::start().await;
    for (name, content) in [("loud.wav", song(0.2)), ("quiet.wav", song(0.1)), ("tone.wav", tone(12))] {
        upload(&patchline, name, &content).await;
        once(&patchline, name, &["passed", "warned", "failed"]).await;
    }
    for (name, other) in [("loud.wav", "quiet.wav"), ("quiet.wav", "loud.wav")] {
        let found = known(&patchline, name).await;
        let alike = found["soundsLike"].as_array().expect("a list");
        assert_eq!(alike.len(), 1, "{name}: {found}");
        assert!(alike[0]["recording"]["name"].as_str().is_some_and(|name| name.contains(other)), "{found}");
        assert!(alike[0]["percent"].as_u64().is_some_and(|percent| percent >= 90), "{found}");
    }
    assert_eq!(known(&patchline, "tone.wav").await["soundsLike"], json!([]));
    let id = patchline::engine::tools::views::recording_id(BUCKET, "quiet.wav");
    let page = patchline.get(&format!("/audio/{id}")).await.text();
    assert!(page.contains("It sounds like") && page.contains("loud.wav"));

    patchline.clients.s3.delete_object().bucket(BUCKET).key("loud.wav").send().await.expect("it is removed");
    patchline.engine.content.look().await.expect("the bucket is looked at");
    assert_eq!(known(&patchline, "quiet.wav").await["soundsLike"], json!([]), "what is gone is not told");
}
