//! Recordings: the check before delivery, and the waveform.

use crate::support::{Patchline, base64, wav};
use axum::http::StatusCode;
use jiff::civil::date;
use patchline::engine::sample::{BucketRole, DEFAULT_SEED, SampleLabel};
use serde_json::{Value, json};

async fn uploaded(patchline: &Patchline, name: &str, content: &[u8]) {
    let arguments = json!({ "fileName": name, "fileContent": base64(content) });
    patchline.result_of("upload_audio_file", arguments).await;
}

/// The codes that weigh so much.
fn codes<'a>(report: &'a Value, severity: &str) -> Vec<&'a str> {
    let findings = report["findings"].as_array().expect("findings");
    let heavy = findings.iter().filter(|finding| finding["severity"] == severity);
    heavy.filter_map(|finding| finding["code"].as_str()).collect()
}

/// Stereo of 44.1 kHz and 16 bits: a tone of so many seconds, faded at both ends.
pub(super) fn tone(seconds: u32) -> Vec<u8> {
    let frames = seconds * 44_100;
    let mut data = Vec::new();
    for at in 0..frames {
        let fade = f64::from(at.min(frames - 1 - at).min(4410)) / 4410.0;
        for hertz in [440.0, 660.0] {
            let value = fade * 0.2 * (f64::from(at) / 44_100.0 * hertz * std::f64::consts::TAU).sin();
            #[expect(clippy::cast_possible_truncation, reason = "a fifth of the range")]
            data.extend(((value * 32_767.0) as i16).to_le_bytes());
        }
    }
    let length = u32::try_from(data.len()).expect("short");
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    for field in [16_u32, 0x0002_0001, 44_100, 176_400, 0x0010_0004] {
        file.extend(field.to_le_bytes());
    }
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(data);
    file
}

#[tokio::test]
async fn a_recording_is_described_measured_and_checked() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "masters/tone.wav", &tone(5)).await;
    let report = patchline
        .result_of("process_audio", json!({ "fileName": "masters/tone.wav", "profile": "spotify" }))
        .await;
    assert_eq!(
        (&report["format"], &report["codec"], &report["container"]),
        (&json!("WAV"), &json!("PCM"), &json!("RIFF"))
    );
    assert_eq!(
        (&report["sampleRate"], &report["bits"], &report["channels"]),
        (&json!(44_100), &json!(16), &json!(2))
    );
    assert_eq!((&report["samples"], &report["seconds"]), (&json!(220_500), &json!(5.0)));
    assert_eq!(report["sha256"].as_str().map(str::len), Some(64));
    let loudness = report["loudness"]["integrated"].as_f64().expect("a loudness");
    assert!((-16.0..-13.0).contains(&loudness), "{loudness}");
    assert_eq!(report["gains"].as_array().map(Vec::len), Some(8));
    assert!(codes(&report, "error").is_empty(), "{report}");
    assert!(codes(&report, "warning").contains(&"S14"), "it is short: {report}");
    assert_eq!(report["verdicts"][1], json!({ "profile": "spotify", "verdict": "warn" }));
}

