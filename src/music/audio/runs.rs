//! Runs of frames in which something holds: silence, dropouts, clipping.

use super::decode::Block;
use super::time::{Places, Span, count, frames};

/// -60 dBFS: below this there is silence.
const SILENCE: f32 = 0.001;
/// -40 dBFS: sound within which a gap is heard.
const SOUND: f32 = 0.01;
/// Full scale, but for the last step of 14 bits.
const FULL_SCALE: f32 = 0.9999;
/// Samples at full scale in a row that are clipping.
const CLIPPED: u64 = 3;
/// Seconds of silence within a recording that are noticed.
const INTERNAL_SILENCE: f64 = 4.0;
/// Seconds of zeros that make a dropout.
const DROPOUT: f64 = 0.003;
/// Seconds of zeros that are a pause and no dropout.
const PAUSE: f64 = 0.5;
/// Seconds before and after a dropout in which there is sound.
const AROUND: f64 = 0.005;

/// Samples that are looked at in one go, while there is nothing to be found.
const FEW: usize = 64;

/// Where a recording is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Silence {
    /// Frames at the beginning.
    pub leading: u64,
    /// Frames at the end.
    pub trailing: u64,
    /// Whether nothing but silence is there.
    pub is_all: bool,
    /// Silences of at least 4 s in between.
    pub internal: Places,
}

/// Finds silence.
pub(super) struct SilenceFinder {
    shortest: u64,
    at: u64,
    /// Where the present silence began.
    since: Option<u64>,
    found: Silence,
}

impl SilenceFinder {
    pub(super) fn new(rate: u32) -> Self {
        Self { shortest: frames(INTERNAL_SILENCE, rate), at: 0, since: Some(0), found: Silence::default() }
    }

    pub(super) fn feed(&mut self, block: &Block) {
        let is_loud = |frame: &usize| block.channels.iter().any(|channel| channel[*frame].abs() >= SILENCE);
        // No silence that counts fits into less than the shortest, so within sound only the end is looked at.
        let most = usize::try_from(self.shortest).unwrap_or(usize::MAX).max(1);
        let mut from = 0;
        while from < block.frames() {
            let mut part = from..block.frames().min(from.saturating_add(most));
            match self.since {
                None => {
                    let silent = part.clone().rev().find(is_loud).map_or(from, |frame| frame + 1);
                    self.since = (silent < part.end).then(|| self.at + count(silent - from));
                    self.at += count(part.len());
                    from = part.end;
                }
                Some(since) => {
                    let loud = part.find(is_loud);
                    let to = loud.unwrap_or(part.end);
                    self.at += count(to - from);
                    from = to;
                    if loud.is_some() {
                        self.end(Span { from: since, to: self.at });
                        self.since = None;
                    }
                }
            }
        }
    }

    fn end(&mut self, silence: Span) {
        if silence.from == 0 {
            self.found.leading = silence.to;
        } else if silence.frames() >= self.shortest {
            self.found.internal.add(silence);
        }
    }

    pub(super) fn finish(mut self) -> Silence {
        if let Some(from) = self.since {
            self.found.is_all = from == 0;
            self.found.trailing = self.at - from;
        }
        self.found
    }
}

/// Finds short gaps of exact zeros within sound, in each channel.
pub(super) struct DropoutFinder {
    channels: Vec<Gap>,
    shortest: u64,
    longest: u64,
    around: u64,
    /// Where the last gap ended that was found.
    ended: Option<u64>,
    found: Places,
}

/// What is known of the last moments of a channel.
#[derive(Clone, Copy)]
struct Gap {
    at: u64,
    /// The last frame that was sound.
    sound: Option<u64>,
    /// Where the present zeros began, and whether there was sound before.
    since: Option<(u64, bool)>,
    /// Zeros that ended and are a dropout if sound follows.
    waiting: Option<Span>,
}

impl DropoutFinder {
    pub(super) fn new(channels: u16, rate: u32) -> Self {
        let gap = Gap { at: 0, sound: None, since: None, waiting: None };
        Self {
            channels: vec![gap; usize::from(channels)],
            shortest: frames(DROPOUT, rate),
            longest: frames(PAUSE, rate),
            around: frames(AROUND, rate),
            ended: None,
            found: Places::default(),
        }
    }

    pub(super) fn feed(&mut self, block: &Block) {
        let mut dropouts = Vec::new();
        for (gap, samples) in self.channels.iter_mut().zip(&block.channels) {
            for few in samples.chunks(FEW) {
                if gap.pass(few) {
                    continue;
                }
                for sample in few {
                    let dropout = gap.step(sample.abs(), self.shortest, self.longest, self.around);
                    dropouts.extend(dropout);
                }
            }
        }
        dropouts.sort_by_key(|dropout| dropout.from);
        for dropout in dropouts {
            // The same gap in several channels is one.
            if self.ended.is_none_or(|ended| ended < dropout.from) {
                self.ended = Some(dropout.to);
                self.found.add(dropout);
            }
        }
    }

