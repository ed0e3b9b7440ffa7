"""Markers of a recorded session: moments that somebody named."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...contract.session_fields import SessionSource
from ...contract.sessions import Marker
from ...database.sessions import writing
from ...database.types import utc_now
from ...errors import N_, NotFound, ValidationFailed
from ...models import RecordedSession, SessionMarker, SessionPerson
from .runs import elapsed, locked

MOST_MARKERS = 1000
"""The most markers of a session."""

_LARGEST_ID = 2**63 - 1


def add(
    session_id: int, label: str, *, offset_ms: int | None = None, at: datetime | None = None, present_ms: int = 0
) -> Marker:
    """Name a moment of a session, by its offset, by the instant `at` or, without either, the present one.

    `present_ms` is the present by the clock of the connection that records into it, which goes on where the machine's
    was set back.

    Raises ValidationFailed for a moment before the start or after the end, for an instant of a video, whose own time
    nobody lived through, and where there are MOST_MARKERS; NotFound where the session is gone.
    """
    with writing() as session:
        found = locked(session, session_id)
        offset = _offset(found, offset_ms, at)
        if not 0 <= offset <= max(_end(session, found), present_ms):
            field = "offset_ms" if at is None else "at"
            raise ValidationFailed({field: [N_("This moment is before the start of the session or after its end.")]})
        of_session = SessionMarker.session_id == found.session_id
        if session.scalar(select(func.count()).where(of_session)) == MOST_MARKERS:
            raise ValidationFailed({"label": [N_("A session has at most 1,000 markers. Delete some first.")]})
        marker = SessionMarker(session_id=found.session_id, offset_ms=offset, label=label)
        session.add(marker)
        session.flush()
    return Marker(marker.marker_id, offset, label)


def remove(recorded: RecordedSession, marker_id: int) -> None:
    """Delete a marker of a session; raises NotFound where it has none of that id."""
    if not 0 < marker_id <= _LARGEST_ID:
        raise NotFound
    marked = delete(SessionMarker).where(
        SessionMarker.marker_id == marker_id, SessionMarker.session_id == recorded.session_id
    )
    with writing() as session:
        if session.connection().execute(marked).rowcount == 0:
            raise NotFound


def listed(session: Session, recorded: RecordedSession) -> list[Marker]:
    """Return the markers of a session in the order of their moments."""
    marker = SessionMarker
    of_session = select(marker.marker_id, marker.offset_ms, marker.label).where(
        marker.session_id == recorded.session_id
    )
    return [Marker(*row) for row in session.execute(of_session.order_by(marker.offset_ms, marker.marker_id))]


def _offset(found: RecordedSession, offset_ms: int | None, at: datetime | None) -> int:
    if offset_ms is not None:
        return offset_ms
    if at is not None and found.source == SessionSource.VIDEO:
        raise ValidationFailed({"at": [N_("A video has a time of its own. Give “offset_ms”.")]})
    return max(0, elapsed(found, utc_now())) if at is None else elapsed(found, at)


def _end(session: Session, found: RecordedSession) -> int:
    """Return the last offset of a session: of its end or the present, or later where somebody was seen after that."""
    seen = select(func.max(SessionPerson.last_offset_ms)).where(SessionPerson.session_id == found.session_id)
    return max(elapsed(found, found.ended_at or utc_now()), session.scalar(seen) or 0)
