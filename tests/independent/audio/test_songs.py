"""Tempo and key of songs that people made, 40 s of each.

What is true: of tempo, the one that the song's MIDI file has for most of its time. Of key, what most of the three
profiles in `partitura` say of the notes that the MIDI file has in those 40 s; a song of which each says something else
is left out. Nobody was asked who hears: the notes of many a song leave its key open between neighbours, and the three
profiles differ on about half of the songs. One of them has the same numbers as Patchline's, but is told the notes.

The songs are few and not of every kind: eight of two metal bands, recorded; ten pieces of the music of a game, as its
makers played them on a synthesizer; 31 pieces of another game's, played here on a synthesizer that others wrote.
"""

from collections import Counter

import pytest
from partitura.musicanalysis import estimate_key

from support import songs
from support.recordings import driver, seconds

PROFILES = ["krumhansl_kessler", "temperley", "kostka_payne"]
FLAT = {"C#": "C sharp", "Db": "C sharp", "D#": "E flat", "Eb": "E flat", "F#": "F sharp", "Gb": "F sharp",
        "G#": "A flat", "Ab": "A flat", "A#": "B flat", "Bb": "B flat"}


@pytest.fixture(scope="module", autouse=True)
def fetched():
    if missing := songs.missing():
        pytest.skip(f"packages of Debian that could not be fetched: {', '.join(missing)}")


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """All songs, and what Patchline finds out about each."""
    everything, folder = [*songs.metal(), *songs.blupi(), *songs.trains()], tmp_path_factory.mktemp("songs")
    files = [folder / f"{number}.wav" for number in range(len(everything))]
    for song, file in zip(everything, files):
        song.heard(file)
    return list(zip(everything, driver("analyze", *files)))


def test_the_songs_are_there():
    assert (len(songs.metal()), len(songs.blupi()), len(songs.trains())) == (8, 10, 31), (
        "tests/independent/set-up fetches them")


@pytest.mark.parametrize("song", songs.blupi(), ids=lambda song: song.midi.stem)
def test_recordings_are_as_long_as_their_notes(song):
    # Some end with a reverberation of 4 s, one without the silence that its notes end with.
    assert abs(seconds(song.sounds[0]) - song.length()) < 5


def test_tempo_is_right_but_for_octaves(heard):
    wrong = []
    for song, found in heard:
        tempo, expected = found["tempo"] or 0, song.tempo()
        if not any(abs(tempo / (expected * factor) - 1) <= 0.04 for factor in (1, 2, 3, 1 / 2, 1 / 3)):
            wrong.append(f"{named(song)}: {tempo:.1f} instead of {expected:.1f}")
    right = len(heard) - len(wrong)
    print(f"tempo: {right} of {len(heard)} are right")
    assert right >= 0.8 * len(heard), f"{right} of {len(heard)} are right; wrong are {wrong}"


def test_key_is_right(heard):
    right, wrong, open_to_doubt = [], [], []
    for song, found in heard:
        # The notes that the metal bands play are not told.
        if song in songs.metal():
            continue
        expected = key(song)
        if not expected:
            open_to_doubt.append(named(song))
        elif found["key"] == expected:
            right.append(named(song))
        else:
            wrong.append(f"{named(song)}: {found['key']} instead of {expected}")
    counted = len(right) + len(wrong)
    print(f"key: {len(right)} of {counted} are right; {len(open_to_doubt)} are left out")
    assert counted >= 30
    assert len(right) >= 0.57 * counted, f"{len(right)} of {counted} are right; wrong are {wrong}"


def key(song):
    """The key that most profiles say; none where each says another."""
    notes = song.notes()
    said = Counter(estimate_key(notes, key_profiles=profile) for profile in PROFILES)
    [(name, times)] = said.most_common(1)
    if times == 1:
        return None
    tonic, mode = (name[:-1], "minor") if name.endswith("m") else (name, "major")
    return f"{FLAT.get(tonic, tonic)} {mode}"


def named(song):
    """The name of the song: of its file, or of the folder where all files have the same name."""
    return song.midi.parent.name if song.midi.stem == "notes" else song.midi.stem
