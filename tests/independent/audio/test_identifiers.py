"""Identifiers against the validators of django-music-publisher: the same verdict for right ones and wrong ones."""

import random

import django
from django.conf import settings
from django.core.exceptions import ValidationError

from support.recordings import driver

if not settings.configured:
    settings.configure()
    django.setup()

from music_publisher import validators  # noqa: E402  (needs the settings)

EXAMPLES = {
    "iswc": ["T0345246801"], "isni": ["0000000121032683", "000000012146438X"], "ipi_name": ["00014107338"],
    "ipi_base": ["I-000000229-7"], "dpid": ["PADPIDA2007061301U", "PADPIDA2013020802I"],
    "ean": ["4006381333931"],
}


def is_right(kind, text):
    checks = {
        "iswc": lambda: validators.check_iswc_digit(text, 1),
        "isni": lambda: validators.check_isni_digit(text),
        "ipi_name": lambda: validators.check_ipi_digit(text),
        "ipi_base": lambda: validators.check_iswc_digit(text, 2),
        "dpid": lambda: validators.check_dpid(text),
        "ean": lambda: validators.check_ean_digit(text),
    }
    try:
        checks[kind]()
    except ValidationError:
        return False
    return True


def changed(text, chance):
    """The same with one of its digits changed, or with two neighbours swapped."""
    places = [at for at, character in enumerate(text) if character.isdigit()]
    at = chance.choice(places)
    return text[:at] + chance.choice("0123456789") + text[at + 1:]


def test_the_same_verdict_on_each():
    chance = random.Random(7)
    asked = []
    for kind, texts in EXAMPLES.items():
        asked += [(kind, text) for text in texts]
        asked += [(kind, changed(chance.choice(texts), chance)) for _ in range(300)]
    ours = driver("identifiers", stdin="".join(f"{kind} {text}\n" for kind, text in asked))
    for (kind, text), verdict in zip(asked, ours, strict=True):
        assert verdict == is_right(kind, text), f"{kind} {text}"
    assert all(ours[asked.index((kind, text))] for kind, texts in EXAMPLES.items() for text in texts)
