"""Marshmallow fields of our own, and the texts of everything that a field may say is wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import marshmallow as ma

from ...errors import N_
from ...vision.emotions import EMOTIONS
from ...vision.priors import Prior

UNKNOWN_PRIOR = N_("The operating points are “even” and “typical”.")
"""What is said of a `prior` that does not exist, over every transport."""

# Marshmallow's own words, for the catalogue; they are translated where the answer is made.
_MARSHMALLOW = (
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Not a valid string."),
    N_("Not a valid utf-8 string."),
    N_("Not a valid integer."),
    N_("Not a valid boolean."),
    N_("Invalid input type."),
    N_("Not a valid list."),
    N_("Not a valid UUID."),
)

# Beyond these a shift to UTC may leave what a datetime can hold.
_YEARS = range(1970, 9999)
# A "+" that nobody encoded arrives as a space.
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)$")


class Text(ma.fields.String):
    """A text that every database can hold: no NUL, no half of a surrogate pair."""

    default_error_messages = {"unprintable": N_("This text has characters that cannot be stored.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            raise self.make_error("unprintable")
        return text


class Line(Text):
    """A text that people write: in Unicode's composed form (NFC), without blanks around it, null where that is none.

    `too_long` says that it has more than `longest` characters, `blank` that it must not be empty where that is so.
    """

    def __init__(self, longest: int, too_long: str, *, blank: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {})["maxLength"] = longest
        super().__init__(error_messages={"too_long": too_long, "blank": blank or ""}, **kwargs)
        self._longest, self._may_be_blank = longest, blank is None

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, data, **kwargs)).strip()
        if len(text) > self._longest:
            raise self.make_error("too_long")
        if not text and not self._may_be_blank:
            raise self.make_error("blank")
        return text or None


class Instant(ma.fields.AwareDateTime):
    """A point in time, ISO 8601; without an offset it is UTC. An aware datetime in UTC comes out."""

    default_error_messages = {"invalid": N_("Give a date or a time as in 2026-01-31 or 2026-01-31T10:30:00+00:00.")}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", value))
        except (TypeError, ValueError) as err:
            raise self.make_error("invalid") from err
        if moment.year not in _YEARS:
            raise self.make_error("invalid")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


class TimeZone(ma.fields.Field[ZoneInfo]):
    """The IANA name of a time zone; a ZoneInfo comes out."""

    default_error_messages = {"invalid": N_("Name a time zone as in “UTC” or “America/Bogota”.")}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> ZoneInfo:
        if not isinstance(value, str) or value not in _zone_names():
            raise self.make_error("invalid")
        return ZoneInfo(value)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # Reading them walks a few hundred files.
    return frozenset(available_timezones())


def emotion_name(**kwargs: Any) -> ma.fields.String:
    """Return a field for the name of one of the seven emotions."""
    names = [emotion.value for emotion in EMOTIONS]
    kwargs["metadata"] = {"example": "happy", **kwargs.get("metadata", {})}
    return Text(validate=ma.validate.OneOf(names, error=N_("Name one of the seven emotions.")), **kwargs)


def prior(**kwargs: Any) -> ma.fields.Enum[Prior]:
    """Return a field for the name of an operating point."""
    return ma.fields.Enum(Prior, by_value=ma.fields.String, error_messages={"unknown": UNKNOWN_PRIOR}, **kwargs)


def whole_number(low: int, high: int, error: str, **kwargs: Any) -> ma.fields.Integer:
    """Return a field for a whole number from `low` to `high`; `error` says so, ready for the catalogue."""
    return ma.fields.Integer(validate=ma.validate.Range(low, high, error=error), **kwargs)
