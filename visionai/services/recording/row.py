"""A row waiting to be logged, a picture's or a reading of a stream, and its spool format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
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


def _checked(
    uid: str,
    emotion_id: int,
    confidence: float,
    tag: str,
    milliseconds: int,
    source_ip: str | None,
    user_id: int | None,
    timestamp: str,
    scores: Sequence[float] | None = None,
    uncertain: bool | None = None,
    frames: int | None = None,
    session_id: int | None = None,
    person: int | None = None,
    offset_ms: int | None = None,
) -> Row:
    """Return a row of fields that every database takes; raises ValueError, TypeError or AttributeError for others.

    Lines of before there were readings end with the timestamp.
    """
    moment = datetime.fromisoformat(timestamp)
    fits = (
        _is_whole(emotion_id, 1, len(EMOTIONS))
        and _is_share(confidence)
        and isinstance(tag, str)
        and "\0" not in tag
        and len(tag) <= MAX_TAG_LENGTH
        and _is_whole(milliseconds, 0, MAX_INTEGER)
        and _is_whole_or_none(user_id, 1, MAX_INTEGER)
        and (source_ip is None or bool(ip_address(source_ip)))
        and moment.tzinfo is not None
        and (scores is None or (len(scores) == len(EMOTIONS) and all(map(_is_share, scores))))
        and uncertain in (None, True, False)
        and _is_whole_or_none(frames, 1, MAX_INTEGER)
        and _is_whole_or_none(session_id, 1, MAX_BIG_INTEGER)
        and _is_whole_or_none(person, 1, MAX_INTEGER)
        and _is_whole_or_none(offset_ms, 0, MAX_BIG_INTEGER)
    )
    if not fits:
        raise ValueError("A field does not fit.")
    means = None if scores is None else tuple(map(float, scores))
    return Row(
        UUID(uid),
        emotion_id,
        confidence,
        tag,
        milliseconds,
        source_ip,
        user_id,
        moment,
        means,
        uncertain,
        frames,
        session_id,
        person,
        offset_ms,
    )


def _is_whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_whole_or_none(value: object, least: int, most: int) -> bool:
    return value is None or _is_whole(value, least, most)


def _is_share(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1  # type: ignore[operator]
