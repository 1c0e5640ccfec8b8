//! Frames, seconds and counts as numbers to calculate with.

/// A run of frames, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first frame.
    pub from: u64,
    /// The frame after the last.
    pub to: u64,
}

impl Span {
    /// How many frames.
    pub fn frames(self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}

/// Places that are kept of each kind; beyond that they are counted only.
pub(super) const MOST_PLACES: usize = 100;

/// The first places of a kind, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The first hundred, in their order.
    pub first: Vec<Span>,
    /// All of them.
    pub count: u64,
    /// Their frames together.
    pub frames: u64,
}

impl Places {
    pub(super) fn add(&mut self, span: Span) {
        self.count += 1;
        self.frames += span.frames();
        if self.first.len() < MOST_PLACES {
            self.first.push(span);
        }
    }
}

/// Frames as seconds; 0 at no rate.
pub fn seconds(frames: u64, rate: u32) -> f64 {
    if rate == 0 { 0.0 } else { real(frames) / f64::from(rate) }
}

/// Seconds as frames, rounded down.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times are short and positive")]
pub fn frames(seconds: f64, rate: u32) -> u64 {
    (seconds * f64::from(rate)).max(0.0) as u64
}

/// A count to calculate with.
#[expect(clippy::cast_precision_loss, reason = "no recording has 2^53 frames")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// A length to calculate with.
#[expect(clippy::cast_precision_loss, reason = "no buffer has 2^53 items")]
pub(super) fn real_length(length: usize) -> f64 {
    length as f64
}

/// A length as a count of frames.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A ratio of amplitudes in decibels.
pub fn decibels(amplitude: f64) -> f64 {
    20.0 * amplitude.log10()
}
