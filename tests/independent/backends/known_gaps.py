"""What a backend is known not to do as AWS does: (backend, step) and why.

An entry whose step does work fails the checks too, so that the table never grows stale.
"""

KNOWN_GAPS: dict[tuple[str, str], str] = {
    ("moto", "scanning a text for a number"): "answers 500 where a text is compared with a number",
}