    pub(super) fn finish(self) -> Places {
        self.found
    }
}

impl Gap {
    /// Takes samples in one go, of which none is zero, where none was before: nearly always. False is where each has
    /// to be looked at.
    fn pass(&mut self, samples: &[f32]) -> bool {
        let is_gap = samples.contains(&0.0);
        if is_gap || self.since.is_some() || self.waiting.is_some() {
            return false;
        }
        if let Some(last) = samples.iter().rposition(|sample| sample.abs() >= SOUND) {
            self.sound = Some(self.at + count(last));
        }
        self.at += count(samples.len());
        true
    }

    fn step(&mut self, level: f32, shortest: u64, longest: u64, around: u64) -> Option<Span> {
        let at = self.at;
        self.at += 1;
        if level == 0.0 {
            if self.since.is_none() {
                self.since = Some((at, self.sound.is_some_and(|sound| at - sound <= around)));
            }
            return None;
        }
        if let Some((from, after_sound)) = self.since.take() {
            let zeros = Span { from, to: at };
            if after_sound && (shortest..=longest).contains(&zeros.frames()) {
                self.waiting = Some(zeros);
            }
        }
        if level < SOUND {
            return None;
        }
        self.sound = Some(at);
        self.waiting.take().filter(|dropout| at - dropout.to <= around)
    }
}

/// Finds samples at full scale in a row, in each channel.
pub(super) struct ClippingFinder {
    /// For each channel, where the present run began.
    since: Vec<Option<u64>>,
    at: u64,
    found: Places,
}

impl ClippingFinder {
    pub(super) fn new(channels: u16) -> Self {
        Self { since: vec![None; usize::from(channels)], at: 0, found: Places::default() }
    }

    pub(super) fn feed(&mut self, block: &Block) {
        let mut ended = Vec::new();
        for (since, samples) in self.since.iter_mut().zip(&block.channels) {
            for (few, start) in samples.chunks(FEW).zip((self.at..).step_by(FEW)) {
                let is_full =
                    few.iter().fold(false, |is_full, sample| is_full | (sample.abs() >= FULL_SCALE));
                if since.is_none() && !is_full {
                    continue;
                }
                for (at, sample) in (start..).zip(few) {
                    match *since {
                        None if sample.abs() >= FULL_SCALE => *since = Some(at),
                        Some(from) if sample.abs() < FULL_SCALE => {
                            *since = None;
                            ended.push(Span { from, to: at });
                        }
                        _ => {}
                    }
                }
            }
        }
        self.at += count(block.frames());
        self.keep(ended);
    }

    fn keep(&mut self, mut ended: Vec<Span>) {
        ended.retain(|run| run.frames() >= CLIPPED);
        ended.sort_by_key(|run| run.from);
        for run in ended {
            self.found.add(run);
        }
    }

    pub(super) fn finish(mut self) -> Places {
        let at = self.at;
        let last = self.since.iter().flatten().map(|from| Span { from: *from, to: at }).collect();
        self.keep(last);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is found when a recording comes in blocks of so many frames.
    fn found(samples: &[f32], frames: usize) -> (Silence, Places, Places) {
        let rate = 1_000;
        let mut finders = (SilenceFinder::new(rate), DropoutFinder::new(1, rate), ClippingFinder::new(1));
        for part in samples.chunks(frames) {
            let block = Block { channels: vec![part.to_vec()] };
            finders.0.feed(&block);
            finders.1.feed(&block);
            finders.2.feed(&block);
        }
        (finders.0.finish(), finders.1.finish(), finders.2.finish())
    }

    /// Stretches of sound, quiet, nothing and full scale.
    fn recordings() -> impl Strategy<Value = Vec<f32>> {
        let stretch =
            (prop::sample::select(vec![0.5_f32, -0.5, 0.005, 0.0005, 0.0, 1.0, -1.0]), 1_usize..200);
        let long = (Just(0.0_f32), 3_900_usize..4_200);
        prop::collection::vec(prop_oneof![20 => stretch, 1 => long], 0..40).prop_map(|stretches| {
            stretches.into_iter().flat_map(|(level, frames)| vec![level; frames]).collect()
        })
    }

    proptest! {
        /// What is looked at in one go is what would have been found frame by frame.
        #[test]
        fn how_a_recording_is_cut_into_blocks_changes_nothing(
            samples in recordings(), frames in 1_usize..10_000
        ) {
            prop_assert_eq!(found(&samples, frames), found(&samples, 1));
        }
    }
}
