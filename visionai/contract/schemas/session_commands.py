"""Schemas of what a stream's commands of recorded sessions take."""

from __future__ import annotations

import marshmallow as ma

from ...errors import N_
from .base import Schema
from .fields import Line, Text

SOURCES = ("camera", "video")
"""What a stream can be a session of."""

MAX_OFFSET_MS = 366 * 24 * 3600 * 1000
"""A year: longer than any session or video, and far from what a column cannot hold."""

NO_OFFSET = N_("Milliseconds since the session or video began are needed here.")
NO_SESSION_UID = N_("This is not the uid of a session.")


def _line(characters: int, too_long: str) -> Line:
    return Line(characters, too_long, load_default=None, allow_none=True)


class SessionStartSchema(Schema):
    """A session to begin, or with `session` one to go on with."""

    title = _line(200, N_("This has more than 200 characters."))
    participant = _line(100, N_("This has more than 100 characters."))
    notes = _line(10_000, N_("This has more than 10,000 characters."))
    source = Text(load_default="camera", validate=ma.validate.OneOf(SOURCES, error=N_("Choose “camera” or “video”.")))
    session = ma.fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": NO_SESSION_UID})
    receipt = _line(200, N_("This has more than 200 characters."))


class MarkerSchema(Schema):
    """A moment to be marked: now, or the video's own time."""

    label = Line(200, N_("This has more than 200 characters."), blank=N_("This must not be empty."), required=True)
    offset_ms = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=ma.validate.Range(0, MAX_OFFSET_MS, error=NO_OFFSET),
    )
