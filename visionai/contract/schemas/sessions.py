"""Schemas of recorded sessions: what they are, their series, their rows."""

from __future__ import annotations

from marshmallow import fields

from ...vision.emotions import EMOTIONS
from ..session_fields import SessionSource, SessionStatus
from .base import Schema
from .examples import SCORES
from .fields import emotion_name
from .predictions import ScoresSchema

_OFFSET = {"description": "Milliseconds since the session began; in a video, the video's own time.", "example": 61_500}
_PERSON = {"description": "The number of the person in the session; of several with one label, the lowest."}
_PERSONS = {"description": "All numbers that the label stands for."}
_SOURCE = {"enum": [source.value for source in SessionSource]}
_STATUS = {
    "enum": [status.value for status in SessionStatus],
    "description": "`lost`: its client was gone for too long.",
}
_UNCERTAIN_SHARE = {"description": "Of the seconds, those whose confidence is below 0.5.", "minimum": 0, "maximum": 1}


class ListedSessionSchema(Schema):
    """A recorded session in a list."""

    uid = fields.UUID(required=True)
    user = fields.String(required=True, allow_none=True, metadata={"description": "Null where it is of a receipt."})
    title = fields.String(required=True, allow_none=True, metadata={"example": "Interview 7"})
    participant = fields.String(required=True, allow_none=True, metadata={"example": "P-07"})
    source = fields.String(required=True, metadata=_SOURCE)
    status = fields.String(required=True, metadata=_STATUS)
    started_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    seconds = fields.Integer(required=True, metadata={"description": "Of all people together."})
    frames = fields.Integer(required=True, metadata={"description": "Readings of single frames behind these seconds."})
    people_count = fields.Integer(required=True)


class SessionsSchema(Schema):
    """A page of recorded sessions, the newest first."""

    count = fields.Integer(required=True)
    sessions = fields.List(fields.Nested(ListedSessionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PictureSchema(Schema):
    """A reading of a picture, or of calls that belong to no session."""

    id = fields.Integer(required=True)
    timestamp = fields.AwareDateTime(required=True)
    emotion = emotion_name(required=True)
    confidence = fields.Float(required=True)
    uncertain = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null where that was not kept yet."}
    )


class HistoryEntrySchema(Schema):
    """A session or a picture: one of the two is null."""

    session = fields.Nested(ListedSessionSchema, required=True, allow_none=True)
    picture = fields.Nested(PictureSchema, required=True, allow_none=True, metadata={"example": None})


class HistorySchema(Schema):
    """A page of a user's history, the newest first."""

    count = fields.Integer(required=True)
    entries = fields.List(fields.Nested(HistoryEntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class MarkerSchema(Schema):
    """A moment of a session that somebody named."""

    id = fields.Integer(required=True)
    offset_ms = fields.Integer(required=True, metadata=_OFFSET)
    label = fields.String(required=True, metadata={"example": "question 3"})


_GAPS = fields.List(
    fields.List(fields.Integer()),
    required=True,
    metadata={
        "description": "Pairs of milliseconds since the session began, between which its client was away.",
        "example": [[12_000, 15_500]],
    },
)


class ExpressionSharesSchema(
    Schema.from_dict(  # type: ignore[misc]
        {name: fields.Float(required=True, metadata={"example": share}) for name, share in SCORES.items()},
        name="ExpressionShares",
    )
):
    """The share of the seconds whose best mean is that expression, 0 to 1, about 1 in all."""


class SessionPersonSchema(Schema):
    """A person of a session: a face followed from its appearance to its loss, or several under one label."""

    person = fields.Integer(required=True, metadata=_PERSON)
    persons = fields.List(fields.Integer(), required=True, metadata=_PERSONS)
    label = fields.String(required=True, allow_none=True)
    first_offset_ms = fields.Integer(required=True, metadata=_OFFSET)
    last_offset_ms = fields.Integer(required=True, metadata=_OFFSET)
    seconds = fields.Integer(required=True, metadata={"description": "Distinct seconds in which they were seen."})
    shares = fields.Nested(ExpressionSharesSchema, required=True, allow_none=True)
    uncertain_share = fields.Float(required=True, allow_none=True, metadata=_UNCERTAIN_SHARE)


class SessionSchema(ListedSessionSchema):
    """A recorded session. Shares are null where nobody was seen."""

    notes = fields.String(required=True, allow_none=True)
    people = fields.List(fields.Nested(SessionPersonSchema), required=True)
    uncertain_share = fields.Float(required=True, allow_none=True, metadata=_UNCERTAIN_SHARE)
    gaps = _GAPS
    markers = fields.List(fields.Nested(MarkerSchema), required=True)
    model_versions = fields.List(fields.String(), required=True, metadata={"example": ["v1.3.0"]})


class StartedSessionSchema(SessionSchema):
    """A session that has begun."""

    receipt = fields.String(
        metadata={
            "description": "Only where no token was sent, and only now: `X-Session-Receipt` takes it later. It cannot "
            "be shown again."
        }
    )


class PointSchema(Schema):
    """The mean of the seconds of a step in which the person was seen; each of them weighs the same."""

    offset_ms = fields.Integer(required=True, metadata={"description": "Where the step begins."})
    seconds = fields.Integer(required=True, metadata={"description": "How many seconds the point stands for."})
    scores = fields.Nested(ScoresSchema, required=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True, metadata={"description": "The best of the mean scores."})
    uncertain = fields.Boolean(required=True, metadata={"description": "The confidence is below 0.5."})


class SeriesSchema(Schema):
    """The points of a person; a step in which they were not seen has none."""

    person = fields.Integer(required=True, metadata=_PERSON)
    persons = fields.List(fields.Integer(), required=True, metadata=_PERSONS)
    label = fields.String(required=True, allow_none=True)
    points = fields.List(fields.Nested(PointSchema), required=True)


class SessionTimelineSchema(Schema):
    """The series of a session."""

    step_seconds = fields.Integer(required=True)
    people = fields.List(fields.Nested(SeriesSchema), required=True)
    markers = fields.List(fields.Nested(MarkerSchema), required=True)
    gaps = _GAPS


class ComparedSessionSchema(Schema):
    """A session on the common clock; offsets count from its zero and may be negative."""

    uid = fields.UUID(required=True)
    title = fields.String(required=True, allow_none=True)
    participant = fields.String(required=True, allow_none=True)
    started_at = fields.String(required=True, metadata={"format": "date-time"})
    zero_offset_ms = fields.Integer(
        required=True, metadata={"description": "Where the common clock's zero is, since the session began."}
    )
    people = fields.List(fields.Nested(SeriesSchema), required=True)
    markers = fields.List(fields.Nested(MarkerSchema), required=True)
    gaps = _GAPS


class ComparisonSchema(Schema):
    """Sessions on one clock, in the order in which they were named."""

    align = fields.String(required=True)
    step_seconds = fields.Integer(required=True)
    sessions = fields.List(fields.Nested(ComparedSessionSchema), required=True)


class SessionRowSchema(Schema.from_dict({f"score_{e.value}": fields.Float(required=True) for e in EMOTIONS})):  # type: ignore[misc]
    """A row of the long table: one person, one second."""

    session_uid = fields.UUID(required=True)
    participant = fields.String(required=True, allow_none=True)
    person = fields.Integer(required=True)
    label = fields.String(required=True, allow_none=True)
    second = fields.Integer(required=True)
    offset_ms = fields.Integer(required=True)
    timestamp = fields.AwareDateTime(required=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True)
    uncertain = fields.Boolean(required=True)
    frames = fields.Integer(required=True)
    model_version_tag = fields.String(required=True)
