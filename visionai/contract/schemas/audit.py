"""Schemas of the audit log."""

from __future__ import annotations

from marshmallow import fields

from .base import Schema


class ActorSchema(Schema):
    """Who acted."""

    kind = fields.String(required=True, metadata={"enum": ["user", "command_line", "server", "nobody"]})
    user_id = fields.Integer(required=True, allow_none=True)
    username = fields.String(
        required=True, allow_none=True, metadata={"description": "Null once the user has been erased."}
    )


class TargetSchema(Schema):
    """What it was done on."""

    kind = fields.String(required=True, metadata={"enum": ["user", "session", "key", "version", "webhook", "rule"]})
    id = fields.String(required=True, metadata={"example": "7"})
    username = fields.String(required=True, allow_none=True)


class AuditEntrySchema(Schema):
    """A row of the audit log."""

    id = fields.Integer(required=True)
    timestamp = fields.AwareDateTime(required=True)
    action = fields.String(required=True, metadata={"example": "auth.login"})
    actor = fields.Nested(ActorSchema, required=True)
    target = fields.Nested(TargetSchema, required=True, allow_none=True)
    source_ip = fields.String(required=True, allow_none=True)
    details = fields.Dict(required=True)


class AuditSchema(Schema):
    """A page of the audit log, the newest first."""

    count = fields.Integer(required=True)
    entries = fields.List(fields.Nested(AuditEntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
