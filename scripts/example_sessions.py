"""Recorded sessions of an invented user, so that their pages have something to show."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import config
from visionai import create_app
from visionai.contract.predictions import rounded
from visionai.database.sessions import writing
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services import lifecycle
from visionai.services.accounts import accounts
from visionai.services.accounts.identity import Identity
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row
from visionai.services.sessions import editing, markers, runs
from visionai.vision.emotions import EMOTIONS
from visionai.vision.results import UNCERTAIN_BELOW

TAG = "v1.0.0"


@dataclass(frozen=True)
class Example:
    """A session to invent: its texts, how long ago it began and how long it was, who was there from when to when."""

    title: str | None
    participant: str | None
    days_ago: float
    seconds: int
    people: Sequence[tuple[int, int]]
    marked: Sequence[tuple[int, str]] = ()
    gap: tuple[int, int] | None = None
    labels: Sequence[tuple[int, str]] = ()


EXAMPLES = (
    Example(
        "Interview 1", "P-01", 2, 240, [(0, 240), (20, 200)], [(60, "question 1"), (120, "question 2")], (150, 170)
    ),
    Example("Interview 2", "P-02", 1, 300, [(0, 300), (5, 120), (140, 290)], [(45, "question 1"), (150, "question 2")]),
    Example(None, None, 0.5, 1800, [(0, 1800)], [(900, "break")]),
)


def fill(
    folder: Path,
    username: str,
    password: str,
    examples: Sequence[Example] = EXAMPLES,
    database_url: str | None = None,
) -> list[str]:
    """Record sessions of a new user into a migrated database and return their uids.

    The database is the SQLite of the instance `folder` unless `database_url` names another.
    """
    app = create_app(config.Testing(folder, DATABASE_URL=database_url or f"sqlite:///{folder / 'visionai.sqlite3'}"))
    with app.app_context():
        user = accounts.register(username, password)
        login = accounts.login(username, password, None)
        identity = accounts.identity(user.user_id, login.session_id)
        assert identity is not None
        uids = [_record(identity, example, chance) for chance, example in enumerate(examples)]
    lifecycle.stop(app)
    return uids


def _record(identity: Identity, example: Example, chance: int) -> str:
    recorded = runs.start(identity, title=example.title, participant=example.participant).session
    began = utc_now() - timedelta(days=example.days_ago)
    with writing() as session:
        found = session.get_one(RecordedSession, recorded.session_id)
        found.started_at = began
        found.gaps = [[moment * 1000 for moment in example.gap]] if example.gap else []
    recorded.started_at = began
    Ledger(db.engine).record([*_rows(recorded, example, random.Random(chance))])  # noqa: S311
    for second, label in example.marked:
        markers.add(recorded.session_id, label, offset_ms=second * 1000)
    runs.end(recorded.session_id)
    with writing() as session:
        session.get_one(RecordedSession, recorded.session_id).ended_at = began + timedelta(seconds=example.seconds)
    editing.edit(recorded, {}, dict(example.labels))
    return str(recorded.uid)


def _rows(recorded: RecordedSession, example: Example, chance: random.Random) -> Iterator[Row]:
    for person, (first, last) in enumerate(example.people, 1):
        tilts = [chance.uniform(0, math.tau) for _ in EMOTIONS]
        for second in range(first, last):
            if example.gap and example.gap[0] <= second < example.gap[1]:
                continue
            weights = [math.exp(2.6 * math.sin(second / (17 + 5 * n) + tilt)) for n, tilt in enumerate(tilts)]
            scores = tuple(rounded(weight / sum(weights)) for weight in weights)
            yield Row(
                uid=uuid4(),
                emotion_id=EMOTIONS[scores.index(max(scores))].id,
                confidence=max(scores),
                model_version_tag=TAG,
                processing_time_ms=7,
                source_ip=None,
                user_id=recorded.user_id,
                timestamp=recorded.started_at + timedelta(seconds=second),
                scores=scores,
                uncertain=max(scores) < UNCERTAIN_BELOW,
                frames=10,
                session_id=recorded.session_id,
                person=person,
                offset_ms=second * 1000,
            )
