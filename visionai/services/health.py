"""Health checks of every part, none of which can make the answer wait long."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from .. import __version__
from ..database import usability
from ..database.availability import DATABASE_AWAY
from ..extensions import db, inference
from . import presence
from .recording.recorder import recorder

SERVICE = "VisionAI Backend"
STUCK_SECONDS = 30.0
"""The age of the oldest image beyond which a process does not do its work."""

_SCHEMA_SEEN = "schema_seen"


@dataclass(frozen=True, slots=True)
class Health:
    """The state of every part.

    `status` is "healthy", or "degraded" where a part does not do its work; `model` is a status of the inference,
    `database` "ok" or "unavailable", `recorder` "ok" or "degraded".
    """

    status: str
    service: str
    version: str
    model: str
    database: str
    recorder: str
    clients_connected: int


def report() -> Health:
    """Ask every part how it is."""
    database = database_state()
    well = database == "ok" and recorder.state == "ok" and inference.status != "failed"
    return Health(
        status="healthy" if well else "degraded",
        service=SERVICE,
        version=__version__,
        model=inference.status,
        database=database,
        recorder=recorder.state,
        clients_connected=presence.count(),
    )


def database_state() -> str:
    """Return "ok" where the database can be read and written and has our tables, "unavailable" else."""
    try:
        with db.engine.connect() as connection:
            if not current_app.extensions.get(_SCHEMA_SEEN):
                usability.check_schema(connection)
                # Once right it stays right while this process runs, and naming every table waits for locks on any.
                current_app.extensions[_SCHEMA_SEEN] = True
            usability.check_access(connection)
    except DATABASE_AWAY:
        return "unavailable"
    return "ok"
