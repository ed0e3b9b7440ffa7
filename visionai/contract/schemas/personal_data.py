"""Schemas of a user's personal-data export (GDPR article 15)."""

from __future__ import annotations

from marshmallow import fields

from ..session_fields import SessionSource, SessionStatus
from .accounts import ProfileSchema
from .base import Schema
from .fields import emotion_name
from .keys import KeySchema
from .predictions import ScoresSchema
from .webhooks import DeliverySchema, SessionRuleSchema, WebhookSchema

_OFFSET = {"description": "Milliseconds since the session began.", "example": 61_500}


class HeldAccountSchema(ProfileSchema):
    """The account, all but the hash of its password."""

    updated_at = fields.AwareDateTime(required=True)
    predictions_erased_at = fields.AwareDateTime(required=True, allow_none=True)


class HeldLoginSchema(Schema):
    """A login."""

    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class HeldKeySchema(KeySchema):
    """A key for programs, all but the hash of its secret, and what its quota was last used for."""

    used_on = fields.Date(required=True, allow_none=True)
    used = fields.Integer(required=True)


class HeldPersonSchema(Schema):
    """A person of a recorded session, by number; nobody is recognised."""

    person = fields.Integer(required=True)
    label = fields.String(required=True, allow_none=True, metadata={"example": "Ana"})
    seconds = fields.Integer(required=True)
    first_offset_ms = fields.Integer(required=True, metadata=_OFFSET)
    last_offset_ms = fields.Integer(required=True, metadata=_OFFSET)


class HeldMarkerSchema(Schema):
    """A named moment of a recorded session."""

    offset_ms = fields.Integer(required=True, metadata=_OFFSET)
    label = fields.String(required=True, metadata={"example": "question 3"})


class HeldSessionSchema(Schema):
    """A recorded session with its people and markers."""

    uid = fields.UUID(required=True)
    title = fields.String(required=True, allow_none=True, metadata={"example": "Interview 7"})
    participant = fields.String(required=True, allow_none=True, metadata={"example": "P-07"})
    notes = fields.String(required=True, allow_none=True, metadata={"example": None})
    source = fields.String(required=True, metadata={"enum": [source.value for source in SessionSource]})
    status = fields.String(required=True, metadata={"enum": [status.value for status in SessionStatus]})
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    seen_at = fields.AwareDateTime(required=True)
    seconds = fields.Integer(required=True)
    frames = fields.Integer(required=True)
    gaps = fields.List(fields.List(fields.Integer()), required=True, metadata={"example": [[12_000, 15_500]]})
    people = fields.List(fields.Nested(HeldPersonSchema), required=True)
    markers = fields.List(fields.Nested(HeldMarkerSchema), required=True)


class HeldPredictionSchema(Schema):
    """A row of the log; null is what was not kept, or does not apply to a picture outside of sessions."""

    id = fields.Integer(required=True)
    uid = fields.UUID(required=True)
    timestamp = fields.AwareDateTime(required=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True)
    model_version_tag = fields.String(required=True, metadata={"example": "v1.3.0"})
    processing_time_ms = fields.Integer(required=True)
    source_ip = fields.String(required=True, allow_none=True, metadata={"example": "192.0.2.0"})
    session = fields.UUID(required=True, allow_none=True)
    person = fields.Integer(required=True, allow_none=True)
    offset_ms = fields.Integer(required=True, allow_none=True)
    frames = fields.Integer(required=True, allow_none=True)
    scores = fields.Nested(ScoresSchema, required=True, allow_none=True)
    uncertain = fields.Boolean(required=True, allow_none=True)


class HeldCounterSchema(Schema):
    """What was counted in an hour of one emotion; it stays when predictions are pruned."""

    hour = fields.AwareDateTime(required=True)
    emotion_name = emotion_name(required=True)
    count = fields.Integer(required=True)
    confidence_sum = fields.Float(required=True)


class HeldDeliverySchema(DeliverySchema):
    """A delivery with what it told."""

    payload = fields.Dict(required=True, metadata={"example": {"type": "session.ended", "data": {}}})


class HeldWebhookSchema(WebhookSchema):
    """A webhook, all but the secret that signs, with its deliveries of the last 30 days."""

    deliveries = fields.List(fields.Nested(HeldDeliverySchema), required=True)


class HeldAuditEntrySchema(Schema):
    """What the user did, or what was done to their account; who else acted is not told."""

    timestamp = fields.AwareDateTime(required=True)
    action = fields.String(required=True, metadata={"example": "auth.login"})
    by_yourself = fields.Boolean(required=True)
    target = fields.String(required=True, allow_none=True, metadata={"example": "user"})
    target_id = fields.String(required=True, allow_none=True, metadata={"example": "7"})
    source_ip = fields.String(required=True, allow_none=True, metadata={"example": "192.0.2.0"})
    details = fields.Dict(required=True)


class PersonalDataSchema(Schema):
    """Everything that is held on a user."""

    user = fields.Nested(HeldAccountSchema, required=True)
    sessions = fields.List(fields.Nested(HeldLoginSchema), required=True, metadata={"description": "The logins."})
    keys = fields.List(fields.Nested(HeldKeySchema), required=True)
    recorded_sessions = fields.List(fields.Nested(HeldSessionSchema), required=True)
    predictions = fields.List(fields.Nested(HeldPredictionSchema), required=True)
    hourly_figures = fields.List(fields.Nested(HeldCounterSchema), required=True)
    webhooks = fields.List(fields.Nested(HeldWebhookSchema), required=True)
    rules = fields.List(fields.Nested(SessionRuleSchema), required=True)
    audit = fields.List(fields.Nested(HeldAuditEntrySchema), required=True)
