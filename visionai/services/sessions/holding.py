"""Sessions as the connection holds them that records into them: begun or gone on with, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from ...contract.session_fields import SessionSource, SessionStatus
from ...database.sessions import reading, writing
from ...database.types import utc_now
from ...errors import SessionEnded
from ...models import RecordedSession, SessionPerson
from ..accounts.identity import Identity
from ..analysis import Place
from ..recording.recorder import recorder
from . import access, runs
from .summary import Summary, summary

PERSON_OF_PICTURES = 1
"""The number under which a session of calls has the faces of its pictures."""


@dataclass(frozen=True, slots=True)
class Held:
    """A session that a connection records into; `receipt` is what whoever has no account is told once."""

    session_id: int
    uid: UUID
    user_id: int | None
    status: str
    source: str
    title: str | None
    participant: str | None
    started_at: datetime
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The highest number of a person, and the latest offset in milliseconds, that are recorded; 0 for none."""

    last_person: int = 0
    last_offset_ms: int = 0


def begin(
    identity: Identity | None,
    holder: UUID,
    *,
    title: str | None,
    participant: str | None,
    notes: str | None,
    source: str,
) -> Held:
    """Begin a session that the connection `holder` records into; raises TooManySessions, InvalidToken."""
    started = runs.start(
        identity, title=title, participant=participant, notes=notes, source=SessionSource(source), holder=holder
    )
    return _held(started.session, started.receipt)


def go_on(uid: UUID, identity: Identity | None, receipt: str | None, holder: UUID) -> Held:
    """Let the connection `holder` go on with a session, and no other; raises NotFound, SessionEnded."""
    return _held(runs.resume(access.find(uid, identity, receipt), holder))


def end(session_id: int) -> Summary:
    """End a session, if nobody did before, and sum it up, rows included that wait in this process; raises NotFound."""
    recorder.flush()
    return summary(runs.end(session_id))


def place_now(uid: UUID, identity: Identity | None, receipt: str | None, offset_ms: int | None = None) -> Place:
    """Return the place of a picture in a session, and note that its client is there; raises NotFound, SessionEnded.

    Nobody is followed from one picture to the next, so that all of them are of the first person. Without an `offset_ms`
    it is now.
    """
    found, now = access.find(uid, identity, receipt), utc_now()
    touched = (
        update(RecordedSession)
        .where(RecordedSession.session_id == found.session_id, RecordedSession.status == SessionStatus.OPEN.value)
        .values(seen_at=now)
    )
    with writing() as session:
        if session.connection().execute(touched).rowcount == 0:
            raise SessionEnded
    offset = runs.elapsed(found, now) if offset_ms is None else offset_ms
    return Place(found.session_id, PERSON_OF_PICTURES, max(0, offset))


def progress(session_id: int) -> Progress:
    """Return how far a session has come, rows included that still wait in this process."""
    recorder.flush()
    people = SessionPerson
    last = select(func.max(people.person), func.max(people.last_offset_ms)).where(people.session_id == session_id)
    with reading() as session:
        person, offset_ms = session.execute(last).one()
    return Progress(person or 0, offset_ms or 0)


def _held(session: RecordedSession, receipt: str | None = None) -> Held:
    return Held(
        session.session_id,
        session.uid,
        session.user_id,
        session.status,
        session.source,
        session.title,
        session.participant,
        session.started_at,
        receipt,
    )
