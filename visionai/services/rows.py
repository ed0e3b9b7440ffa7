"""A row of the log before it is one, and its form on a line of a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zlib import crc32


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
    uid, emotion_id, confidence, tag, milliseconds, source_ip, user_id, timestamp = json.loads(text)
    moment = datetime.fromisoformat(timestamp)
    return Row(UUID(uid), emotion_id, confidence, tag, milliseconds, source_ip, user_id, moment)
