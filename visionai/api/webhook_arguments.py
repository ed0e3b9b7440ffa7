"""Request schemas of webhooks and rules."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Line, Text, emotion_name, whole_number
from ..contract.schemas.webhooks import EVENTS
from ..contract.webhooks import MAX_DESCRIPTION, MAX_NAME, MAX_PEOPLE, MAX_SECONDS, MAX_URL, TOO_LONG
from ..errors import N_

_MISSING = N_("This must not be empty.")


def _url(**kwargs: Any) -> ma.fields.String:
    return Line(MAX_URL, TOO_LONG[MAX_URL], blank=_MISSING, metadata={"example": "https://example.org/hook"}, **kwargs)


def _description(**kwargs: Any) -> ma.fields.String:
    told = {"example": "The lab's own log"}
    return Line(MAX_DESCRIPTION, TOO_LONG[MAX_DESCRIPTION], allow_none=True, metadata=told, **kwargs)


def _events(**kwargs: Any) -> ma.fields.List:
    one = Text(validate=ma.validate.OneOf(EVENTS, error=N_("There is no event of that name.")))
    error = N_("Choose at least one event.")
    return fields.List(one, validate=ma.validate.Length(1, len(EVENTS), error=error), **kwargs)


class NewWebhookRequestSchema(Schema):
    """A webhook to make."""

    url = _url(required=True)
    events = _events(required=True)
    description = _description(load_default=None)


class WebhookEditSchema(Schema):
    """What is to be otherwise; a field that is not given stays."""

    url = _url()
    events = _events()
    description = _description()
    active = fields.Boolean()


def _share(**kwargs: Any) -> ma.fields.Float:
    within = ma.validate.Range(0, 1, min_inclusive=False, error=N_("Choose a share above 0 and up to 1."))
    messages: dict[str, Any] = {"invalid": N_("Choose a share above 0 and up to 1.")}
    return fields.Float(validate=within, error_messages=messages, metadata={"example": 0.6}, **kwargs)


def _seconds(**kwargs: Any) -> ma.fields.Integer:
    return whole_number(1, MAX_SECONDS, N_("Choose a whole number from 1 to 600."), strict=True, **kwargs)


def _people(**kwargs: Any) -> ma.fields.Integer:
    return whole_number(1, MAX_PEOPLE, N_("Choose a whole number from 1 to 100."), strict=True, **kwargs)


def _name(**kwargs: Any) -> ma.fields.String:
    return Line(MAX_NAME, TOO_LONG[MAX_NAME], blank=_MISSING, metadata={"example": "Smiles"}, **kwargs)


class NewRuleSchema(Schema):
    """A rule to make."""

    name = _name(required=True)
    expression = emotion_name(required=True)
    share = _share(required=True)
    seconds = _seconds(required=True)
    people = _people(load_default=1)
    active = fields.Boolean(load_default=True)


class RuleEditSchema(Schema):
    """What is to be otherwise; a field that is not given stays."""

    name = _name()
    expression = emotion_name()
    share = _share()
    seconds = _seconds()
    people = _people()
    active = fields.Boolean()
