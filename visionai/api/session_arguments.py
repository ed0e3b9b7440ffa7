"""Request schemas of recorded sessions."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Instant, Line, Text, whole_number
from ..contract.session_fields import (
    MAX_LABEL,
    MAX_MARKER,
    MAX_NOTES,
    MAX_OFFSET_MS,
    MAX_PARTICIPANT,
    MAX_TITLE,
    TOO_LONG,
    SessionSource,
)
from ..errors import N_
from ..services.sessions import comparison, timeline

_MISSING = N_("This must not be empty.")

MOST_LABELS = 500
MAX_PERSON = 2**31 - 1


class SessionTextsSchema(Schema):
    """What people write about a session; null, or nothing but blanks, is no text."""

    title = Line(MAX_TITLE, TOO_LONG[MAX_TITLE], allow_none=True, metadata={"example": "Interview 7"})
    participant = Line(MAX_PARTICIPANT, TOO_LONG[MAX_PARTICIPANT], allow_none=True, metadata={"example": "P-07"})
    notes = Line(MAX_NOTES, TOO_LONG[MAX_NOTES], allow_none=True)


class NewSessionSchema(SessionTextsSchema):
    """A session to start; all of it may be left out."""

    source = fields.Enum(
        SessionSource,
        by_value=fields.String,
        load_default=SessionSource.CAMERA,
        error_messages={"unknown": N_("Choose “camera”, “video” or “api”.")},
    )


class LabelSchema(Schema):
    """A person of a session and the label they get; two people with one label are shown as one."""

    person = whole_number(1, MAX_PERSON, N_("This session has nobody of that number."), required=True, strict=True)
    label = Line(MAX_LABEL, TOO_LONG[MAX_LABEL], required=True, allow_none=True, metadata={"example": "Ana"})


class SessionEditSchema(SessionTextsSchema):
    """What is to be otherwise; a field that is not given stays, null clears it."""

    people = fields.List(
        fields.Nested(LabelSchema), validate=ma.validate.Length(max=MOST_LABELS, error=N_("Send at most 500 at once."))
    )

    @ma.validates_schema
    def _each_once(self, data: dict[str, Any], **_: object) -> None:
        numbers = [one["person"] for one in data.get("people", ())]
        if len(numbers) != len(set(numbers)):
            raise ma.ValidationError(N_("Name each person once."), "people")


class MarkerRequestSchema(Schema):
    """A moment, by its offset or by an instant, and its name."""

    offset_ms = whole_number(
        0,
        MAX_OFFSET_MS,
        N_("This moment is before the start of the session or after its end."),
        strict=True,
        metadata={"description": "Milliseconds since the session began.", "example": 61_500},
    )
    at = Instant(metadata={"description": "In the place of `offset_ms`: an instant, ISO 8601; UTC without an offset."})
    label = Line(
        MAX_MARKER,
        TOO_LONG[MAX_MARKER],
        blank=_MISSING,
        required=True,
        metadata={"example": "question 3", "minLength": 1},
    )

    @ma.validates_schema
    def _one_moment(self, data: dict[str, Any], **_: object) -> None:
        if ("offset_ms" in data) == ("at" in data):
            raise ma.ValidationError(N_("Give either “offset_ms” or “at”."), "offset_ms")


class PageQuerySchema(Schema):
    """How many a page has, and where it begins."""

    limit = whole_number(1, 100, N_("Choose a whole number from 1 to 100."), load_default=20)
    cursor = Text(metadata={"description": "`next_cursor` of the page before."})


class SessionsQuerySchema(PageQuerySchema):
    """Which sessions, and how many of them a page has."""

    q = Line(
        MAX_TITLE, TOO_LONG[MAX_TITLE], metadata={"description": "A part of title or participant, whatever the case."}
    )
    participant = Line(
        MAX_PARTICIPANT, TOO_LONG[MAX_PARTICIPANT], metadata={"description": "The participant, exactly."}
    )
    user = Text(metadata={"description": "Those of a user, by name: for administrators, and for that user."})
    since = Instant(metadata={"description": "Started then or later, ISO 8601; UTC without an offset."})
    until = Instant(metadata={"description": "Started before, ISO 8601; UTC without an offset."})

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            raise ma.ValidationError(N_("This must be later than “since”."), "until")


def _step() -> fields.String:
    return Text(
        load_default=timeline.AUTO,
        validate=ma.validate.OneOf([*timeline.STEPS, timeline.AUTO], error=N_("Choose “1s”, “10s”, “1m” or “auto”.")),
        metadata={"description": "What a point stands for. `auto`: at most about 600 points a person."},
    )


def _offset(description: str) -> fields.Integer:
    return whole_number(
        0, MAX_OFFSET_MS, N_("Give whole milliseconds, up to a year of them."), metadata={"description": description}
    )


class SessionTimelineQuerySchema(Schema):
    """Which points of a session."""

    step = _step()
    person = Line(MAX_LABEL, TOO_LONG[MAX_LABEL], metadata={"description": "One person, by number or label."})
    since_ms = _offset("Only points of the steps from there on, in milliseconds since the session began.")
    until_ms = _offset("Only points of the steps before, in milliseconds since the session began.")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: object) -> None:
        if data.get("since_ms", 0) >= data.get("until_ms", MAX_OFFSET_MS + 1):
            raise ma.ValidationError(N_("This must be more than “since_ms”."), "until_ms")


class ComparisonQuerySchema(Schema):
    """Which sessions, and what sets their clocks."""

    uid = fields.List(
        fields.UUID(),
        required=True,
        validate=ma.validate.Length(comparison.FEWEST, comparison.MOST, error=comparison.HOW_MANY),
        metadata={"description": "2 to 8 sessions, each once."},
    )
    align = Line(
        len(comparison.MARKER) + MAX_MARKER,
        TOO_LONG[MAX_MARKER],
        load_default=comparison.START,
        metadata={
            "description": "`start`, or `marker:` and a label: the first marker of that label is the zero of the clock."
        },
    )
    step = _step()

    @ma.validates_schema
    def _aligned(self, data: dict[str, Any], **_: object) -> None:
        align = data.get("align") or ""
        if align != comparison.START and not align.startswith(comparison.MARKER):
            raise ma.ValidationError(N_("Choose “start”, or “marker:” and a label."), "align")


class SessionExportQuerySchema(Schema):
    """The format of the file."""

    format = Text(
        load_default="csv",
        validate=ma.validate.OneOf(["csv", "json"], error=N_("Choose “csv” or “json”.")),
    )
