//! The report on a recording, from what was found out about it.

use crate::engine::catalog::ObjectInfo;
use crate::model::audio::{
    AudioFinding, AudioKey, AudioLoudness, AudioPlace, AudioReport, AudioTags, AudioTempo, DeliveryVerdict,
    FindingSeverity, ProfileVerdict, StoreGain,
};
use crate::model::recording::{LoudnessCurve, ProfileReport, RecordingReport, WaveformPart};
use crate::music::audio::{self, Analysis, AudioError, LONGEST_SECONDS, Loudness, Tags, Waveform, gain};
use crate::music::quality::{self, Finding, LOUDNESS_TARGETS, PROFILES, Profile, Severity, Subject, Verdict};

/// Points of the waveform that a report carries at most.
const MOST_POINTS: usize = 2_000;
/// Values of a loudness curve that a report carries at most: 5 minutes at ten a second.
const MOST_VALUES: usize = 3_000;
/// What stands for silence in a loudness curve, in tenths of a LUFS.
const SILENCE: i16 = -1_000;

/// What was read of the tags, and why not all of it could be.
type ReadTags = (Tags, Option<String>);

/// The report on a file that could be read.
pub(super) fn full(
    info: &ObjectInfo,
    sha256: String,
    analysis: &Analysis,
    (tags, unread): &ReadTags,
) -> RecordingReport {
    let media_type = Some(info.content_type.as_str());
    let subject = Subject { analysis, tags, file_name: &info.key, media_type };
    let checked = PROFILES.iter().map(|profile| of_profile(profile, &quality::check(&subject, profile)));
    let profiles: Vec<ProfileReport> = checked.collect();
    let properties = &analysis.properties;
    let container = analysis.riff.as_ref().map(|riff| riff.form.clone());
    let report = AudioReport {
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
        notes: notes(analysis, tags, unread.as_deref()),
        ..empty(info, sha256)
    };
    RecordingReport {
        report: with_profile(report, &profiles, None),
        profiles,
        curve: curve(&analysis.curve),
        waveform: overview(analysis.waveform.clone()),
        sides: analysis.sides.iter().cloned().map(overview).collect(),
    }
}

/// The report on a file of which nothing could be read.
pub(super) fn unreadable(info: &ObjectInfo, sha256: String, error: &AudioError) -> RecordingReport {
    let found = [quality::unreadable(error)];
    let profiles: Vec<ProfileReport> = PROFILES.iter().map(|profile| of_profile(profile, &found)).collect();
    let report = AudioReport {
        notes: vec!["Nothing could be measured, because the file could not be read.".to_owned()],
        ..empty(info, sha256)
    };
    RecordingReport {
        report: with_profile(report, &profiles, None),
        profiles,
        curve: LoudnessCurve::default(),
        waveform: WaveformPart::default(),
        sides: Vec::new(),
    }
}

/// The report with the findings for a profile: for the first, unless one is named.
pub(super) fn with_profile(
    report: AudioReport,
    profiles: &[ProfileReport],
    profile: Option<&str>,
) -> AudioReport {
    let wanted = profiles.iter().find(|known| profile.is_none_or(|id| known.id == id));
    let verdicts =
        profiles.iter().map(|known| ProfileVerdict { profile: known.id.clone(), verdict: known.verdict });
    AudioReport {
        findings: wanted.map(|known| known.findings.clone()).unwrap_or_default(),
        verdicts: verdicts.collect(),
        ..report
    }
}

fn of_profile(profile: &Profile, findings: &[Finding]) -> ProfileReport {
    ProfileReport {
        id: profile.id.to_owned(),
        name: profile.name.to_owned(),
        source: profile.source.to_owned(),
        verdict: match quality::verdict(findings) {
            Verdict::Pass => DeliveryVerdict::Pass,
            Verdict::Warn => DeliveryVerdict::Warn,
            Verdict::Fail => DeliveryVerdict::Fail,
        },
        findings: findings.iter().map(finding).collect(),
    }
}

/// The waveform as coarse as a page needs it for the whole.
fn overview(mut waveform: Waveform) -> WaveformPart {
    while waveform.points.len() > MOST_POINTS {
        waveform = waveform.coarser();
    }
    WaveformPart {
        sample_rate: waveform.sample_rate,
        samples_per_pixel: waveform.samples_per_pixel,
        from: 0.0,
        data: waveform.points.into_iter().flat_map(|(low, high)| [low, high]).collect(),
    }
}

fn curve(measured: &audio::LoudnessCurve) -> LoudnessCurve {
    let (fewer, steps) = measured.at_most(MOST_VALUES);
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    let tenths = |values: &[f64]| values.iter().map(|value| tenths(*value)).collect();
    LoudnessCurve {
        step: f64::from(steps) / 10.0,
        momentary: tenths(&fewer.momentary),
        short_term: tenths(&fewer.short_term),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is brought into the range first")]
fn tenths(loudness: f64) -> i16 {
    (loudness * 10.0).round().clamp(f64::from(SILENCE), 1_000.0) as i16
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
        stated_tempo: None,
        stated_key: None,
        tempo: None,
        key: None,
        tags: AudioTags::default(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        as_of: day.map(str::to_owned),
        source: format!("Every sample of {}/{}", info.bucket, info.key),
        sample: info.is_sample(),
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

fn notes(analysis: &Analysis, tags: &Tags, unread: Option<&str>) -> Vec<String> {
    let mut notes = vec![
        "Stores other than Spotify may turn loud masters down without turning quiet ones up; their targets come \
         from secondary sources."
            .to_owned(),
        "Measured tempo and key are estimates; tempo may be half or double what people tap.".to_owned(),
    ];
    if analysis.is_cut {
        notes.push(format!("Only the first {} hours were looked at.", LONGEST_SECONDS / 3600));
    }
    if analysis.damages.count > 0 {
        notes.push("The file is damaged: what is said is about what could be read.".to_owned());
    }
    if tags.pictures > 1 {
        notes.push(format!(
            "Its tags carry {} pictures or more; stores take the cover from the release.",
            tags.pictures
        ));
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
