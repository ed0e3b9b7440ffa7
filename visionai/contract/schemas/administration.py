"""Schemas of what administrators see: users, versions, the state of the server, retention."""

from __future__ import annotations

from marshmallow import fields

from .accounts import ProfileSchema
from .base import Schema

_TAG = {"description": "A version of the weights, and “+” and a calibration where it has one.", "example": "v1.3.0"}


class ListedUserSchema(ProfileSchema):
    """A user as administrators see them."""

    last_seen = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "The last sign-in or reading."}
    )
    predictions = fields.Integer(required=True)
    sessions = fields.Integer(required=True)


class ListedUsersSchema(Schema):
    """A page of users, the newest first."""

    count = fields.Integer(required=True)
    users = fields.List(fields.Nested(ListedUserSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class IssuedSchema(Schema):
    """A user and the password made for them."""

    user_id = fields.Integer(required=True)
    username = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": ["user", "admin"]})
    password = fields.String(
        required=True,
        metadata={"format": "password", "description": "Shown this once; it holds until the user changes it."},
    )


class ChoiceSchema(Schema):
    """A version as it was measured, or with a calibration."""

    tag = fields.String(required=True, metadata=_TAG)
    version = fields.String(required=True)
    calibration = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    metrics = fields.Dict(required=True, allow_none=True)
    can_be_activated = fields.Boolean(
        required=True, metadata={"description": "False for versions of which only answers are known, and no file."}
    )
    in_force = fields.Boolean(required=True)
    activated_at = fields.AwareDateTime(required=True, allow_none=True)
    activated_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null for the command line, and for users who are gone."},
    )


class ChoicesSchema(Schema):
    """What can be put into force, and what is."""

    in_force = fields.String(required=True, allow_none=True, metadata=_TAG)
    before = fields.String(
        required=True, allow_none=True, metadata={"description": "What `rollback` puts back; null where none is known."}
    )
    choices = fields.List(fields.Nested(ChoiceSchema), required=True)


class InferenceStateSchema(Schema):
    """The queue and the threads that read pictures."""

    status = fields.String(required=True, metadata={"enum": ["not_loaded", "loading", "loaded", "failed"]})
    model_version_tag = fields.String(required=True, allow_none=True, metadata=_TAG)
    waiting = fields.Integer(required=True)
    queue = fields.Integer(required=True, metadata={"description": "How many may wait."})
    busy_threads = fields.Integer(required=True)
    threads = fields.Integer(required=True)
    lost_threads = fields.Integer(required=True)
    oldest_seconds = fields.Float(required=True)


class RecorderStateSchema(Schema):
    """The rows that wait to be committed."""

    state = fields.String(required=True, metadata={"enum": ["ok", "degraded"]})
    backlog = fields.Integer(required=True)
    buffer = fields.Integer(required=True, metadata={"description": "How many may wait in memory."})
    set_aside = fields.Integer(required=True)


class DiskSchema(Schema):
    """The disk of the instance folder."""

    free_bytes = fields.Integer(required=True)
    total_bytes = fields.Integer(required=True)


class DatabaseStateSchema(Schema):
    """The database."""

    state = fields.String(required=True, metadata={"enum": ["ok", "unavailable"]})
    kind = fields.String(required=True, metadata={"enum": ["postgresql", "sqlite"]})
    revision = fields.String(required=True, allow_none=True)
    expected = fields.String(required=True, allow_none=True, metadata={"description": "The revision of the code."})
    size_bytes = fields.Integer(required=True, allow_none=True)


class StatusSchema(Schema):
    """How the server is, and what the process that answers has to do."""

    status = fields.String(required=True, metadata={"enum": ["healthy", "degraded"]})
    version = fields.String(required=True)
    process = fields.Integer(required=True)
    started_at = fields.AwareDateTime(required=True)
    processes = fields.Integer(required=True, metadata={"description": "Those that hear of each other over Redis."})
    clients_connected = fields.Integer(required=True)
    inference = fields.Nested(InferenceStateSchema, required=True)
    recorder = fields.Nested(RecorderStateSchema, required=True)
    disk = fields.Nested(DiskSchema, required=True)
    database = fields.Nested(DatabaseStateSchema, required=True)


class RuleSchema(Schema):
    """How long something is kept."""

    days = fields.Integer(required=True, metadata={"description": "0: for ever."})
    before = fields.AwareDateTime(required=True, allow_none=True)
    rows = fields.Integer(required=True, metadata={"description": "Older than that; counted up to 100,000."})


class RetentionSchema(Schema):
    """What the next pruning deletes."""

    predictions = fields.Nested(RuleSchema, required=True)
    sessions = fields.Nested(RuleSchema, required=True)
    audit = fields.Nested(RuleSchema, required=True)
