//! The rules about the sound: silence, damage, levels, phase, where it comes from.

use super::{Finding, Place, Profile, Severity};
use crate::music::audio::{Analysis, Loudness, Places, Span, decibels, seconds};
use Severity::{Error, Information, Warning};

/// Seconds of silence before and after.
const LEADING: f64 = 2.0;
const TRAILING: f64 = 5.0;
/// A channel that is quieter is silent, as a share of full scale: -60 dBFS.
const SILENT: f64 = 0.001;
/// -40 dBFS, as a share of full scale.
const ABRUPT: f64 = 0.01;
/// The mean of a channel, as a share of full scale.
const DC: f64 = 0.001;
/// What may be lost in mono, in dB.
const MONO_LOSS: f64 = 6.0;
/// A step between bands that a lossy coding leaves, in dB.
const STEP: f64 = 20.0;
/// What is above 23 kHz when there is nothing, in dBFS.
const NOTHING: f64 = -110.0;
/// Seconds of what is usual.
const SHORTEST: f64 = 30.0;
const LONGEST: f64 = 600.0;

pub(super) fn check(analysis: &Analysis, profile: &Profile) -> Vec<Finding> {
    if analysis.frames == 0 {
        return Vec::new();
    }
    let mut findings = length(analysis);
    if analysis.silence.is_all {
        findings.push(Finding::new("S01", Error, "nothing but silence").at(vec![whole(analysis)]));
        return findings;
    }
    findings.extend(silence(analysis));
    findings.extend(places("S02", "pause", &analysis.silence.internal, analysis));
    findings.extend(places("S03", "dropout", &analysis.dropouts, analysis));
    findings.extend(clipping(analysis));
    findings.extend(true_peak(&analysis.loudness));
    findings.extend(loudness(&analysis.loudness, profile));
    findings.extend(levels(analysis));
    findings.extend(origin(analysis));
    findings.extend(estimates(analysis));
    findings
}

fn whole(analysis: &Analysis) -> Place {
    Place { from: 0.0, to: analysis.seconds() }
}

fn place(span: Span, analysis: &Analysis) -> Place {
    let rate = analysis.properties.rate;
    Place { from: seconds(span.from, rate), to: seconds(span.to, rate) }
}

fn silence(analysis: &Analysis) -> Vec<Finding> {
    let rate = analysis.properties.rate;
    let (leading, trailing) = (analysis.silence.leading, analysis.silence.trailing);
    let ends = [
        (seconds(leading, rate), LEADING, "at the beginning", Span { from: 0, to: leading }),
        (
            seconds(trailing, rate),
            TRAILING,
            "at the end",
            Span { from: analysis.frames.saturating_sub(trailing), to: analysis.frames },
        ),
    ];
    let long = ends.into_iter().filter(|(length, limit, ..)| length > limit);
    long.map(|(length, _, end, span)| {
        Finding::new("S01", Warning, format!("{length:.1} s {end}")).at(vec![place(span, analysis)])
    })
    .collect()
}

fn places(code: &'static str, what: &str, found: &Places, analysis: &Analysis) -> Option<Finding> {
    let plural = if found.count == 1 { "" } else { "s" };
    let length = seconds(found.frames, analysis.properties.rate);
    let measured = format!("{} {what}{plural}, {length:.3} s together", found.count);
    let at = found.first.iter().map(|span| place(*span, analysis)).collect();
    (found.count > 0).then(|| Finding::new(code, Warning, measured).at(at))
}

fn clipping(analysis: &Analysis) -> Option<Finding> {
    let found = &analysis.clipping;
    let runs = u32::try_from(found.count).unwrap_or(u32::MAX);
    let per_minute = f64::from(runs) * 60.0 / analysis.seconds();
    let at = found.first.iter().map(|span| place(*span, analysis)).collect();
    let times = if runs == 1 { "once".to_owned() } else { format!("{runs} times") };
    let measured = format!("at full scale {times}, {per_minute:.0} a minute");
    (runs > 0).then(|| Finding::new("S04", Warning, measured).at(at))
}

fn true_peak(loudness: &Loudness) -> Option<Finding> {
    let peak = loudness.true_peak?;
    let is_loud = loudness.integrated.is_some_and(|integrated| integrated > -14.0);
    let severity = match peak {
        peak if peak > -1.0 => Warning,
        peak if peak > -2.0 && is_loud => Information,
        _ => return None,
    };
    Some(Finding::new("S05", severity, format!("{peak:.1} dBTP")))
}

