//! The rules about the file: coding, container, format.

use super::{Finding, Place, Profile, Severity, Subject};
use crate::music::audio::riff::{TAG_EXTENSIBLE, TAG_PCM};
use crate::music::audio::{Analysis, Fingerprint, Kind, Riff, seconds};
use Severity::{Error, Information, Warning};

/// The rates that stores take, in Hz.
const RATES: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

pub(super) fn check(subject: &Subject<'_>, profile: &Profile) -> Vec<Finding> {
    let analysis = subject.analysis;
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(damage(analysis));
    findings.extend(disagreement(subject));
    findings.extend(coding(analysis));
    findings.extend(rate(analysis, profile));
    findings.extend(depth(analysis));
    findings.extend(channels(analysis));
    if let Some(riff) = &analysis.riff {
        findings.extend(container(riff, profile));
    }
    findings.extend(leftovers(subject));
    findings.extend(fingerprint(analysis));
    findings
}

fn damage(analysis: &Analysis) -> Option<Finding> {
    let first = analysis.damages.first.first();
    if analysis.frames == 0 && first.is_none() {
        return Some(Finding::new("A01", Error, "it holds no audio").of("container"));
    }
    let more = analysis.damages.count.saturating_sub(1);
    let measured = match more {
        0 => first?.what.clone(),
        _ => format!("{}, and {more} more places", first?.what),
    };
    let place = |frame| {
        let from = seconds(frame, analysis.properties.rate);
        Place { from, to: from }
    };
    let at = analysis.damages.first.iter().map(|damage| place(damage.at)).collect();
    Some(Finding::new("A01", Error, measured).at(at))
}

fn disagreement(subject: &Subject<'_>) -> Option<Finding> {
    let kind = subject.analysis.properties.kind;
    let ending = subject.file_name.rsplit('/').next()?.rsplit_once('.').map(|(_, e)| e.to_lowercase());
    if let Some(ending) = ending.filter(|ending| !kind.extensions().contains(&ending.as_str())) {
        return Some(Finding::new("A02", Error, format!("{} named .{ending}", kind.name())).of("name"));
    }
    let announced = subject.media_type?.split(';').next()?.trim().to_lowercase();
    // S3 says the second of what was stored without a type.
    let says_nothing = ["application/octet-stream", "binary/octet-stream"].contains(&announced.as_str());
    let is_telling = announced.contains('/') && !says_nothing;
    (is_telling && !kind.media_types().contains(&announced.as_str())).then(|| {
        Finding::new("A02", Error, format!("{} announced as {announced}", kind.name())).of("media type")
    })
}

fn coding(analysis: &Analysis) -> Option<Finding> {
    let properties = &analysis.properties;
    properties.is_lossy.then(|| Finding::new("A03", Error, properties.codec.clone()).of("codec"))
}

fn rate(analysis: &Analysis, profile: &Profile) -> Option<Finding> {
    let rate = analysis.properties.rate;
    let severity = match rate {
        rate if rate < RATES[0] || rate > profile.highest_rate => Error,
        rate if RATES.contains(&rate) => return None,
        _ => Warning,
    };
    Some(Finding::new("A04", severity, format!("{rate} Hz")).of("sample rate"))
}

fn depth(analysis: &Analysis) -> Option<Finding> {
    let properties = &analysis.properties;
    let bits = properties.bits?;
    match (bits, properties.is_float) {
        (16 | 24, false) => None,
        (32, true) => Some(Finding::new("A05", Warning, "32 bits, floating point").of("bits")),
        _ => Some(Finding::new("A05", Error, format!("{bits} bits")).of("bits")),
    }
}

fn channels(analysis: &Analysis) -> Option<Finding> {
    let (severity, measured) = match analysis.properties.channels {
        2 => return None,
        1 => (Warning, "mono".to_owned()),
        more => (Error, format!("{more} channels")),
    };
    Some(Finding::new("A06", severity, measured).of("channels"))
}

fn container(riff: &Riff, profile: &Profile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tag = riff.format.tag;
    if profile.plain_tag_only && tag != TAG_PCM {
        let name = if tag == TAG_EXTENSIBLE { ", extensible" } else { "" };
        findings.push(Finding::new("A07", Error, format!("tag {tag:#06x}{name}")).of("container"));
    } else if !riff.after.is_empty() {
        let measured = format!("{} after the audio", riff.after.join(", "));
        findings.push(Finding::new("A07", Warning, measured).of("container"));
    }
    if !riff.is_size_right() {
        let measured = format!(
            "{} bytes by its header, {} in the file; audio {} of {}",
            riff.declared, riff.actual, riff.data_actual, riff.data_declared
        );
        findings.push(Finding::new("A08", Error, measured).of("container"));
    } else if riff.is_pad_missing {
        findings.push(Finding::new("A08", Error, "an odd number of bytes is not filled up").of("container"));
    }
    findings
}

fn leftovers(subject: &Subject<'_>) -> Option<Finding> {
    let found: Vec<String> = match &subject.analysis.riff {
        Some(riff) => {
            let chunks = riff.before.iter().chain(&riff.after);
            let is_leftover = |id: &&String| {
                matches!(
                    id.to_lowercase().as_str(),
                    "list" | "bext" | "id3" | "ixml" | "axml" | "_pmx" | "cart"
                )
            };
            chunks.filter(is_leftover).cloned().collect()
        }
        None if subject.analysis.properties.kind == Kind::Flac => {
            subject.tags.kinds.iter().filter(|kind| kind.starts_with("Id3")).cloned().collect()
        }
        None => Vec::new(),
    };
    (!found.is_empty()).then(|| Finding::new("A09", Warning, found.join(", ")).of("container"))
}

fn fingerprint(analysis: &Analysis) -> Option<Finding> {
    let (severity, measured) = match analysis.fingerprint? {
        Fingerprint::Right => return None,
        Fingerprint::Wrong => (Error, "another than that of the audio"),
        // RFC 9639, 8.2: zero says that the encoder has not made one.
        Fingerprint::Absent => (Information, "none: all zero"),
    };
    Some(Finding::new("A10", severity, measured).of("container"))
}
