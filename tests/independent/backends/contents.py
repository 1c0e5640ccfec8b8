"""Files that are small and whole, made here."""

import base64
import struct
import zlib


def wave_file(samples=800):
    """Silence (a tenth of a second unless said otherwise): WAV, mono, 16 bit, 8 kHz."""
    data = bytes(samples * 2)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16,
                       b"data", len(data))
    return head + data


def png_file(width=3, height=2):
    """A black picture."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def base64_of(content):
    return base64.b64encode(content).decode()
