from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, literal, select
from sqlalchemy.exc import StatementError

from visionai.database.types import Instants, UtcDateTime
from visionai.extensions import db

pytestmark = pytest.mark.databases

LIMA = timezone(timedelta(hours=-5))
MOMENT = datetime(2026, 1, 1, 22, 30, 15, 123456, tzinfo=LIMA)


def read(value: datetime | None) -> datetime | None:
    return db.session.scalar(select(literal(value, UtcDateTime)))


def test_an_instant_comes_back_the_same_in_utc(app: Flask) -> None:
    back = read(MOMENT)
    assert back == MOMENT
    assert back is not None
    assert back.tzinfo is UTC


def test_no_instant_is_none(app: Flask) -> None:
    assert read(None) is None


def test_a_naive_instant_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        read(datetime(2026, 1, 1))


@pytest.mark.parametrize(("hour", "bucket"), [(0, 0), (1, 1), (2, 1), (3, 2), (9, 2)])
def test_width_bucket_numbers_stretches_of_time(app: Flask, hour: int, bucket: int) -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 1, 1, hour, tzinfo=UTC)

    thresholds = literal([at(1), at(3)], Instants)
    assert db.session.scalar(select(func.width_bucket(literal(at(hour), UtcDateTime), thresholds))) == bucket
