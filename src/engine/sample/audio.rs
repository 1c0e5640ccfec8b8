//! Two short pieces of music, synthesised by rules: the masters of two tracks.
//!
//! Each is 16 seconds of chords, bass, a melody and drums. Oscillators read one period of a wave from a
//! table; envelopes rise in a line and fall exponentially. Notes are MIDI numbers (69 is 440 Hz).

mod instruments;
mod wave_file;

use super::artists::SampleArtist;
use super::{BucketRole, SampleObject};
use crate::model::artist::Artist;
use crate::model::release::{Release, ReleaseStatus};
use instruments::{Mix, Sound};

/// Length of both pieces in seconds, and therefore of the tracks.
const SECONDS: u32 = 16;
/// The artists whose first released track has a master, with the piece.
const PIECES: [(&str, Piece); 2] = [("Velvet Cartography", NIGHT_DRIVE), ("Nōri", FERRY)];

/// A piece: its beat, its chords and what is played on them.
struct Piece {
    /// Seconds of a beat; a bar has four.
    beat: f64,
    /// The chord of each bar, root first.
    chords: &'static [[u8; 3]],
    /// How long a chord takes to rise and to fall to a half, in seconds.
    pad: (f64, f64),
    /// Beats of a bar on which the bass plays, in halves of a beat.
    bass: &'static [u8],
    /// For each half beat of a bar, the note of the chord that the melody plays, if any.
    melody: [Option<usize>; 8],
    /// Whether there are drums.
    drums: bool,
}

/// 120 beats a minute, A minor: eight bars with drums.
const NIGHT_DRIVE: Piece = Piece {
    beat: 0.5,
    chords: &[
        [57, 60, 64],
        [53, 57, 60],
        [60, 64, 67],
        [55, 59, 62],
        [57, 60, 64],
        [53, 57, 60],
        [50, 53, 57],
        [52, 56, 59],
    ],
    pad: (0.02, 0.45),
    bass: &[0, 3, 4, 6, 7],
    melody: [Some(0), None, Some(1), Some(2), None, Some(1), None, Some(2)],
    drums: true,
};

/// 60 beats a minute, D major: four slow bars without drums.
const FERRY: Piece = Piece {
    beat: 1.0,
    chords: &[[50, 57, 66], [47, 54, 62], [43, 50, 59], [45, 52, 61]],
    pad: (1.2, 2.5),
    bass: &[0],
    melody: [Some(2), None, None, Some(1), None, Some(0), None, None],
    drums: false,
};

/// Gives the masters to their tracks, whose length becomes that of the piece.
pub(super) fn attach(releases: &mut [Release], artists: &[SampleArtist]) {
    for (name, _) in &PIECES {
        let artist = artists.iter().find(|artist| artist.profile.name == *name);
        let release = releases.iter_mut().find(|release| {
            release.status == ReleaseStatus::Released
                && artist.is_some_and(|artist| artist.artist_id == release.artist_id)
        });
        if let Some(track) = release.and_then(|release| release.tracks.first_mut()) {
            track.audio = Some(format!("masters/{}.wav", track.track_id));
            track.duration_seconds = SECONDS;
        }
    }
}

/// The masters of all tracks that have one.
pub(super) fn masters<'a>(
    artists: &'a [Artist],
    releases: &'a [Release],
) -> impl Iterator<Item = SampleObject> + 'a {
    releases.iter().filter_map(|release| {
        let artist = artists.iter().find(|artist| artist.artist_id == release.artist_id)?;
        let (_, piece) = PIECES.iter().find(|(name, _)| *name == artist.name)?;
        let track = release.tracks.first()?;
        let key = track.audio.clone()?;
        let metadata = [
            ("release-id", release.release_id.as_str()),
            ("track-id", track.track_id.as_str()),
            ("isrc", &track.isrc),
        ];
        let bytes = wave_file::write(&piece.play());
        Some(SampleObject::new(BucketRole::Audio, key, "audio/wav", bytes, &metadata))
    })
}

impl Piece {
    /// Plays the piece from beginning to end.
    fn play(&self) -> Mix {
        let mut mix = Mix::new(f64::from(SECONDS));
        let bars = self.chords.iter().zip(0..);
        for (chord, bar) in bars {
            self.play_bar(&mut mix, f64::from(bar) * 4.0 * self.beat, *chord);
        }
        mix.finish();
        mix
    }

    fn play_bar(&self, mix: &mut Mix, start: f64, chord: [u8; 3]) {
        let half_beat = self.beat / 2.0;
        let pans = [-0.45, 0.0, 0.45];
        for (note, pan) in chord.into_iter().zip(pans) {
            mix.note(Sound::Pad, note, start, 4.0 * self.beat, 0.13, pan, self.pad);
        }
        for place in self.bass {
            let at = start + f64::from(*place) * half_beat;
            mix.note(Sound::Bass, chord[0] - 12, at, self.beat, 0.24, 0.0, (0.006, 0.22 * self.beat / 0.5));
        }
        for (place, degree) in
            self.melody.iter().zip(0..).filter_map(|(note, place)| note.map(|note| (place, note)))
        {
            let at = start + f64::from(place) * half_beat;
            let pan = if place % 4 == 0 { 0.25 } else { -0.25 };
            mix.note(Sound::Bell, chord[degree] + 12, at, 2.0 * self.beat, 0.11, pan, (0.004, 0.3));
        }
        if self.drums {
            for place in 0..8_u32 {
                let at = start + f64::from(place) * half_beat;
                if place % 2 == 0 {
                    mix.kick(at);
                } else {
                    mix.hat(at);
                }
                if place % 4 == 2 {
                    mix.snare(at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_pieces_are_music_and_not_silence_noise_or_clipping() {
        for (name, piece) in &PIECES {
            let frames = piece.play().frames;
            assert_eq!(frames.len(), 16 * 44_100, "{name}");
            let values = || frames.iter().flatten();
            let loudest = values().fold(0.0_f32, |loudest, value| loudest.max(value.abs()));
            assert!((0.69..0.71).contains(&loudest), "{name}: peak {loudest}");
            let power: f64 = values().map(|value| f64::from(value * value)).sum::<f64>() / 1_411_200.0;
            assert!((0.05..0.5).contains(&power.sqrt()), "{name}: level {}", power.sqrt());
            let mean = values().map(|value| f64::from(*value)).sum::<f64>() / 1_411_200.0;
            assert!(mean.abs() < 0.001, "{name}: mean {mean}");
            assert!(frames.iter().any(|[left, right]| (left - right).abs() > 0.05), "{name} is mono");
            assert!(frames.last().is_some_and(|[left, right]| left.abs() + right.abs() < 0.001), "{name}");
        }
    }
}
