"""Schemas of users and their tokens."""

from __future__ import annotations

from marshmallow import fields

from .base import Schema


class UserSchema(Schema):
    """A user as registering answers."""

    user_id = fields.Integer(required=True)
    username = fields.String(required=True)
    is_active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class ProfileSchema(UserSchema):
    """A user as they see themselves."""

    role = fields.String(required=True, metadata={"enum": ["user", "admin"]})


class AccessSchema(Schema):
    """A fresh access token."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class TokensSchema(AccessSchema):
    """The tokens of a login."""

    refresh_token = fields.String(
        metadata={
            "description": "Absent where it was put into the cookie.",
            "example": "eyJhbGciOiJIUzI1NiJ9.eyJyIjoiNyJ9.c2lnbmF0dXJl",
        }
    )
