"""Recordings that people made, ffmpeg, and the driver that tells what Patchline finds out about audio."""

import json
import os
import re
import subprocess
from pathlib import Path

import imageio_ffmpeg

SAMPLES = Path(__file__).parents[1] / "audio" / "node_modules" / "supersonic-scsynth-samples" / "samples"
DRIVER = Path(os.environ["CARGO_TARGET_DIR"]) / "debug" / "examples" / "audio"


def driver(*arguments, stdin=None):
    """One line of the driver's answer for each thing asked, as JSON."""
    command = [DRIVER, *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def analyze(path):
    return driver("analyze", path)[0]


def ffmpeg(*arguments):
    """What ffmpeg writes to its output."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-nostdin", "-v", "error", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def seconds(path):
    """How long a recording is, by ffmpeg."""
    told = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-i", path], capture_output=True, text=True)
    hours, minutes, rest = re.search(r"Duration: (\d+):(\d+):([\d.]+)", told.stderr).groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)
