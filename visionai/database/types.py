"""Column types that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from math import fsum
from typing import Any

import orjson
from sqlalchemy import REAL, BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, in UTC; TIMESTAMPTZ on PostgreSQL, UTC text without a zone on SQLite.

    A naive value is refused with ValueError: nobody knows which instant it is.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the driver stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn what the driver read into an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


# SQLite counts a key up by itself only where it is called INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")

# An IPv4 or IPv6 address; SQLite has no type for it.
IPAddress = INET().with_variant(String(45), "sqlite")


class Instants(TypeDecorator[list[datetime]]):
    """Instants in ascending order, as the second argument of `width_bucket`: an array on PostgreSQL.

    On SQLite it is text in the form of a column of UtcDateTime, one after another (see `sqlite`).
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that carries the value."""
        kind: TypeEngine[Any] = String() if dialect.name == "sqlite" else ARRAY(DateTime(timezone=True))
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[datetime] | None, dialect: Dialect) -> Any:
        """Turn the instants into what the driver takes."""
        if value is None or dialect.name != "sqlite":
            return value
        return ",".join(f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for instant in value)


class Scores(TypeDecorator[Sequence[float]]):
    """Scores of an expression each, in the order of the emotions: REAL[] on PostgreSQL, a JSON array on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that carries the value."""
        kind: TypeEngine[Any] = String() if dialect.name == "sqlite" else ARRAY(REAL())
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Sequence[float] | None, dialect: Dialect) -> Any:
        """Turn scores into what the driver takes."""
        if value is None or dialect.name != "sqlite":
            return value if value is None else list(value)
        return json.dumps(list(value), separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[float, ...] | None:  # noqa: ARG002
        """Turn what the driver read into a tuple."""
        if value is None:
            return None
        return tuple(json.loads(value) if isinstance(value, str) else value)


class ArrayText(TypeDecorator[Sequence[float]]):
    """An array of numbers as PostgreSQL writes one: `{0.25,0.75}`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Sequence[float] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Turn numbers into text."""
        return None if value is None else "{" + ",".join(map(repr, value)) + "}"


class MeanScores(TypeDecorator[list[float]]):
    """What `functions.mean_scores` hands out: means on PostgreSQL, as text; on SQLite the scores of all rows."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[float] | None:
        """Turn what the driver read into a mean for each class."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            means: list[float] = orjson.loads(f"[{value[1:-1]}]")
            return means
        rows = orjson.loads(value)
        return [fsum(column) / len(rows) for column in zip(*rows, strict=True)]
