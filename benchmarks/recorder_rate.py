"""`python -m benchmarks.recorder_rate SECONDS`: the recorder in a process of its own, on greenlets as in a server.

Ends with the rows that are in the log, the seconds that they took and how many were refused, as JSON.
"""

# ruff: noqa: E402 - the process has to be patched before anything else is imported
from __future__ import annotations

from visionai import concurrency

concurrency.patch()

import json
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from visionai import create_app
from visionai.extensions import db
from visionai.models import PredictionLog, User
from visionai.services.recording.recorder import recorder
from visionai.services.recording.row import Row

USERS = 100
AT_ONCE = 500


def measured(app: Flask, seconds: float) -> tuple[int, float, int]:
    """Offer rows for `seconds`; return how many were committed, until when, and how many were refused."""
    users, half = make_users(), app.config["RECORDER_BUFFER"] // 2
    offered = refused = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if recorder.backlog < half:
            offers = [recorder.offer(row(users, number)) for number in range(offered, offered + AT_ONCE)]
            offered, refused = offered + AT_ONCE, refused + offers.count(False)
        concurrency.sleep(0.001)
    recorder.flush(30.0)
    took = time.perf_counter() - begun
    return db.session.scalar(select(func.count()).select_from(PredictionLog)) or 0, took, refused


def make_users() -> list[int | None]:
    """Make the users that rows speak of; every second row is of nobody."""
    users = [User(username=f"user{number}", hashed_password="-") for number in range(USERS)]
    db.session.add_all(users)
    db.session.commit()
    return [user_id for user in users for user_id in (user.user_id, None)]


def row(users: list[int | None], number: int) -> Row:
    """Return the row of a prediction of this moment."""
    return Row(
        uid=uuid4(),
        emotion_id=1 + number % 7,
        confidence=0.5 + number % 500 / 1000,
        model_version_tag="v0",
        processing_time_ms=7,
        source_ip="192.0.2.0",
        user_id=users[number % len(users)],
        timestamp=datetime.now(UTC),
    )


if __name__ == "__main__":
    application = create_app()
    with application.app_context():
        print(json.dumps(measured(application, float(sys.argv[1]))))
        recorder.close()
