"""Registry of which client of this process records into which session: at most one into each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from ... import concurrency
from .run import Run


class Holder(Protocol):
    """A client that records into a session."""

    def lose(self, run: Run, status: str) -> None:
        """Record into the session of `run` no longer, since it was `moved` to another connection or is `lost`."""


class Holders:
    """The clients of this process that record into sessions."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Holder, Run]] = {}
        self._guard = concurrency.Guard()

    def enter(self, holder: Holder, run: Run) -> None:
        """Let a client record into a session that nobody else here records into."""
        self.release(run.session_id)
        with self._guard:
            self._held[run.session_id] = holder, run

    def release(self, session_id: int) -> None:
        """Have whoever records into a session stop, since it moves to another connection."""
        with self._guard:
            before = self._held.pop(session_id, None)
        if before is not None:
            before[0].lose(before[1], "moved")

    def leave(self, holder: Holder, run: Run) -> None:
        """Let a client record into a session no longer, if it did."""
        with self._guard:
            if self._held.get(run.session_id, (None,))[0] is holder:
                del self._held[run.session_id]

    @property
    def tokens(self) -> Mapping[int, UUID]:
        """The names under which this process's clients hold sessions, by the sessions' ids."""
        with self._guard:
            return {session_id: run.holder for session_id, (_, run) in self._held.items()}

    def lose(self, session_ids: set[int]) -> None:
        """Tell the clients of sessions that these are theirs no longer."""
        with self._guard:
            lost = [self._held.pop(session_id) for session_id in session_ids if session_id in self._held]
        for holder, run in lost:
            holder.lose(run, "lost")
