"""Recordings long enough for every measure."""

import pytest

from support.recordings import SAMPLES, ffmpeg


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    """Joins the samples whose names begin so to a recording long enough for every measure."""
    folder, made = tmp_path_factory.mktemp("recordings"), {}

    def join(name):
        if name not in made:
            files = sorted(SAMPLES.glob(f"{name}_*.flac"))
            assert files, f"there are no samples {name}_*; tests/independent/set-up fetches them"
            same = "aresample=44100,aformat=sample_fmts=s16:channel_layouts=stereo"
            parts = "".join(f"[{at}:a]{same}[p{at}];" for at in range(len(files)))
            joined = "".join(f"[p{at}]" for at in range(len(files))) + f"concat=n={len(files)}:v=0:a=1"
            made[name] = folder / f"{name}.flac"
            inputs = [argument for file in files for argument in ("-i", file)]
            ffmpeg(*inputs, "-filter_complex", parts + joined, made[name])
        return made[name]

    return join
