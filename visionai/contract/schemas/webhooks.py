"""Schemas of webhooks, their deliveries, and rules."""

from __future__ import annotations

from marshmallow import fields

from ...vision.emotions import EMOTIONS
from ..webhooks import DeliveryStatus, DisabledReason, WebhookEvent
from .base import Schema

EVENTS = [event.value for event in WebhookEvent]


class WebhookSchema(Schema):
    """A webhook. It is off where `active` is false, and `disabled_reason` says why."""

    id = fields.UUID(attribute="uid", required=True)
    url = fields.String(required=True, metadata={"example": "https://example.org/hook"})
    events = fields.List(fields.String(metadata={"enum": EVENTS}), required=True)
    description = fields.String(required=True, allow_none=True, metadata={"example": "The lab's own log"})
    active = fields.Boolean(required=True)
    disabled_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "enum": [*(reason.value for reason in DisabledReason), None],
            "description": "`owner`: turned off; `gone`: the receiver answered 410; `failing`: nothing came through.",
        },
    )
    failures = fields.Integer(required=True, metadata={"description": "Tries that failed since the last success."})
    last_delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class NewWebhookSchema(WebhookSchema):
    """A webhook that was made, with the secret that signs its deliveries, shown this once."""

    secret = fields.String(required=True, metadata={"example": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})


class WebhooksSchema(Schema):
    """One's webhooks, the oldest first."""

    count = fields.Integer(required=True)
    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


class DeliverySchema(Schema):
    """An event for one webhook, and where it stands."""

    id = fields.UUID(attribute="uid", required=True, metadata={"description": "The header `webhook-id`."})
    event = fields.String(required=True, metadata={"example": "session.ended"})
    status = fields.String(required=True, metadata={"enum": [status.value for status in DeliveryStatus]})
    tries = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    next_try_at = fields.AwareDateTime(required=True, allow_none=True)
    last_status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What the receiver answered last, if it did."}
    )
    error = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the last try failed.", "example": "timeout"}
    )
    took_ms = fields.Integer(required=True, allow_none=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)


class DeliveriesSchema(Schema):
    """A page of deliveries, the newest first."""

    count = fields.Integer(required=True)
    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SessionRuleSchema(Schema):
    """A rule: when `people` persons showed `expression` in `share` of the last `seconds` seconds."""

    id = fields.UUID(attribute="uid", required=True)
    name = fields.String(required=True, metadata={"example": "Smiles"})
    expression = fields.String(required=True, metadata={"enum": [emotion.value for emotion in EMOTIONS]})
    share = fields.Float(required=True)
    seconds = fields.Integer(required=True)
    people = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class SessionRulesSchema(Schema):
    """One's rules, the oldest first."""

    count = fields.Integer(required=True)
    rules = fields.List(fields.Nested(SessionRuleSchema), required=True)
