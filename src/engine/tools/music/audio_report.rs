//! The report on a recording, from what was found out about it.

use crate::engine::catalog::ObjectInfo;
use crate::model::audio::{
    AudioFinding, AudioKey, AudioLoudness, AudioPlace, AudioReport, AudioTags, AudioTempo, DeliveryVerdict,
    FindingSeverity, ProfileVerdict, StoreGain,
};
use crate::music::audio::{Analysis, AudioError, LONGEST_SECONDS, Loudness, Tags, gain};
use crate::music::quality::{self, Finding, LOUDNESS_TARGETS, PROFILES, Severity, Subject, Verdict};

/// What was read of the tags, and why not all of it could be.
type ReadTags = (Tags, Option<String>);

/// The report on a file that could be read.
pub(super) fn full(
    info: &ObjectInfo,
    sha256: String,
    profile: &str,
    analysis: &Analysis,
    (tags, unread): &ReadTags,
) -> AudioReport {
    let media_type = Some(info.content_type.as_str());
    let subject = Subject { analysis, tags, file_name: &info.key, media_type };
    let checked: Vec<(&str, Vec<Finding>)> =
        PROFILES.iter().map(|profile| (profile.id, quality::check(&subject, profile))).collect();
    let verdicts = checked.iter().map(|(id, findings)| of_profile(id, quality::verdict(findings))).collect();
    let findings = checked.into_iter().find(|(id, _)| *id == profile).map(|(_, found)| found);
    let properties = &analysis.properties;
    let container = analysis.riff.as_ref().map(|riff| riff.form.clone());
    AudioReport {
        format: Some(properties.kind.name().to_owned()),
        container: Some(container.unwrap_or_else(|| properties.kind.name().to_owned())),
        codec: Some(properties.codec.clone()),
        sample_rate: Some(properties.rate),
        bits: properties.bits,
        channels: Some(properties.channels),
        seconds: Some(rounded(analysis.seconds(), 1e6)),
        samples: Some(analysis.frames),
        loudness: loudness(&analysis.loudness),
        gains: gains(&analysis.loudness),
        tempo: analysis.tempo.map(|tempo| AudioTempo {
            bpm: rounded(tempo.bpm, 10.0),
            confidence: rounded(tempo.confidence, 100.0),
        }),
        key: analysis
            .key
            .as_ref()
            .map(|key| AudioKey { name: key.name.clone(), confidence: rounded(key.confidence, 100.0) }),
        tags: written_tags(tags),
        findings: findings.unwrap_or_default().iter().map(finding).collect(),
        verdicts,
        notes: notes(analysis, unread.as_deref()),
        ..empty(info, sha256)
    }
}

/// The report on a file of which nothing could be read.
pub(super) fn unreadable(info: &ObjectInfo, sha256: String, error: &AudioError) -> AudioReport {
    AudioReport {
        findings: vec![finding(&quality::unreadable(error))],
        verdicts: PROFILES.iter().map(|profile| of_profile(profile.id, Verdict::Fail)).collect(),
        notes: vec!["Nothing could be measured, because the file could not be read.".to_owned()],
        ..empty(info, sha256)
    }
}

fn empty(info: &ObjectInfo, sha256: String) -> AudioReport {
    let day = info.last_modified.as_deref().and_then(|time| time.get(..10));
    AudioReport {
        file_name: info.key.clone(),
        format: None,
        container: None,
        codec: None,
        sample_rate: None,
        bits: None,
        channels: None,
        seconds: None,
        samples: None,
        sha256,
        loudness: AudioLoudness::default(),
        gains: Vec::new(),
        tempo: None,
        key: None,
        tags: AudioTags::default(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        as_of: day.map(str::to_owned),
        source: format!("Every sample of {}/{}", info.bucket, info.key),
        sample: info.metadata.get("source").is_some_and(|source| source == "sample"),
        notes: Vec::new(),
    }
}

fn loudness(measured: &Loudness) -> AudioLoudness {
    let hundredth = |value: Option<f64>| value.map(|value| rounded(value, 100.0));
    AudioLoudness {
        integrated: hundredth(measured.integrated),
        range: hundredth(measured.range),
        true_peak: hundredth(measured.true_peak),
        momentary_max: hundredth(measured.momentary_max),
        short_term_max: hundredth(measured.short_term_max),
    }
}

fn gains(measured: &Loudness) -> Vec<StoreGain> {
    let gains = LOUDNESS_TARGETS.iter().filter_map(|(store, target)| {
        let gain = rounded(gain(measured, *target)?, 100.0);
        Some(StoreGain { store: (*store).to_owned(), target: *target, gain })
    });
    gains.collect()
}

fn finding(found: &Finding) -> AudioFinding {
    AudioFinding {
        code: found.rule.code.to_owned(),
        title: found.rule.title.to_owned(),
        severity: match found.severity {
            Severity::Error => FindingSeverity::Error,
            Severity::Warning => FindingSeverity::Warning,
            Severity::Information => FindingSeverity::Information,
        },
        measured: found.measured.clone(),
        limit: found.rule.limit.map(str::to_owned),
        at: found
            .at
            .iter()
            .map(|place| AudioPlace { from: rounded(place.from, 1e6), to: rounded(place.to, 1e6) })
            .collect(),
        field: found.field.map(str::to_owned),
        source: found.rule.source.map(str::to_owned),
        remedy: found.rule.remedy.to_owned(),
    }
}

fn of_profile(id: &str, verdict: Verdict) -> ProfileVerdict {
    let verdict = match verdict {
        Verdict::Pass => DeliveryVerdict::Pass,
        Verdict::Warn => DeliveryVerdict::Warn,
        Verdict::Fail => DeliveryVerdict::Fail,
    };
    ProfileVerdict { profile: id.to_owned(), verdict }
}

fn written_tags(tags: &Tags) -> AudioTags {
    let tags = tags.clone();
    AudioTags {
        title: tags.title,
        artist: tags.artist,
        album: tags.album,
        album_artist: tags.album_artist,
        composer: tags.composer,
        genre: tags.genre,
        date: tags.date,
        track: tags.track,
        isrc: tags.isrc,
        barcode: tags.barcode,
        copyright: tags.copyright,
        bpm: tags.bpm,
        key: tags.key,
        kinds: tags.kinds,
        pictures: tags.pictures,
    }
}

fn notes(analysis: &Analysis, unread: Option<&str>) -> Vec<String> {
    let mut notes = vec![
        "Stores other than Spotify may turn loud masters down without turning quiet ones up; their targets come \
         from secondary sources."
            .to_owned(),
        "Tempo and key are estimates; tempo may be half or double what people tap.".to_owned(),
    ];
    if analysis.is_cut {
        notes.push(format!("Only the first {} hours were looked at.", LONGEST_SECONDS / 3600));
    }
    if analysis.damages.count > 0 {
        notes.push("The file is damaged: what is said is about what could be read.".to_owned());
    }
    if let Some(why) = unread {
        notes.push(format!("The tags could not be read: {why}."));
    }
    notes
}

/// Rounded to so many parts of one.
fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
