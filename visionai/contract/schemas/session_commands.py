"""Schemas of what a stream's commands of recorded sessions take."""

from __future__ import annotations

import marshmallow as ma

from ...errors import N_
from .base import Schema
from .fields import Text

SOURCES = ("camera", "video")
"""What a stream can be a session of."""

MAX_OFFSET_MS = 366 * 24 * 3600 * 1000
"""A year: longer than any session or video, and far from what a column cannot hold."""

NO_OFFSET = N_("Milliseconds since the session or video began are needed here.")
NO_SESSION_UID = N_("This is not the uid of a session.")


def short_text(characters: int) -> Text:
    """Return a field for a text of at most `characters` characters, which may be null."""
    too_long = N_("This text is too long; the limit is in the documentation.")
    return Text(load_default=None, allow_none=True, validate=ma.validate.Length(max=characters, error=too_long))


class SessionStartSchema(Schema):
    """A session to begin, or with `session` one to go on with."""

    title = short_text(200)
    participant = short_text(100)
    notes = short_text(10_000)
    source = Text(load_default="camera", validate=ma.validate.OneOf(SOURCES, error=N_("This is “camera” or “video”.")))
    session = ma.fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": NO_SESSION_UID})
    receipt = short_text(200)


class MarkerSchema(Schema):
    """A moment to be marked: now, or the video's own time."""

    label = Text(required=True, validate=ma.validate.Length(1, 200, error=N_("A label has 1 to 200 characters.")))
    offset_ms = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=ma.validate.Range(0, MAX_OFFSET_MS, error=NO_OFFSET),
    )
