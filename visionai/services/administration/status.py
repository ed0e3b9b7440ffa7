"""The state of this process and of what it stands on, for administrators."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Connection, func, select, text

from ... import __version__
from ...database import revisions
from ...database.availability import DATABASE_AWAY
from ...database.types import utc_now
from ...extensions import db, inference
from .. import presence
from ..health import report
from ..recording.recorder import recorder

_BEGAN = utc_now()


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`revision` is that of the tables, `expected` the code's; `size_bytes` is of the whole database."""

    state: str
    kind: str
    revision: str | None
    expected: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """Health, and figures of this process: those of the others are theirs."""

    status: str
    version: str
    process: int
    started_at: datetime
    processes: int
    clients_connected: int
    inference: dict[str, Any]
    recorder: dict[str, Any]
    disk: dict[str, int]
    database: DatabaseState


def status() -> Status:
    """Ask every part how it is and how much it has to do."""
    health = report()
    space = shutil.disk_usage(current_app.instance_path)
    return Status(
        status=health.status,
        version=__version__,
        process=os.getpid(),
        started_at=_BEGAN,
        processes=presence.processes(),
        clients_connected=health.clients_connected,
        inference=_inference(),
        recorder={
            "state": recorder.state,
            "backlog": recorder.backlog,
            "buffer": current_app.config["RECORDER_BUFFER"],
            "set_aside": recorder.set_aside,
        },
        disk={"free_bytes": space.free, "total_bytes": space.total},
        database=_database(health.database),
    )


def _inference() -> dict[str, Any]:
    return {
        "status": inference.status,
        "model_version_tag": inference.version_tag,
        "waiting": inference.waiting,
        "queue": current_app.config["INFERENCE_QUEUE"],
        "busy_threads": inference.busy_threads,
        "threads": current_app.config["INFERENCE_THREADS"],
        "lost_threads": inference.lost_threads,
        "oldest_seconds": inference.oldest_seconds,
    }


def _database(state: str) -> DatabaseState:
    kind = db.engine.dialect.name
    expected = revisions.known()[0]
    try:
        with db.engine.connect() as connection:
            return DatabaseState(state, kind, revisions.current(connection), expected, _size(connection))
    except DATABASE_AWAY:
        return DatabaseState("unavailable", kind, None, expected, None)


def _size(connection: Connection) -> int | None:
    if connection.dialect.name == "postgresql":
        size = connection.scalar(select(func.pg_database_size(func.current_database())))
    else:
        size = connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    return None if size is None else int(size)