fn loudness(loudness: &Loudness, profile: &Profile) -> Option<Finding> {
    let integrated = loudness.integrated?;
    let range = loudness.range.map(|range| format!(", range {range:.1} LU")).unwrap_or_default();
    let mut measured = format!("{integrated:.1} LUFS{range}");
    if let Some(gain) = profile.target.and_then(|target| crate::music::audio::gain(loudness, target)) {
        measured = format!("{measured}; {} changes it by {gain:+.1} dB", profile.name);
    }
    Some(Finding::new("S06", Information, measured))
}

fn levels(analysis: &Analysis) -> Vec<Finding> {
    let levels = &analysis.levels;
    let mut findings = Vec::new();
    let dc = levels.dc.iter().copied().fold(0.0, |most: f64, mean| most.max(mean.abs()));
    if dc > DC {
        findings.push(Finding::new("S07", Warning, format!("{:.2} % of full scale", dc * 100.0)));
    }
    let silent = levels.peaks.iter().position(|peak| *peak < SILENT);
    if let Some(channel) = silent {
        let measured = format!("channel {} is silent", channel + 1);
        findings.push(Finding::new("S08", Warning, measured).of("channels"));
    } else if levels.is_dual_mono {
        findings.push(Finding::new("S08", Warning, "both channels are the same").of("channels"));
    }
    let loss = levels.mono_loss.unwrap_or(0.0);
    if levels.opposed.count > 0 || loss > MONO_LOSS {
        let correlation = levels.correlation.unwrap_or(0.0);
        let measured = format!("correlation {correlation:.2}, {loss:.1} dB lost in mono");
        let at = levels.opposed.first.iter().map(|span| place(*span, analysis)).collect();
        findings.push(Finding::new("S09", Warning, measured).at(at));
    }
    findings.extend(edges(analysis));
    findings
}

fn edges(analysis: &Analysis) -> Option<Finding> {
    let (first, last) = analysis.levels.edges;
    let end = analysis.seconds();
    let mut at = Vec::new();
    let mut measured = Vec::new();
    if first > ABRUPT {
        at.push(Place { from: 0.0, to: 0.005_f64.min(end) });
        measured.push(format!("begins at {:.0} dBFS", decibels(first)));
    }
    if last > ABRUPT {
        at.push(Place { from: (end - 0.005).max(0.0), to: end });
        measured.push(format!("ends at {:.0} dBFS", decibels(last)));
    }
    (!at.is_empty()).then(|| Finding::new("S13", Warning, measured.join(", ")).at(at))
}

fn origin(analysis: &Analysis) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (spectrum, properties) = (&analysis.spectrum, &analysis.properties);
    if let (Some(step), Some(cut_off)) = (spectrum.step, spectrum.cut_off)
        && step >= STEP
        && !properties.is_lossy
    {
        let measured = format!("a step of {step:.0} dB at {:.1} kHz, {}", cut_off / 1000.0, coding(cut_off));
        findings.push(Finding::new("S10", Warning, measured));
    }
    if let Some(above) = spectrum.above_23_khz.filter(|above| *above < NOTHING) {
        findings.push(Finding::new("S11", Warning, format!("{above:.0} dBFS above 23 kHz")));
    }
    if properties.bits == Some(24) && !properties.is_float && analysis.levels.used_bits.trailing_zeros() >= 8
    {
        findings.push(Finding::new("S12", Warning, "the lower 8 bits are always zero").of("bits"));
    }
    findings
}

/// Which coding usually cuts there.
fn coding(cut_off: f64) -> &'static str {
    match cut_off {
        at if at < 15_500.0 => "as codings below 128 kbit/s leave it",
        at if at < 17_200.0 => "about MP3 at 128 kbit/s",
        at if at < 18_000.0 => "about AAC at 128 kbit/s",
        at if at < 19_500.0 => "about 192 kbit/s",
        _ => "about 320 kbit/s",
    }
}

fn length(analysis: &Analysis) -> Vec<Finding> {
    let length = analysis.seconds();
    let is_unusual = !(SHORTEST..=LONGEST).contains(&length);
    is_unusual.then(|| Finding::new("S14", Warning, minutes_and_seconds(length))).into_iter().collect()
}

/// `12.5 s`, and what is longer than a minute as `61 min 5 s`.
fn minutes_and_seconds(length: f64) -> String {
    if length < 60.0 {
        return format!("{length:.1} s");
    }
    let minutes = (length / 60.0).floor();
    format!("{minutes:.0} min {:.0} s", (length - minutes * 60.0).floor())
}

fn estimates(analysis: &Analysis) -> Option<Finding> {
    let tempo = analysis.tempo.map(|tempo| format!("{:.0} beats a minute", tempo.bpm));
    let key = analysis.key.as_ref().map(|key| key.name.clone());
    let told: Vec<String> = tempo.into_iter().chain(key).collect();
    (!told.is_empty()).then(|| Finding::new("S15", Information, told.join(", ")))
}
