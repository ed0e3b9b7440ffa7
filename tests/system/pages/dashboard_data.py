"""What the tests of the dashboard look at besides a week of readings: a session, two versions, an administrator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import config
from scripts import example_data
from tests.support.readings import Reading, record
from tests.support.rows import a_row
from tests.unit.services.sessions.conftest import set_times
from visionai import create_app
from visionai.extensions import db
from visionai.services import lifecycle
from visionai.services.accounts import accounts
from visionai.services.accounts.identity import Identity
from visionai.services.recording.ledger import Ledger
from visionai.services.sessions import runs

TITLE = "=1+1 <b>Interview</b>"
MINUTES = 10
ADMIN, NEW_VERSION = "root", "v1.1.0"


def fill(folder: Path, username: str, password: str) -> None:
    """Write a week of readings, a session of ten minutes that ended three hours ago, an hour of a new version."""
    example_data.fill(folder, username, password)
    app = create_app(config.Testing(folder, DATABASE_URL=f"sqlite:///{folder / 'visionai.sqlite3'}"))
    with app.app_context():
        accounts.create_user(ADMIN, password, "admin")
        _record_session(username)
        now = datetime.now(UTC)
        rows = [
            a_row("surprise", model_version_tag=NEW_VERSION, timestamp=now - timedelta(minutes=minutes), frames=1)
            for minutes in range(60)
        ]
        Ledger(db.engine).record(rows)
    lifecycle.stop(app)


def _record_session(username: str) -> None:
    account = accounts.user_named(username)
    assert account is not None
    owner = Identity(account.user_id, username, account.role, True, uuid4())
    begun = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
    session = runs.start(owner, title=TITLE).session
    set_times(session, started_at=begun)
    session.started_at = begun
    seconds = range(60 * MINUTES)
    record(session, [Reading(1000 * second, emotion="happy" if second < 300 else "sad") for second in seconds])
    runs.end(session.session_id)
    set_times(session, started_at=begun, ended_at=begun + timedelta(minutes=MINUTES))
