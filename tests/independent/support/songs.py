"""Songs with MIDI files that tell their tempo and notes, and the sound of them; tests/independent/set-up fetches all."""

import os
import wave
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mido
import numpy as np
import tinysoundfont

from support.recordings import ffmpeg

KEPT = Path(os.environ["PATCHLINE_CACHE"]) / "songs"
DRUMS = 9
RATE = 44100

# As tests/independent/set-up fetches them.
PACKAGES = ("fretsonfire-songs-muldjord", "fretsonfire-songs-sectoid", "planetblupi-music-midi", "planetblupi-music-ogg",
            "openttd-openmsx", "timgm6mb-soundfont")

# What is heard of each song, in seconds.
FROM, TO = 20, 60


def missing():
    """The packages that could not be fetched."""
    return [package for package in PACKAGES if not (KEPT / package).is_dir()]


@cache
def read(midi):
    return mido.MidiFile(midi, clip=True)


@dataclass(frozen=True)
class Song:
    midi: Path
    # Recordings that are played together; none where the notes are played instead.
    sounds: tuple[Path, ...] = ()

    def tempo(self):
        """The tempo that holds for most of the time, in beats a minute."""
        midi, now, held = read(self.midi), 500_000, defaultdict(float)
        for message in mido.merge_tracks(midi.tracks):
            held[now] += mido.tick2second(message.time, midi.ticks_per_beat, now)
            if message.type == "set_tempo":
                now = message.tempo
        return mido.tempo2bpm(max(held, key=held.get))

    def length(self):
        return read(self.midi).length

    def notes(self):
        """What is played without drums: start, length and pitch, as partitura takes them."""
        at, began, played = 0, {}, []
        for message in read(self.midi):
            at += message.time
            if at > TO + 30:
                break
            if message.type not in ("note_on", "note_off") or message.channel == DRUMS:
                continue
            key = message.channel, message.note
            if message.type == "note_on" and message.velocity:
                began.setdefault(key, at)
            elif key in began:
                start, end = max(began.pop(key), FROM), min(at, TO)
                if end > start:
                    played.append((start, end - start, message.note))
        return np.array(played, dtype=[("onset_beat", "f4"), ("duration_beat", "f4"), ("pitch", "i4")])

    def heard(self, file):
        """Writes what is heard of the song to a WAV with one channel."""
        if not self.sounds:
            return play(self.midi, file)
        inputs = [argument for sound in self.sounds for argument in ("-ss", FROM, "-t", TO - FROM, "-i", sound)]
        ffmpeg(*inputs, "-filter_complex", f"amix=inputs={len(self.sounds)}", "-ac", 1, "-c:a", "pcm_s16le", file)


def metal():
    """Two metal bands, recorded, for a game about guitars. Songs and guitars are recordings of their own."""
    files = sorted(KEPT.glob("fretsonfire-songs-*/usr/share/games/fretsonfire/data/songs/*/*/notes.mid"))
    return [Song(file, (file.with_name("song.ogg"), file.with_name("guitar.ogg"))) for file in files]


def blupi():
    """The music of a game, played by its makers on a synthesizer."""
    sounds = KEPT / "planetblupi-music-ogg/usr/share/planetblupi/music"
    files = sorted(KEPT.glob("planetblupi-music-midi/usr/share/planetblupi/music/*.mid"))
    return [Song(file, (sounds / f"{file.stem}.ogg",)) for file in files]


def trains():
    """The music of another game, by several people, of which there are only the notes."""
    return [Song(file) for file in sorted(KEPT.glob("openttd-openmsx/usr/share/games/openttd/baseset/openmsx/*.mid"))]


def play(midi, file):
    """Plays a MIDI file on a synthesizer, with the instruments of TimGM6mb."""
    synthesizer = tinysoundfont.Synth(samplerate=RATE, gain=-12)
    sounds = synthesizer.sfload(str(KEPT / "timgm6mb-soundfont/usr/share/sounds/sf2/TimGM6mb.sf2"))
    for channel in range(16):
        synthesizer.program_select(channel, sounds, 128 if channel == DRUMS else 0, 0, channel == DRUMS)
    at, frames, parts = 0, 0, []
    for message in read(midi):
        at += message.time
        until = round(min(at, TO) * RATE)
        if until > frames:
            parts.append(np.frombuffer(bytes(synthesizer.generate(until - frames)), "<f4").reshape(-1, 2).mean(1))
            frames = until
        if at >= TO:
            break
        tell(synthesizer, sounds, message)
    samples = np.clip(np.concatenate(parts)[FROM * RATE:], -1, 1)
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes((samples * 32767).astype("<i2").tobytes())


def tell(synthesizer, sounds, message):
    match message.type:
        case "note_on" if message.velocity:
            synthesizer.noteon(message.channel, message.note, message.velocity)
        case "note_on" | "note_off":
            synthesizer.noteoff(message.channel, message.note)
        case "program_change" if message.channel != DRUMS:
            synthesizer.program_select(message.channel, sounds, 0, message.program)
        case "control_change":
            synthesizer.control_change(message.channel, message.control, message.value)
        case "pitchwheel":
            synthesizer.pitchbend(message.channel, message.pitch + 8192)
