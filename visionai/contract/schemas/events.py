"""Schemas of the events that webhooks are told of: what comes in the body of a delivery."""

from __future__ import annotations

from marshmallow import fields

from ..session_fields import SessionSource
from .base import Schema
from .fields import emotion_name

_RECEIVED = "When the event was written, in the transaction of its cause."


class ToldSessionSchema(Schema):
    """The session that an event is of."""

    uid = fields.UUID(required=True)
    title = fields.String(required=True, allow_none=True, metadata={"example": "Interview 7"})
    participant = fields.String(required=True, allow_none=True, metadata={"example": "P-07"})
    source = fields.String(required=True, metadata={"enum": [source.value for source in SessionSource]})


class EndedSessionSchema(ToldSessionSchema):
    """A session as it stood when it ended. `lost`: its client was gone for too long."""

    status = fields.String(required=True, metadata={"enum": ["ended", "lost"]})
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    seconds = fields.Integer(required=True, metadata={"description": "Of all people together."})
    frames = fields.Integer(required=True)
    people_count = fields.Integer(required=True)


class FiredRuleSchema(Schema):
    """The rule that came true, as it was then."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"example": "Smiles"})
    expression = emotion_name(required=True)
    share = fields.Float(required=True, metadata={"example": 0.6})
    seconds = fields.Integer(required=True, metadata={"example": 10})
    people = fields.Integer(required=True)


class ShownSchema(Schema):
    """A person for whom a rule is true, and in how many of its seconds."""

    person = fields.Integer(required=True)
    seconds = fields.Integer(required=True, metadata={"example": 8})


class SessionEndedDataSchema(Schema):
    """What `session.ended` tells."""

    session = fields.Nested(EndedSessionSchema, required=True)


class RuleFiredDataSchema(Schema):
    """What `rule.fired` tells."""

    rule = fields.Nested(FiredRuleSchema, required=True)
    session = fields.Nested(ToldSessionSchema, required=True)
    offset_ms = fields.Integer(required=True, allow_none=True, metadata={"example": 61_500})
    people = fields.List(fields.Nested(ShownSchema), required=True)


class TriedDataSchema(Schema):
    """What `webhook.test` tells."""

    webhook = fields.UUID(required=True)


class _EventSchema(Schema):
    timestamp = fields.AwareDateTime(required=True, metadata={"description": _RECEIVED})


class SessionEndedEventSchema(_EventSchema):
    """A session ended, by its client or because its client was gone."""

    type = fields.Constant("session.ended", required=True)
    data = fields.Nested(SessionEndedDataSchema, required=True)


class RuleFiredEventSchema(_EventSchema):
    """A rule came true in a session; it fires again only after it was not true."""

    type = fields.Constant("rule.fired", required=True)
    data = fields.Nested(RuleFiredDataSchema, required=True)


class WebhookTestEventSchema(_EventSchema):
    """The owner of a webhook tries it out."""

    type = fields.Constant("webhook.test", required=True)
    data = fields.Nested(TriedDataSchema, required=True)


TOLD: dict[str, type[Schema]] = {
    "session.ended": SessionEndedEventSchema,
    "rule.fired": RuleFiredEventSchema,
    "webhook.test": WebhookTestEventSchema,
}
"""The body of a delivery by its event; nothing sends those of recordings yet."""
