"""What the dashboard's calls take and answer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import marshmallow as ma
from marshmallow import fields

from ..errors import N_
from ..vision.emotions import EMOTIONS
from ..web import Schema
from .fields import Instant, Text, TimeZone, emotion_name, whole_number
from .schemas import EmotionSchema

MAX_DAYS, MAX_DAYS_BY_HOUR = 365, 7


class FilterSchema(Schema):
    """Which predictions are meant."""

    user = Text(
        validate=ma.validate.OneOf(["me"], error=N_("Only “me” can be asked for.")),
        metadata={"description": "`me`: those of the user of the token."},
    )
    emotion = emotion_name(metadata={"description": "Those of one emotion."})
    since = Instant(metadata={"description": "Inclusive, ISO 8601; UTC without an offset."})
    until = Instant(metadata={"description": "Exclusive, ISO 8601; UTC without an offset."})

    @ma.validates_schema
    def _in_order(self, data: dict, **_: object) -> None:
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            raise ma.ValidationError(N_("This must be later than “since”."), "until")


class RecentQuerySchema(FilterSchema):
    """Which predictions, and how many of them a page has."""

    limit = whole_number(1, 100, N_("Choose a whole number from 1 to 100."), load_default=10)
    cursor = Text(metadata={"description": "`next_cursor` of the page before."})


class TimelineQuerySchema(FilterSchema):
    """Which predictions, over how many days, in which steps."""

    days = whole_number(1, MAX_DAYS, N_("Choose a whole number from 1 to 365."), load_default=7)
    bucket = Text(
        load_default="day",
        validate=ma.validate.OneOf(["day", "hour"], error=N_("Choose “day” or “hour”.")),
    )
    tz = TimeZone(
        load_default=lambda: ZoneInfo("UTC"),
        metadata={"type": "string", "description": "The IANA name of the zone whose days are meant; UTC by default."},
    )

    @ma.validates_schema
    def _few_enough_hours(self, data: dict, **_: object) -> None:
        if data.get("bucket") == "hour" and data.get("days", 0) > MAX_DAYS_BY_HOUR:
            raise ma.ValidationError(N_("By the hour, choose at most 7 days."), "days")


class ExportQuerySchema(FilterSchema):
    """Which predictions, in which format."""

    format = Text(
        load_default="csv",
        validate=ma.validate.OneOf(["csv", "json"], error=N_("Choose “csv” or “json”.")),
    )


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
