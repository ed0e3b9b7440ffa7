"""Schemas of errors."""

from __future__ import annotations

import marshmallow as ma

from .base import Schema


class ErrorInsideSchema(Schema):
    """What went wrong."""

    code = ma.fields.String(required=True, metadata={"description": "Stable; made for programs.", "example": "no_face"})
    message = ma.fields.String(required=True, metadata={"description": "What is wrong and what to do, for people."})
    details = ma.fields.Dict(required=True, metadata={"description": "Figures or fields that the message speaks of."})


class ErrorSchema(Schema):
    """The body of every answer of 400 and above."""

    error = ma.fields.Nested(ErrorInsideSchema, required=True)
