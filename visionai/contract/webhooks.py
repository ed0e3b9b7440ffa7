"""Webhooks and rules: what is told and how it went, and the limits of what is written, for the columns and REST."""

from __future__ import annotations

from enum import StrEnum

from ..errors import N_
from . import session_fields


class WebhookEvent(StrEnum):
    """What a webhook may be told of; nothing sends those of recordings yet."""

    SESSION_ENDED = "session.ended"
    RECORDING_DONE = "recording.done"
    RECORDING_FAILED = "recording.failed"
    RULE_FIRED = "rule.fired"


TEST_EVENT = "webhook.test"
"""The event of a delivery that its owner asked for, to try a webhook."""


class DeliveryStatus(StrEnum):
    """Where a delivery stands: another try is due, the receiver took it, or nothing more is tried."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DisabledReason(StrEnum):
    """Why a webhook is off: its owner said so, the receiver answered 410 Gone, or deliveries kept failing."""

    OWNER = "owner"
    GONE = "gone"
    FAILING = "failing"


MAX_URL, MAX_DESCRIPTION, MAX_NAME = 2048, 200, 100
"""The most characters of an address, of what is said of it, and of a rule's name."""

TOO_LONG = {**session_fields.TOO_LONG, MAX_URL: N_("This has more than 2,048 characters.")}
"""What is said of a text with more characters than that."""

MAX_SECONDS = 600
"""The longest time that a rule looks back on."""

MAX_PEOPLE = 100
"""The most persons that a rule asks for."""
