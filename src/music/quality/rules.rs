//! The checklist for audio and signal: every rule with its limit, its source and what to do.

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: &'static str,
    /// What it finds.
    pub title: &'static str,
    /// What is allowed; none where nothing is.
    pub limit: Option<&'static str>,
    /// Who says so; none for a rule of experience.
    pub source: Option<&'static str>,
    /// What to do.
    pub remedy: &'static str,
}

const DISTRIBUTORS: Option<&str> = Some("Distributors' delivery specifications");
const SPOTIFY: Option<&str> = Some("Spotify: audio delivery specification");
const LOUDNESS: Option<&str> = Some("Spotify: loudness normalization");
const EBU: Option<&str> = Some("EBU R 128, Tech 3341 and Tech 3342");

pub(super) const fn rule_of(
    code: &'static str,
    title: &'static str,
    limit: Option<&'static str>,
    source: Option<&'static str>,
    remedy: &'static str,
) -> Rule {
    Rule { code, title, limit, source, remedy }
}

/// The rules in the order of their codes.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule_of("A01", "Cannot be read in full", None, DISTRIBUTORS, "Export the master again and upload it again."),
    rule_of("A02", "Content and name disagree", None, DISTRIBUTORS, "Give the file the ending of its content."),
    rule_of("A03", "Lossy master", None, DISTRIBUTORS, "Deliver the master as WAV, FLAC or ALAC; a converted MP3 stays lossy."),
    rule_of("A04", "Unusual sample rate", Some("44.1, 48, 88.2, 96, 176.4 or 192 kHz"), DISTRIBUTORS, "Export at the rate of the session, at least 44.1 kHz."),
    rule_of("A05", "Unusual bit depth", Some("16 or 24 bits"), DISTRIBUTORS, "Export with 24 bits, or with 16 bits and dither."),
    rule_of("A06", "Not stereo", Some("2 channels"), DISTRIBUTORS, "Export a stereo mix; mono only where the recording is mono."),
    rule_of("A07", "Unusual WAV", Some("tag 0x0001, nothing after the audio"), SPOTIFY, "Deliver FLAC, or write the WAV again with the plain PCM tag and without chunks after the audio."),
    rule_of("A08", "Sizes in the header are wrong", Some("the size of the file, even"), SPOTIFY, "Write the file again with another program; a broken upload shows like this, too."),
    rule_of("A09", "Leftover chunks in the file", None, SPOTIFY, "Export without metadata; what belongs to the release is entered in the release."),
    rule_of("A10", "Fingerprint of the FLAC is wrong or missing", Some("MD5 of the audio"), Some("RFC 9639"), "Encode the FLAC again from the master; without a fingerprint a store takes it, and nobody can tell whether it is whole."),
    rule_of("S01", "Silence at the beginning or the end", Some("2 s before, 5 s after, below -60 dBFS"), None, "Cut the silence, if it is not meant."),
    rule_of("S02", "Silence within", Some("less than 4 s"), None, "Listen whether the pause is meant; a hidden track is a track of its own."),
    rule_of("S03", "Dropout", Some("no zeros of 3 ms within sound"), None, "Listen at these places and export again with a larger buffer."),
    rule_of("S04", "Clipping", Some("fewer than 3 samples at full scale in a row"), None, "Lower the level before the limiter and leave headroom."),
    rule_of("S05", "High true peak", Some("-1 dBTP; -2 dBTP where louder than -14 LUFS"), LOUDNESS, "Set the limiter's ceiling to -1 dBTP, with true peak detection."),
    rule_of("S06", "Loudness", None, EBU, "Nothing to mend: stores turn loud masters down."),
    rule_of("S07", "DC offset", Some("0.1 % of full scale"), None, "Use a high-pass filter below 20 Hz."),
    rule_of("S08", "Channel silent, or both the same", None, None, "Check the routing of the export; deliver mono only if it is meant."),
    rule_of("S09", "Channels cancel each other", Some("correlation -0.3 for 5 s; 6 dB lost in mono"), None, "Check the polarity of the channels and stereo wideners."),
    rule_of("S10", "Looks like made from a lossy file", Some("no step of 20 dB between bands of 1 kHz"), None, "Ask for the original master; a steep filter can look like this, too."),
    rule_of("S11", "Looks upsampled", Some("something above 22.05 kHz"), None, "Deliver at the rate at which it was recorded."),
    rule_of("S12", "Padded to 24 bits", Some("the lower 8 bits in use"), None, "Deliver the 24-bit original, or as 16 bits."),
    rule_of("S13", "Abrupt beginning or end", Some("5 ms below -40 dBFS"), None, "Add a short fade, if the cut is not meant."),
    rule_of("S14", "Unusual length", Some("30 s to 10 min"), None, "Check that the file is whole; very short tracks are often not paid."),
    rule_of("S15", "Tempo and key", None, None, "An estimate; state the right one on the page of the recording where it is wrong."),
];

/// What a code that has no rule would say; there is none in the product.
const UNKNOWN: Rule = rule_of("?", "Unknown rule", None, None, "");

/// The rule of a code.
pub fn rule(code: &str) -> &'static Rule {
    let all = RULES.iter().chain(super::artwork::RULES).chain(super::release::RULES);
    all.into_iter().find(|rule| rule.code == code).unwrap_or(&UNKNOWN)
}
