"""The start of a server process in the audit log, with the settings that are not the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ... import __version__
from ...database.types import utc_now
from ...models import AuditAction
from . import trail
from .trail import Fact


class StartNote:
    """One row by start of a process, written as soon as the database takes it."""

    def __init__(self, settings: Mapping[str, Fact]) -> None:
        self._settings = dict(settings)
        self._started_at = utc_now()
        self._written = False

    def write(self) -> None:
        """Write the row, unless that was done."""
        if self._written:
            return
        started = self._started_at.isoformat(timespec="seconds")
        process: dict[str, Fact] = {"version": __version__, "process": os.getpid(), "started_at": started}
        trail.note(AuditAction.SETTINGS_START, details={**process, **self._settings})
        self._written = True
