"""Schemas of statistics, and of the rows they are of."""

from __future__ import annotations

from marshmallow import fields

from ...vision.emotions import EMOTIONS
from .base import Schema
from .fields import Instant, emotion_name
from .system import EmotionSchema


class PeriodSchema(Schema):
    """The period that figures are of, whole hours; null where it is open."""

    since = Instant(required=True, allow_none=True)
    until = Instant(required=True, allow_none=True)


class MostCommonSchema(Schema):
    """The emotion that was seen most often; ties go to the lower id."""

    name = emotion_name(required=True)
    count = fields.Integer(required=True)


CountsSchema = Schema.from_dict({emotion.value: fields.Integer(required=True) for emotion in EMOTIONS}, name="Counts")


class StatsSchema(Schema):
    """Figures of all that was seen."""

    total_predictions = fields.Integer(required=True)
    most_common_emotion = fields.Nested(MostCommonSchema, required=True, allow_none=True)
    average_confidence = fields.Float(required=True, allow_none=True)
    predictions_by_emotion = fields.Nested(CountsSchema, required=True)
    period = fields.Nested(PeriodSchema, required=True)


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
    """One prediction; `user` and `source_ip` are for admins and the user it belongs to, null for others."""

    id = fields.Integer(required=True)
    timestamp = fields.AwareDateTime(required=True)
    emotion = emotion_name(required=True)
    confidence = fields.Float(required=True)
    user = fields.String(required=True, allow_none=True)
    source_ip = fields.String(required=True, allow_none=True)


class RecentSchema(Schema):
    """A page of predictions, newest first."""

    count = fields.Integer(required=True)
    predictions = fields.List(fields.Nested(RecentPredictionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TimelineStepSchema(Schema):
    """What was seen on one day or in one hour."""

    date = fields.String(required=True, metadata={"description": "A date, or a timestamp by the hour."})
    count = fields.Integer(required=True)
    by_emotion = fields.Nested(CountsSchema, required=True)


class TimelineSchema(Schema):
    """What was seen day by day or hour by hour, empty ones included."""

    period_days = fields.Integer(required=True)
    timeline = fields.List(fields.Nested(TimelineStepSchema), required=True)
    period = fields.Nested(PeriodSchema, required=True)


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
