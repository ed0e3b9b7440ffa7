"""Schemas of statistics, and of the rows they are of."""

from __future__ import annotations

from marshmallow import fields

from ...vision.emotions import EMOTIONS
from .base import Schema
from .fields import Instant, emotion_name
from .system import EmotionSchema


class PeriodSchema(Schema):
    """The period that figures are of, whole hours, or whole minutes where asked for; null where it is open."""

    since = Instant(required=True, allow_none=True)
    until = Instant(required=True, allow_none=True)


class MostCommonSchema(Schema):
    """The emotion that was seen most often; ties go to the lower id."""

    name = emotion_name(required=True)
    count = fields.Integer(required=True)


_OfEach = Schema.from_dict({emotion.value: fields.Integer(required=True) for emotion in EMOTIONS}, name="OfEach")


class CountsSchema(_OfEach):  # type: ignore[misc, valid-type]
    """Counts by emotion."""


class EmotionTotalsSchema(Schema):
    """One emotion that was seen: how often, how sure, and when last."""

    name = emotion_name(required=True)
    count = fields.Integer(required=True)
    average_confidence = fields.Float(required=True, allow_none=True)
    last_prediction = fields.AwareDateTime(required=True, allow_none=True)


class StatsSchema(Schema):
    """Figures of all that was seen."""

    total_predictions = fields.Integer(required=True)
    most_common_emotion = fields.Nested(MostCommonSchema, required=True, allow_none=True)
    average_confidence = fields.Float(required=True, allow_none=True)
    predictions_by_emotion = fields.Nested(CountsSchema, required=True)
    period = fields.Nested(PeriodSchema, required=True)
    emotions = fields.List(fields.Nested(EmotionTotalsSchema), required=True)
    uncertain_share = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Of the readings, those whose confidence is below 0.5; null where they were not counted.",
            "minimum": 0,
            "maximum": 1,
        },
    )


class UserStatsSchema(StatsSchema):
    """Figures of what was seen for one user."""

    username = fields.String(required=True)


class ExportedSchema(Schema):
    """A row of an export."""

    id = fields.Integer(required=True)
    uid = fields.UUID(required=True)
    timestamp = fields.AwareDateTime(required=True)
    username = fields.String(required=True, allow_none=True)
    emotion_name = emotion_name(required=True)
    confidence = fields.Float(required=True)
    model_version_tag = fields.String(required=True)
    processing_time_ms = fields.Integer(required=True)
    source_ip = fields.String(required=True, allow_none=True)


class RecentPredictionSchema(Schema):
    """One prediction; `user`, `source_ip` and `session` are for admins and the user it belongs to, null for others."""

    id = fields.Integer(required=True)
    timestamp = fields.AwareDateTime(required=True)
    emotion = emotion_name(required=True)
    confidence = fields.Float(required=True)
    user = fields.String(required=True, allow_none=True)
    source_ip = fields.String(required=True, allow_none=True)
    session = fields.UUID(required=True, allow_none=True, metadata={"description": "The recorded session it is of."})
    uncertain = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null in rows from before this was kept."}
    )
    model_version_tag = fields.String(required=True, metadata={"example": "v1.3.0"})


class RecentSchema(Schema):
    """A page of predictions, newest first."""

    count = fields.Integer(required=True)
    predictions = fields.List(fields.Nested(RecentPredictionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TimelineStepSchema(Schema):
    """What was seen on one day, in one hour or in one minute."""

    date = fields.String(required=True, metadata={"description": "A date, or a timestamp by the hour or minute."})
    count = fields.Integer(required=True)
    by_emotion = fields.Nested(CountsSchema, required=True)


class VersionChangeSchema(Schema):
    """From when on a version of the weights read."""

    model_version_tag = fields.String(required=True, metadata={"example": "v1.3.0"})
    since = fields.AwareDateTime(required=True, metadata={"description": "Its first reading, about to the second."})


class TimelineSchema(Schema):
    """What was seen step by step, empty ones included."""

    period_days = fields.Integer(required=True)
    timeline = fields.List(fields.Nested(TimelineStepSchema), required=True)
    period = fields.Nested(PeriodSchema, required=True)
    bucket = fields.String(required=True, metadata={"enum": ["day", "hour", "minute"]})
    versions = fields.List(
        fields.Nested(VersionChangeSchema),
        required=True,
        metadata={"description": "Of the period, where `versions=true`; one that read only within a step is left out."},
    )


class VersionsSchema(Schema):
    """The versions of the weights, by tag."""

    versions = fields.List(fields.String(), required=True, metadata={"example": ["v1.3.0", "v1.2.0"]})


class EmotionFiguresSchema(Schema):
    """Figures of one emotion; `percentage` is its share of all predictions, 0 to 100."""

    total_predictions = fields.Integer(required=True)
    average_confidence = fields.Float(required=True, allow_none=True)
    last_prediction = fields.AwareDateTime(required=True, allow_none=True)
    percentage = fields.Float(required=True)


class EmotionDetailSchema(Schema):
    """One emotion in detail."""

    emotion = fields.Nested(EmotionSchema, required=True)
    statistics = fields.Nested(EmotionFiguresSchema, required=True)
    period = fields.Nested(PeriodSchema, required=True)


class UserTotalsSchema(Schema):
    """A user with their totals."""

    user_id = fields.Integer(required=True)
    username = fields.String(required=True)
    role = fields.String(required=True)
    is_active = fields.Boolean(required=True)
    total_predictions = fields.Integer(required=True)
    average_confidence = fields.Float(required=True, allow_none=True)


class UsersSchema(Schema):
    """All users with their totals."""

    users = fields.List(fields.Nested(UserTotalsSchema), required=True)
