"""Stream commands of recorded sessions: start one or go on with it, mark a moment, end it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma

from ... import concurrency
from ...contract.schemas.session_commands import MarkSchema, SessionStartSchema
from ...contract.schemas.sessions import SessionSchema
from ...contract.sessions import marker_body
from ...errors import NoSession, RateLimited, ValidationFailed
from ...services.recording.recorder import recorder
from ...services.sessions import holding, markers
from ...services.sessions.summary import Summary
from .run import Run
from .shared import Caller

STARTS_PER_MINUTE = 10
"""How many sessions a connection may begin or take up in a minute."""

FRAMES_SECONDS = 5.0
"""How long the end of a session waits for frames that are still being read."""

Answer = tuple[str, dict[str, Any]]

_START, _MARKER, _SESSION = SessionStartSchema(), MarkSchema(), SessionSchema()


def start(caller: Caller, payload: Any) -> Answer:
    """Begin a session, or go on with the one that the payload names; one that the client has ends with it.

    Raises ValidationFailed, RateLimited, InvalidToken, and for a session to go on with NotFound and SessionEnded.
    """
    asked = _fields(_START, payload)
    if not caller.session_starts.allows(time.monotonic()):
        raise RateLimited(retry_after=60)
    if asked["session"] is not None:
        return _go_on(caller, payload, asked["session"], asked["receipt"])
    _end_present(caller)
    holder = Run.new_holder()
    texts = {name: asked[name] for name in ("title", "participant", "notes", "source")}
    held = holding.begin(caller.who(payload), holder, **texts)
    _hold(caller, held, holder, holding.Progress())
    return "session", _body(held, resumed=False)


def end(caller: Caller, _: Any) -> Answer:
    """End the session, once its last frames are written, and sum it up; raises NoSession."""
    ended = _end(caller, _run_of(caller))
    return "session", {"type": "session", **_SESSION.dump(ended)}


def mark(caller: Caller, payload: Any) -> Answer:
    """Mark a moment of the session, by default the present one; raises NoSession, ValidationFailed."""
    run = _run_of(caller)
    asked = _fields(_MARKER, payload)
    present_ms = run.present_ms(time.monotonic())
    offset_ms = present_ms if asked["offset_ms"] is None else asked["offset_ms"]
    # The moment may lie in a reading that is still open, and with it after the end of what is recorded.
    caller.hold(run)
    recorder.flush()
    marker = markers.add(run.session_id, asked["label"], offset_ms=offset_ms, present_ms=present_ms)
    return "marker", {"type": "marker", "status": "success", **marker_body(marker)}


def _go_on(caller: Caller, payload: Any, uid: UUID, receipt: str | None) -> Answer:
    """Record into a session of before; whoever else does so here stops first."""
    holder = Run.new_holder()
    held = holding.go_on(uid, caller.who(payload), receipt, holder)
    if caller.run is not None and caller.run.session_id != held.session_id:
        _end_present(caller)
    caller.shared.holders.release(held.session_id)
    _hold(caller, held, holder, holding.progress(held.session_id))
    return "session", _body(held, resumed=True)


def _hold(caller: Caller, held: holding.Held, holder: UUID, progress: holding.Progress) -> None:
    run = Run.of(held, holder, progress)
    caller.hold(run)
    caller.shared.holders.enter(caller, run)


def _end_present(caller: Caller) -> None:
    if caller.run is not None:
        _end(caller, caller.run)


def _end(caller: Caller, run: Run) -> Summary:
    """End the session of a client; where that fails the client still has it."""
    deadline = time.monotonic() + FRAMES_SECONDS
    while caller.is_waiting and time.monotonic() < deadline:
        concurrency.sleep(0.01)
    caller.hold(run)  # Writes what is open of it.
    ended = holding.end(run.session_id)
    caller.hold(None)
    caller.shared.holders.leave(caller, run)
    return ended


def _run_of(caller: Caller) -> Run:
    if caller.run is None:
        raise NoSession
    return caller.run


def _fields(schema: ma.Schema, payload: Any) -> dict[str, Any]:
    """Return the fields of a payload; none at all is as good as an empty one. Raises ValidationFailed."""
    try:
        loaded: dict[str, Any] = schema.load(payload if isinstance(payload, Mapping) else {})
    except ma.ValidationError as error:
        raise ValidationFailed(dict(error.messages_dict)) from error
    return loaded


def _body(held: holding.Held, *, resumed: bool) -> dict[str, Any]:
    body = {
        "type": "session",
        "status": held.status,
        "uid": str(held.uid),
        "started_at": held.started_at.isoformat(timespec="microseconds"),
        "title": held.title,
        "participant": held.participant,
        "source": held.source,
        "resumed": resumed,
    }
    return body if held.receipt is None else {**body, "receipt": held.receipt}
