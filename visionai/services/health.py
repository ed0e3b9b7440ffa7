"""Health checks of every part, and what a process must be to be sent requests."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from .. import __version__, concurrency
from ..database import revisions, usability
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import Busy, DatabaseUnavailable, DiskFull, ModelLoading, ModelUnavailable
from ..extensions import db, inference
from . import presence
from .recording.recorder import recorder

SERVICE = "VisionAI Backend"
STUCK_SECONDS = 30.0
"""The age of the oldest image beyond which a process does not do its work."""

_REVISION_SEEN = "schema_revision"


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


def require_ready() -> str:
    """Return the revision of the schema where requests are welcome; begins to load the weights.

    Raises Busy once the process was told to stop, ModelUnavailable until the weights are loaded, DatabaseUnavailable
    where the schema is not the code's or was never seen, DiskFull where rows could not wait for the database. That it
    is away for a moment is no reason: images are read all the same.
    """
    if concurrency.draining():
        raise Busy
    inference.load()
    if inference.status == "failed":
        raise ModelUnavailable
    if inference.status != "loaded":
        raise ModelLoading
    revision = require_schema()
    if not recorder.has_disk_room:
        raise DiskFull
    return revision


def require_schema() -> str:
    """Return the revision of the schema, which is looked at until it is right, and then never again.

    Raises DatabaseOutdated or DatabaseTooNew where it is another one than the code can serve, DatabaseUnavailable where
    it cannot be seen, or lacks a table or column.
    """
    seen: str | None = current_app.extensions.get(_REVISION_SEEN)
    if seen is not None:
        return seen
    try:
        with db.engine.connect() as connection:
            seen = revisions.require(connection)
            usability.check_schema(connection)
    except DATABASE_AWAY as error:
        raise unavailable(error) from error
    current_app.extensions[_REVISION_SEEN] = seen
    return seen


def database_state() -> str:
    """Return "ok" where the database can be read and written and its schema is the code's, "unavailable" else."""
    try:
        require_schema()
        with db.engine.connect() as connection:
            usability.check_access(connection)
    except DatabaseUnavailable:
        return "unavailable"
    except DATABASE_AWAY:
        return "unavailable"
    return "ok"
