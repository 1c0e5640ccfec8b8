"""Every kind of file: the same recording in all of them, lossy ones found out, damage agreed upon with `flac`."""

import shutil
import subprocess

import pytest

from support.recordings import analyze, driver, ffmpeg

LOSSLESS = {
    "wav": ["-c:a", "pcm_s16le"], "aiff": [], "flac": [], "alac.m4a": ["-c:a", "alac"],
    "rf64.wav": ["-rf64", "always"], "w24.wav": ["-c:a", "pcm_s24le"],
}
LOSSY = {
    "mp3": ("MP3", ["-b:a", "128k"]), "m4a": ("AAC", ["-c:a", "aac"]), "aac": ("AAC", ["-c:a", "aac"]),
    "ogg": ("Vorbis", ["-c:a", "libvorbis"]),
}


@pytest.mark.parametrize("ending", LOSSLESS)
def test_lossless_files_hold_the_same_recording(recording, tmp_path, ending):
    original = recording("arovane")
    made = tmp_path / f"a.{ending}"
    ffmpeg("-i", original, *LOSSLESS[ending], made)
    ours, before = analyze(made), analyze(original)
    assert ours["damages"] == 0
    for same in ("frames", "integrated", "range", "truePeak", "channels", "rate"):
        assert ours[same] == before[same], same
    assert ours["bits"] == (24 if "w24" in ending else 16)


@pytest.mark.parametrize("ending", LOSSY)
def test_lossy_files_are_read_and_named(recording, tmp_path, ending):
    codec, options = LOSSY[ending]
    made = tmp_path / f"a.{ending}"
    ffmpeg("-i", recording("arovane"), *options, made)
    ours = analyze(made)
    assert (ours["codec"], ours["damages"], ours["bits"]) == (codec, 0, None)
    assert ours["integrated"] == pytest.approx(analyze(recording("arovane"))["integrated"], abs=0.6)


def test_what_was_an_mp3_once_is_found_out(recording, tmp_path):
    original, lossy, again = recording("arovane"), tmp_path / "a.mp3", tmp_path / "again.flac"
    ffmpeg("-i", original, "-b:a", "128k", lossy)
    ffmpeg("-i", lossy, again)
    assert analyze(original)["step"] < 20
    found = analyze(again)
    assert found["step"] > 20 and 15_500 < found["cutOff"] < 17_500


def test_opus_is_refused_by_name(recording, tmp_path):
    made = tmp_path / "a.opus"
    ffmpeg("-i", recording("tabla"), "-c:a", "libopus", made)
    assert "this is Opus" in analyze(made)["error"]


def wound(bytes_, kind):
    middle = len(bytes_) // 2
    if kind == "changed bytes":
        bytes_[middle:middle + 20] = bytes(byte ^ 0x55 for byte in bytes_[middle:middle + 20])
    elif kind == "cut":
        del bytes_[middle:]
    elif kind == "fingerprint":
        bytes_[26] ^= 1
    return bytes_


@pytest.mark.skipif(not shutil.which("flac"), reason="the package flac is not installed")
@pytest.mark.parametrize("kind", ["none", "changed bytes", "cut", "fingerprint"])
def test_flac_agrees_on_damage(recording, tmp_path, kind):
    file = tmp_path / "a.flac"
    file.write_bytes(wound(bytearray(recording("tabla").read_bytes()), kind))
    theirs = subprocess.run(["flac", "-t", "-s", file], capture_output=True).returncode == 0
    ours = analyze(file)
    assert (ours["damages"] == 0 and ours["fingerprint"] == "right") == theirs == (kind == "none")


def test_the_waveform_is_that_of_the_samples(recording, tmp_path):
    """Worked out again from ffmpeg's samples, as audiowaveform's documentation defines it."""
    path, raw = recording("tabla"), tmp_path / "a.raw"
    ffmpeg("-i", path, "-f", "s16le", raw)
    values = memoryview(raw.read_bytes()).cast("h")
    mixed = [int((values[at] + values[at + 1]) / 2) for at in range(0, len(values), 2)]
    data = []
    for at in range(0, len(mixed), 256):
        data += [min(mixed[at:at + 256]), max(mixed[at:at + 256])]
    drawn = driver("waveform", path)[0]
    assert drawn["data"] == data
    assert (drawn["length"], drawn["bits"], drawn["samples_per_pixel"]) == (len(data) // 2, 16, 256)
