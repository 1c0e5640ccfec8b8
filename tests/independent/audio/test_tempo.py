"""Tempo of loops whose names or lengths tell it."""

from support.recordings import SAMPLES, driver, ffmpeg

# Beats a minute of Sonic Pi's loops, from their length in beats.
BEATS = {"loop_amen_full": 16, "loop_breakbeat": 4, "loop_compus": 16, "loop_garzul": 16, "loop_mika": 16,
         "loop_tabla": 16, "loop_safari": 16, "loop_amen": 4, "loop_industrial": 2, "loop_perc1": 4}


def test_tempo_is_right_but_for_octaves(tmp_path):
    files, told = [], []
    for name, beats in BEATS.items():
        file = tmp_path / f"{name}.flac"
        ffmpeg("-stream_loop", 15, "-i", SAMPLES / f"{name}.flac", "-t", 40, file)
        files.append(file)
        told.append(beats)
    alone = driver("analyze", *[SAMPLES / f"{name}.flac" for name in BEATS])
    right = 0
    for found, loop, beats in zip(driver("analyze", *files), alone, told):
        expected = beats * 60 * loop["rate"] / loop["frames"]
        ratios = [found["tempo"] / (expected * factor) for factor in (1, 2, 3, 1 / 2, 1 / 3)]
        right += any(abs(ratio - 1) <= 0.04 for ratio in ratios)
    assert right >= 0.8 * len(BEATS)
