"""Request schemas of the dashboard: which readings are meant, over which time, in which steps."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import marshmallow as ma
from marshmallow import fields

from ..contract.schemas.base import Schema
from ..contract.schemas.fields import Instant, Text, TimeZone, emotion_name, whole_number
from ..contract.schemas.session_commands import NO_SESSION_UID
from ..errors import N_
from ..services.statistics.buckets import MAX_DAYS, MAX_HOURS_BY_MINUTE, TooManyHours
from ..services.statistics.filters import ReadingSource
from ..services.statistics.log_sums import MAX_ROWS, MAX_ROWS_UNASKED

_FROM_THE_LOG = (
    f"Counted in the log: of a period with at most {MAX_ROWS['postgresql']:,} readings on PostgreSQL and "
    f"{MAX_ROWS['sqlite']:,} on SQLite, else 422."
)


class FilterSchema(Schema):
    """Which predictions are meant."""

    user = Text(
        metadata={"description": "`me`: those of the user of the token. A name: of that user, for administrators."}
    )
    emotion = emotion_name(metadata={"description": "Those of one emotion."})
    since = Instant(metadata={"description": "Inclusive, ISO 8601; UTC without an offset."})
    until = Instant(metadata={"description": "Exclusive, ISO 8601; UTC without an offset."})
    session = fields.UUID(
        error_messages={"invalid_uuid": NO_SESSION_UID},
        metadata={
            "description": "Those of a recorded session, by its uid, for its owner, whoever shows its receipt, and "
            "administrators: 404 for others. Without `since` and `until`, all of it, and to the minute."
        },
    )
    version = Text(
        validate=ma.validate.Length(max=100, error=N_("A version has at most 100 characters.")),
        metadata={"description": f"Those that a version of the weights read, by its tag. {_FROM_THE_LOG}"},
    )
    source = fields.Enum(
        ReadingSource,
        by_value=fields.String,
        error_messages={"unknown": N_("Choose “picture”, “stream”, “camera”, “video” or “api”.")},
        metadata={
            "description": "`picture` and `stream`: outside of sessions, of one frame or of several. `camera`, `video`,"
            f" `api`: of sessions with that source. {_FROM_THE_LOG}"
        },
    )

    @ma.validates_schema
    def _in_order(self, data: dict, **_: object) -> None:
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            raise ma.ValidationError(N_("This must be later than “since”."), "until")


class FiguresQuerySchema(FilterSchema):
    """Which predictions are counted."""

    round = Text(
        load_default="hour",
        validate=ma.validate.OneOf(["hour", "minute"], error=N_("Choose “hour” or “minute”.")),
        metadata={
            "description": "What `since` and `until` are rounded down to. By the minute, of at most "
            f"{MAX_HOURS_BY_MINUTE} hours."
        },
    )


class StatsQuerySchema(FiguresQuerySchema):
    """Which predictions are counted, and what of them."""

    uncertain = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Tell the share of uncertain readings too, where there are at most "
            f"{MAX_ROWS_UNASKED:,} readings in all."
        },
    )


class RecentQuerySchema(FilterSchema):
    """Which predictions, and how many of them a page has."""

    limit = whole_number(1, 100, N_("Choose a whole number from 1 to 100."), load_default=10)
    cursor = Text(metadata={"description": "`next_cursor` of the page before."})


class TimelineQuerySchema(FiguresQuerySchema):
    """Which predictions, over how many days, in which steps."""

    days = whole_number(1, MAX_DAYS["day"], N_("Choose a whole number from 1 to 365."), load_default=7)
    bucket = Text(
        load_default="day",
        validate=ma.validate.OneOf(
            ["day", "hour", "minute", "auto"], error=N_("Choose “day”, “hour”, “minute” or “auto”.")
        ),
        metadata={
            "description": f"Days: at most {MAX_DAYS['day']}. Hours: at most {MAX_DAYS['hour']} days. Minutes: at most "
            f"{MAX_HOURS_BY_MINUTE} hours, from `since` on. `auto`: the one that fits; `bucket` of the answer tells."
        },
    )
    tz = TimeZone(
        load_default=lambda: ZoneInfo("UTC"),
        metadata={"type": "string", "description": "The IANA name of the zone whose days are meant; UTC by default."},
    )
    versions = fields.Boolean(
        load_default=False,
        metadata={"description": "Tell which versions of the weights read in the period, and from when on."},
    )

    @ma.validates_schema
    def _few_enough_hours(self, data: dict, **_: object) -> None:
        if data.get("bucket") == "hour" and data.get("days", 0) > MAX_DAYS["hour"]:
            raise ma.ValidationError(TooManyHours.message, "days")


class ExportQuerySchema(FilterSchema):
    """Which predictions, in which format."""

    format = Text(
        load_default="csv",
        validate=ma.validate.OneOf(["csv", "json"], error=N_("Choose “csv” or “json”.")),
    )
