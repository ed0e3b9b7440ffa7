"""Request schemas of keys for programs."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Instant, Line, whole_number
from ..contract.scopes import Scope
from ..errors import N_
from ..services.keys import keys


class NewKeySchema(Schema):
    """A key to be: what it is for, what it may do, until when and how often."""

    name = Line(
        keys.MAX_NAME,
        N_("Choose a name of at most 80 characters."),
        blank=N_("This must not be empty."),
        required=True,
        metadata={"example": "Lab computer", "minLength": 1},
    )
    scopes = fields.List(
        fields.Enum(
            Scope,
            by_value=fields.String,
            error_messages={"unknown": N_("Scopes are predict, stream, sessions, dashboard, webhooks and admin.")},
        ),
        required=True,
        validate=ma.validate.Length(1, len(Scope), error=N_("Choose at least one scope, and each once.")),
        metadata={"example": ["predict"]},
    )
    expires_at = Instant(
        load_default=None,
        allow_none=True,
        metadata={"description": "When the key ends; in the future. Null, or left out: never."},
    )
    rate = whole_number(
        1,
        keys.MAX_RATE,
        N_("Choose a whole number from 1 to 60,000."),
        load_default=None,
        allow_none=True,
        strict=True,
        metadata={"description": "Calls a minute of the clock. Null, or left out: no limit.", "example": 60},
    )
    daily_quota = whole_number(
        1,
        keys.MAX_QUOTA,
        N_("Choose a whole number from 1 to 1,000,000,000."),
        load_default=None,
        allow_none=True,
        strict=True,
        metadata={"description": "Calls a day, which is UTC's. Null, or left out: no limit.", "example": 10_000},
    )
