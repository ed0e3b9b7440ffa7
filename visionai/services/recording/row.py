"""A row waiting to be logged, a picture's or a reading of a stream, and its spool format."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID
from zlib import crc32

from ...vision.emotions import EMOTIONS

MAX_TAG_LENGTH = 100
MAX_INTEGER = 2**31 - 1
"""What a column of whole numbers holds on PostgreSQL."""

MAX_BIG_INTEGER = 2**53
"""What columns of ids and milliseconds may hold; whole numbers stay whole up to here in every JSON reader."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is to be logged: the largest face of a picture, or a reading, one person and second of a stream.

    `confidence` is 0 to 1, `timestamp` aware. `source_ip` holds as much of the address as may be kept. `uid` is what
    makes it safe to write a row again when nobody knows whether it was written; it comes again with the same
    `timestamp`. `scores` are seven, means over `frames` frames, in the order of the emotions. `person` and `offset_ms`,
    milliseconds since its start, are those of the session, if the row belongs to one.
    """

    uid: UUID
    emotion_id: int
    confidence: float
    model_version_tag: str
    processing_time_ms: int
    source_ip: str | None
    user_id: int | None
    timestamp: datetime
    scores: tuple[float, ...] | None = None
    uncertain: bool | None = None
    frames: int | None = None
    session_id: int | None = None
    person: int | None = None
    offset_ms: int | None = None


def to_line(row: Row) -> bytes:
    """Return the row as a line: the CRC-32 of what follows, in hexadecimal, and a JSON array of the fields."""
    fields = [
        row.uid.hex,
        row.emotion_id,
        row.confidence,
        row.model_version_tag,
        row.processing_time_ms,
        row.source_ip,
        row.user_id,
        row.timestamp.isoformat(),
        row.scores,
        row.uncertain,
        row.frames,
        row.session_id,
        row.person,
        row.offset_ms,
    ]
    text = json.dumps(fields, separators=(",", ":")).encode()
    return b"%08x %b\n" % (crc32(text), text)


def from_line(line: bytes) -> Row:
    """Return the row of a line; raises ValueError where the line is torn or damaged."""
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    if len(checksum) != 8 or int(checksum, 16) != crc32(text):
        raise ValueError("A line is damaged.")
    try:
        return _checked(*json.loads(text))
    except (TypeError, ValueError, AttributeError, RecursionError) as err:
        raise ValueError("A line is damaged: its fields are not those of a row.") from err


def _checked(*fields: Any) -> Row:
    """Return a row of a line's fields; raises ValueError, TypeError or AttributeError for what a database may not take.

    Lines of before there were readings end with the timestamp.
    """
    read: Any = Row(*fields)
    row: Row = replace(read, uid=UUID(read.uid), timestamp=datetime.fromisoformat(read.timestamp))
    if not (_fits(row) and _fits_a_reading(row)):
        raise ValueError("A field does not fit.")
    return row if row.scores is None else replace(row, scores=tuple(map(float, row.scores)))


def _fits(row: Row) -> bool:
    return (
        _is_whole(row.emotion_id, 1, len(EMOTIONS))
        and _is_share(row.confidence)
        and isinstance(row.model_version_tag, str)
        and "\0" not in row.model_version_tag
        and len(row.model_version_tag) <= MAX_TAG_LENGTH
        and _is_whole(row.processing_time_ms, 0, MAX_INTEGER)
        and _is_whole_or_none(row.user_id, 1, MAX_INTEGER)
        and (row.source_ip is None or bool(ip_address(row.source_ip)))
        and row.timestamp.tzinfo is not None
    )


def _fits_a_reading(row: Row) -> bool:
    return (
        (row.scores is None or (len(row.scores) == len(EMOTIONS) and all(map(_is_share, row.scores))))
        and row.uncertain in (None, True, False)
        and _is_whole_or_none(row.frames, 1, MAX_INTEGER)
        and _is_whole_or_none(row.session_id, 1, MAX_BIG_INTEGER)
        and _is_whole_or_none(row.person, 1, MAX_INTEGER)
        and _is_whole_or_none(row.offset_ms, 0, MAX_BIG_INTEGER)
    )


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_whole_or_none(value: object, least: int, most: int) -> bool:
    return value is None or _is_whole(value, least, most)


def _is_share(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1  # type: ignore[operator]
