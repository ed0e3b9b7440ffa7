"""Readings of an invented week, so that pages have something to show."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import config
from visionai import create_app
from visionai.services import lifecycle
from visionai.services.accounts import accounts
from visionai.services.recording.recorder import recorder
from visionai.services.recording.row import Row
from visionai.vision.emotions import EMOTIONS

DAYS = 7
READINGS = 2400
TAG = "v1.0.0"
ADDRESS = "203.0.113.0"
# How often each of the seven is seen, in their order.
WEIGHTS = (5, 2, 3, 38, 34, 8, 10)


def fill(folder: Path, username: str, password: str, database_url: str | None = None) -> None:
    """Write a week of readings into a migrated database, a quarter of them those of a new user.

    The database is the SQLite of the instance `folder` unless `database_url` names another.
    """
    url = database_url or f"sqlite:///{folder / 'visionai.sqlite3'}"
    app = create_app(config.Testing(folder, DATABASE_URL=url))
    with app.app_context():
        user = accounts.register(username, password)
        for row in readings(user.user_id, datetime.now(UTC)):
            recorder.offer(row)
        recorder.flush(60)
    lifecycle.stop(app)


def readings(user_id: int, now: datetime) -> Iterator[Row]:
    """Yield the readings of the week before `now`, the same ones each time: more by day, and more joy by evening.

    The first one is of now, so that every day of the week has some, in its first hour too.
    """
    chance = random.Random(7)  # noqa: S311
    for number in range(READINGS):
        ago = timedelta(days=chance.random() * (DAYS - 0.5)) * min(number, 1)
        when = now - ago
        daylight = max(0.06, math.sin(math.pi * (when.hour - 6) / 16))
        if chance.random() > daylight and number:
            continue
        joy = 1 + 0.6 * max(0.0, (when.hour - 12) / 10)
        emotion = chance.choices(
            EMOTIONS, [weight * (joy if name == "happy" else 1) for name, weight in zip(EMOTIONS, WEIGHTS, strict=True)]
        )[0]
        yield Row(
            uid=UUID(int=chance.getrandbits(128), version=4),
            emotion_id=emotion.id,
            confidence=round(min(0.99, chance.betavariate(7, 2)), 4),
            model_version_tag=TAG,
            processing_time_ms=chance.randint(5, 12),
            source_ip=ADDRESS,
            user_id=user_id if chance.random() < 0.25 else None,
            timestamp=when,
        )
