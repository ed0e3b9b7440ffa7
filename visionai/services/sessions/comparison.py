"""Recorded sessions side by side, on one clock that begins at their start or at a marker that each of them has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from ...contract.sessions import ComparedSession, Comparison, Lane, Marker, Series
from ...database.sessions import browsing
from ...errors import N_, ValidationFailed
from ...models import RecordedSession
from . import markers
from .lanes import lanes_of
from .seconds import SECOND_MS, Clock
from .timeline import AUTO, series, step_seconds

FEWEST, MOST = 2, 8
"""How many sessions are compared at once."""

HOW_MANY = N_("Name 2 to 8 sessions, each of them once.")

START, MARKER = "start", "marker:"
"""What the clocks are set by: the start, or the first marker of the label that follows."""


def compare(sessions: Sequence[RecordedSession], align: str = START, step: str = AUTO) -> Comparison:
    """Return the series of several sessions; offsets are milliseconds from what they are aligned at, some below 0.

    Raises ValidationFailed for fewer than FEWEST, more than MOST or the same one twice, where a session lacks the
    marker, and where there would be too many points.
    """
    if not FEWEST <= len({one.session_id for one in sessions}) == len(sessions) <= MOST:
        raise ValidationFailed({"uid": [HOW_MANY]})
    with browsing() as session:
        lanes = [lanes_of(session, one) for one in sessions]
        step_ms = step_seconds(step, lanes) * SECOND_MS
        compared = [_aligned(session, *pair, align, step_ms) for pair in zip(sessions, lanes, strict=True)]
    return Comparison(align, step_ms // SECOND_MS, compared)


def _aligned(
    session: Session, recorded: RecordedSession, lanes: Sequence[Lane], align: str, step_ms: int
) -> ComparedSession:
    marked = markers.listed(session, recorded)
    zero_ms = _zero(marked, align)
    people: list[Series] = series(session, recorded, lanes, lanes, Clock(step_ms, zero_ms))
    return ComparedSession(
        uid=recorded.uid,
        title=recorded.title,
        participant=recorded.participant,
        started_at=recorded.started_at,
        zero_offset_ms=zero_ms,
        people=people,
        markers=[Marker(one.id, one.offset_ms - zero_ms, one.label) for one in marked],
        gaps=[[end - zero_ms for end in gap] for gap in recorded.gaps],
    )


def _zero(marked: Sequence[Marker], align: str) -> int:
    """Return the offset in a session that is the zero of the common clock; raises ValidationFailed."""
    if align == START:
        return 0
    label = align.removeprefix(MARKER).strip()
    first = next((one.offset_ms for one in marked if one.label == label), None)
    if first is None or not align.startswith(MARKER):
        raise ValidationFailed({"align": [N_("One of the sessions has no marker of that label.")]})
    return first
