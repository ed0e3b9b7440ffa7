"""Schemas of what a stream's commands of recorded sessions take."""

from __future__ import annotations

import marshmallow as ma

from ...errors import N_
from ..session_fields import MAX_MARKER, MAX_NOTES, MAX_OFFSET_MS, MAX_PARTICIPANT, MAX_TITLE, TOO_LONG, SessionSource
from .base import Schema
from .fields import Line, Text

SOURCES = (SessionSource.CAMERA.value, SessionSource.VIDEO.value)
"""What a stream can be a session of."""

MAX_RECEIPT = 200
"""More characters than any receipt has."""

NO_OFFSET = N_("Milliseconds since the session or video began are needed here.")
NO_SESSION_UID = N_("This is not the uid of a session.")


def _line(characters: int) -> Line:
    return Line(characters, TOO_LONG[characters], load_default=None, allow_none=True)


class SessionStartSchema(Schema):
    """A session to begin, or with `session` one to go on with."""

    title = _line(MAX_TITLE)
    participant = _line(MAX_PARTICIPANT)
    notes = _line(MAX_NOTES)
    source = Text(
        load_default=SessionSource.CAMERA.value,
        validate=ma.validate.OneOf(SOURCES, error=N_("Choose “camera” or “video”.")),
    )
    session = ma.fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": NO_SESSION_UID})
    receipt = _line(MAX_RECEIPT)


class MarkSchema(Schema):
    """A moment to be marked: now, or the video's own time."""

    label = Line(MAX_MARKER, TOO_LONG[MAX_MARKER], blank=N_("This must not be empty."), required=True)
    offset_ms = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=ma.validate.Range(0, MAX_OFFSET_MS, error=NO_OFFSET),
    )
