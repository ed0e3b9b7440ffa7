"""`python -m benchmarks.database.recorder_rate SECONDS`: the recorder alone, on greenlets as in a server.

Says that it is ready, begins when a line comes in, and ends with the seconds that its rows took, how many it offered
and how many were refused, as JSON.
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
from sqlalchemy import select

from visionai import create_app
from visionai.extensions import db
from visionai.models import User
from visionai.services.recording.recorder import recorder
from visionai.services.recording.row import Row

AT_ONCE = 500
PAUSE_SECONDS = 0.02
"""Between looks at how many rows wait: far less than half a buffer lasts, and ten who look do not take a core."""


def measured(app: Flask, users: list[int | None], seconds: float) -> tuple[float, int, int]:
    """Offer rows for `seconds`; return until when they were committed, how many, and how many were refused."""
    half = app.config["RECORDER_BUFFER"] // 2
    offered = refused = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if recorder.backlog < half:
            offers = [recorder.offer(row(users, number)) for number in range(offered, offered + AT_ONCE)]
            offered, refused = offered + AT_ONCE, refused + offers.count(False)
        concurrency.sleep(PAUSE_SECONDS)
    recorder.flush(60.0)
    return time.perf_counter() - begun, offered, refused


def known_users() -> list[int | None]:
    """Return the users that rows speak of, each followed by nobody."""
    with db.engine.connect() as connection:
        return [whose for user_id in connection.scalars(select(User.user_id)) for whose in (user_id, None)]


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
        theirs = known_users()
        recorder.start()
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(measured(application, theirs, float(sys.argv[1]))))
        recorder.close()
