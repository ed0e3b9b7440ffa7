"""Schemas of what a stream takes.

`streaming/client/payload.py` reads frames by hand, because that is the fast path; a test holds it to these.
"""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from ..session_fields import MAX_OFFSET_MS
from .base import Schema
from .fields import Text, prior
from .session_commands import MarkSchema, SessionStartSchema

_TOKEN = {"description": "An access token or a key that holds for this message alone."}


def _token() -> Text:
    return Text(allow_none=True, metadata=_TOKEN)


class FrameSchema(Schema):
    """A frame to read; fields that do not matter may be left out."""

    image = Text(
        required=True,
        metadata={
            "description": "Base64 or a data URL; over Socket.IO bytes are better.",
            "minLength": 1,
            "example": "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQ==",
        },
    )
    token = _token()
    seq = fields.Raw(
        allow_none=True,
        metadata={
            "type": ["string", "number"],
            "description": "Comes back with the answer: a number below 2⁶³, or a text of at most 64 characters.",
            "example": 7,
        },
    )
    detect = fields.Boolean(metadata={"description": "False: the picture is a face crop already.", "default": True})
    record = fields.Boolean(metadata={"description": "False: no row is written.", "default": True})
    prior = prior(allow_none=True)
    offset_ms = fields.Float(
        allow_none=True,
        validate=ma.validate.Range(0, MAX_OFFSET_MS),
        metadata={"description": "A video's own time, in milliseconds."},
    )


class SubscriptionSchema(Schema):
    """What to subscribe to, or no longer."""

    topic = fields.Constant("dashboard", required=True)
    token = _token()


class SessionStartPayloadSchema(SessionStartSchema):
    """A session to begin, or with `session` one to go on with."""

    token = _token()


class MarkPayloadSchema(MarkSchema):
    """A moment of the session to mark: now, or the video's own time."""
