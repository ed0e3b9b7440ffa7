"""Request schemas of what administrators ask for and change."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Instant, Line, Text, whole_number
from ..contract.session_fields import TOO_LONG
from ..errors import N_
from ..services.accounts import names
from ..services.administration.users import Role
from ..services.audit.trail import AuditAction
from .arguments import username
from .session_arguments import PageQuerySchema

MOST_DAYS = 36_500
MAX_TAG = 200


def _role(**kwargs: Any) -> fields.Enum[Role]:
    return fields.Enum(
        Role, by_value=fields.String, error_messages={"unknown": N_("Choose “user” or “admin”.")}, **kwargs
    )


class UsersQuerySchema(PageQuerySchema):
    """Which users, and how many of them a page has."""

    q = Line(100, TOO_LONG[100], metadata={"description": "A part of the name, whatever the case."})


class NewUserSchema(Schema):
    """A user to make; the password is made by the server."""

    username = username()
    role = _role(load_default=Role.USER)


class UserChangeSchema(Schema):
    """What is to be otherwise of a user; a field that is not given stays."""

    role = _role()
    is_active = fields.Boolean(metadata={"example": False})

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not data:
            raise ma.ValidationError(N_("Give “role” or “is_active”."), "role")


class TagSchema(Schema):
    """What is to be in force."""

    tag = Text(
        required=True,
        validate=ma.validate.Length(1, MAX_TAG),
        metadata={"description": "A version, or VERSION+CALIBRATION.", "example": "v1.3.0"},
    )


class RetentionQuerySchema(Schema):
    """What is to be tried in the place of the settings."""

    days = whole_number(
        0,
        MOST_DAYS,
        N_("Choose a whole number from 0 to 36500."),
        load_default=None,
        metadata={"description": "Days in the place of the settings, to see what they would delete."},
    )


class AuditQuerySchema(PageQuerySchema):
    """Which rows of the audit log, and how many of them a page has."""

    actor = Text(
        validate=ma.validate.Length(1, names.MAX_LENGTH),
        metadata={"description": "A user's name, or `command_line`, `server` or `nobody`."},
    )
    action = fields.Enum(
        AuditAction, by_value=fields.String, error_messages={"unknown": N_("There is no such action.")}
    )
    since = Instant(metadata={"description": "Then or later, ISO 8601; UTC without an offset."})
    until = Instant(metadata={"description": "Before, ISO 8601; UTC without an offset."})

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            raise ma.ValidationError(N_("This must be later than “since”."), "until")
