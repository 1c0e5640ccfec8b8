"""Waiting for a condition, never for a time."""

import time


def wait_until(condition, what, seconds=180, pause=0.05):
    """Asks `condition` until its answer is true, and returns that answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(pause)
