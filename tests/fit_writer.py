"""Write FIT workout files, as the FIT protocol describes them."""

import struct
from collections.abc import Mapping, Sequence

Value = int | str
NIBBLES = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip
ENUMS, SHORTS = {0: {0}, 26: {4}, 27: {1, 3, 7, 19}}, {26: {6}, 27: {254}}
"""Fields of one and of two bytes, by message; the other numbers have four."""

SECONDS, METERS, OPEN, TIMES = 0, 1, 5, 6
POWER, HEART_RATE, CADENCE, SPEED, NO_TARGET = 4, 1, 3, 0, 2


def fit_workout(
    steps: Sequence[Mapping[int, Value]], *, name: str = "", sport: int = 2, kind: int = 5
) -> bytes:
    """Return a FIT file; each step holds the values of its fields by their numbers."""
    about: dict[int, Value] = {4: sport, 6: len(steps)} | ({8: name} if name else {})
    body = _message(0, {0: kind}) + _message(26, about)
    body += b"".join(_message(27, {254: i} | dict(step)) for i, step in enumerate(steps))
    head = struct.pack("<BBHI4s", 14, 0x20, 2195, len(body), b".FIT")
    head += struct.pack("<H", _crc(head))
    return head + body + struct.pack("<H", _crc(head + body))


def step(ends: int, length: int, **fields: int | str) -> dict[int, Value]:
    """Return a step; `fields` are `target`, `value`, `low`, `high`, `kind`, `name`."""
    numbers = {"name": 0, "target": 3, "value": 4, "low": 5, "high": 6, "kind": 7,
               "target2": 19, "low2": 21, "high2": 22}  # fmt: skip
    return {1: ends, 2: length} | {numbers[key]: value for key, value in fields.items()}


def _message(number: int, values: Mapping[int, Value]) -> bytes:
    fields = [(field, *_encoded(number, field, value)) for field, value in values.items()]
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
    definition += b"".join(bytes((field, len(raw), base)) for field, base, raw in fields)
    return definition + b"\0" + b"".join(raw for _, _, raw in fields)


def _encoded(number: int, field: int, value: Value) -> tuple[int, bytes]:
    """Return base type and bytes of a value."""
    if isinstance(value, str):
        return 0x07, value.encode() + b"\0"
    if field in ENUMS.get(number, ()):
        return 0x00, struct.pack("<B", value)
    if field in SHORTS.get(number, ()):
        return 0x84, struct.pack("<H", value)
    return 0x86, struct.pack("<I", value)


def _crc(raw: bytes) -> int:
    crc = 0
    for byte in raw:
        for nibble in (byte & 15, byte >> 4):
            crc = (crc >> 4) ^ NIBBLES[crc & 15] ^ NIBBLES[nibble]
    return crc