#[tokio::test]
async fn what_no_store_takes_is_said_with_the_place_and_the_remedy() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "old.wav", &wav()).await;
    let report = patchline.result_of("process_audio", json!({ "fileName": "old.wav" })).await;
    assert_eq!(codes(&report, "error"), ["A04", "S01"], "8 kHz, and nothing but silence");
    assert_eq!(report["loudness"]["integrated"], Value::Null);
    assert_eq!(report["findings"][1]["at"], json!([{ "from": 0.0, "to": 1.0 }]));

    // Cut after it was recognised, and one that only begins like a WAV.
    let mut cut = tone(3);
    cut.truncate(200_000);
    uploaded(&patchline, "cut.wav", &cut).await;
    let report = patchline.result_of("process_audio", json!({ "fileName": "cut.wav" })).await;
    assert!(codes(&report, "error").contains(&"A01"), "{report}");
    assert_eq!(report["samples"], (200_000 - 44) / 4);
    uploaded(&patchline, "empty.wav", b"RIFF\x24\0\0\0WAVEfmt ").await;
    let report = patchline.result_of("process_audio", json!({ "fileName": "empty.wav" })).await;
    assert_eq!((codes(&report, "error"), &report["format"]), (vec!["A01"], &Value::Null));
    assert_eq!(report["verdicts"][0]["verdict"], "fail");

    let missing = patchline.tool("process_audio", json!({ "fileName": "none.wav" })).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_waveform_is_drawn_whole_and_in_part() {
    let patchline = Patchline::start().await;
    uploaded(&patchline, "tone.wav", &tone(2)).await;
    let drawn = patchline.result_of("get_waveform", json!({ "fileName": "tone.wav" })).await;
    assert_eq!((&drawn["samples_per_pixel"], &drawn["length"]), (&json!(256), &json!(345)));
    assert_eq!(drawn["data"].as_array().map(Vec::len), Some(690));

    let part = json!({ "fileName": "tone.wav", "samplesPerPixel": 441, "from": 1.0, "to": 1.5 });
    let drawn = patchline.result_of("get_waveform", part).await;
    assert_eq!((&drawn["sample_rate"], &drawn["length"]), (&json!(44_100), &json!(50)));

    let part = json!({ "fileName": "tone.wav", "samplesPerPixel": 512, "from": 1.0, "to": 1.5 });
    let drawn = patchline.result_of("get_waveform", part).await;
    assert_eq!((&drawn["samples_per_pixel"], &drawn["length"]), (&json!(512), &json!(44)));

    // As finely for one channel as for all mixed, in steps that are kept and in others.
    for samples in [256, 100] {
        let part = json!({ "fileName": "tone.wav", "samplesPerPixel": samples, "from": 1.0, "to": 1.5 });
        let mixed = patchline.result_of("get_waveform", part.clone()).await;
        for channel in [1, 2] {
            let mut part = part.clone();
            part["channel"] = json!(channel);
            let drawn = patchline.result_of("get_waveform", part).await;
            assert_eq!((&drawn["length"], &drawn["channels"]), (&mixed["length"], &json!(1)), "{channel}");
        }
    }
    let third = json!({ "fileName": "tone.wav", "samplesPerPixel": 256, "channel": 3 });
    let refused = patchline.tool("get_waveform", third).await;
    assert_eq!(
        (refused.status, refused.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["channel".to_owned()])
    );

    let too_fine = json!({ "fileName": "tone.wav", "samplesPerPixel": 2, "from": 1.0, "to": 0.5 });
    let refused = patchline.tool("get_waveform", too_fine).await;
    assert_eq!((refused.status, refused.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["to".to_owned()]));
}

#[tokio::test]
async fn the_masters_of_the_sample_label_are_sound() {
    let patchline = Patchline::start().await;
    let label = SampleLabel::generate(DEFAULT_SEED, date(2026, 11, 22));
    let mut masters = 0;
    for object in label.objects().filter(|object| object.bucket_role == BucketRole::Audio) {
        let stored = patchline.clients.s3.put_object().bucket("patchline-audio").key(&object.key);
        let stored = stored
            .content_type(object.content_type)
            .set_metadata(Some(object.metadata.into_iter().collect()));
        stored.body(object.bytes.into()).send().await.expect("it is put");
        let report = patchline.result_of("process_audio", json!({ "fileName": object.key })).await;
        assert_eq!(report["sample"], true, "{report}");
        assert_eq!(report["seconds"], 16.0, "{report}");
        assert!(report["loudness"]["integrated"].is_f64() && report["key"]["name"].is_string(), "{report}");
        assert!(!codes(&report, "error").contains(&"A01"), "{report}");
        masters += 1;
    }
    assert_eq!(masters, 2);
}
