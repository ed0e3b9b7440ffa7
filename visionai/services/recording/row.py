"""A prediction waiting to be logged, and its spool format."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from uuid import UUID
from zlib import crc32

from ...vision.emotions import EMOTIONS

MAX_TAG_LENGTH = 100
MAX_INTEGER = 2**31 - 1
"""What a column of whole numbers holds on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Row:
    """A prediction to be logged.

    `confidence` is 0 to 1, `timestamp` aware. `source_ip` holds as much of the address as may be kept. `uid` is what
    makes it safe to write a row again when nobody knows whether it was written.
    """

    uid: UUID
    emotion_id: int
    confidence: float
    model_version_tag: str
    processing_time_ms: int
    source_ip: str | None
    user_id: int | None
    timestamp: datetime


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
) -> Row:
    """Return a row of fields that every database takes; raises ValueError, TypeError or AttributeError for others."""
    moment = datetime.fromisoformat(timestamp)
    fits = (
        type(emotion_id) is int
        and 1 <= emotion_id <= len(EMOTIONS)
        and type(confidence) in (int, float)
        and 0 <= confidence <= 1
        and "\0" not in tag
        and len(tag) <= MAX_TAG_LENGTH
        and type(milliseconds) is int
        and 0 <= milliseconds <= MAX_INTEGER
        and (user_id is None or (type(user_id) is int and 0 < user_id <= MAX_INTEGER))
        and (source_ip is None or bool(ip_address(source_ip)))
        and moment.tzinfo is not None
    )
    if not fits or not isinstance(tag, str):
        raise ValueError("A field does not fit.")
    return Row(UUID(uid), emotion_id, confidence, tag, milliseconds, source_ip, user_id, moment)
