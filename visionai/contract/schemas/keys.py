"""Schemas of keys for programs."""

from __future__ import annotations

from marshmallow import fields

from ..scopes import Scope
from .base import Schema

_SCOPES = [scope.value for scope in Scope]


class KeySchema(Schema):
    """A key, without its secret."""

    id = fields.String(required=True, attribute="key_id", metadata={"example": "4fzGWUkXc09d"})
    name = fields.String(required=True, metadata={"example": "Lab computer"})
    scopes = fields.List(fields.String(metadata={"enum": _SCOPES}), required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    last_used_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Right to the minute; null where it never was."}
    )
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    rate = fields.Integer(required=True, allow_none=True, metadata={"description": "Calls a minute; null: no limit."})
    daily_quota = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Calls a day of UTC; null: no limit."}
    )


class IssuedKeySchema(KeySchema):
    """A key that was just made."""

    key = fields.String(
        required=True,
        metadata={
            "description": "The key itself, this once: only its SHA-256 is kept.",
            "example": "vai_4fzGWUkXc09d_SzzTrF5nBTzFoGq2zdnRnmR5m6bdcBSZTnwUIoLPvJ1",
        },
    )


class KeysSchema(Schema):
    """The keys of a user, the newest first; revoked ones stay a while."""

    count = fields.Integer(required=True)
    keys = fields.List(fields.Nested(KeySchema), required=True)
