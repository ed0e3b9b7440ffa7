"""The life of a recorded session: started, resumed by a client that came back, ended, or lost with its client."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Integer,
    Uuid,
    column,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlalchemy.orm import Session

from ...contract.session_fields import SessionSource, SessionStatus
from ...database.sessions import reading, unhurried, writing
from ...database.types import utc_now
from ...errors import InvalidToken, NotFound, SessionEnded, TooManySessions
from ...models import RecordedSession, SessionMarker, SessionPerson, User
from ..accounts.identity import Identity
from ..webhooks import outbox

MOST_OPEN = 100
"""The most sessions of one account that are open at once."""

KEEP_ALIVE_SECONDS = 10
"""How often a process says which clients are there."""

PATIENCE = timedelta(seconds=60 + KEEP_ALIVE_SECONDS)
API_PATIENCE = timedelta(hours=24)
"""How long a session stays open without its client: of a stream, and of calls that belong together."""

EMPTY_STAYS = timedelta(days=1)
MOST_GAPS = 1000
"""The most gaps that a session keeps, the latest."""

SHORTEST_GAP = timedelta(seconds=1)
"""A client that was away for no longer than this left no gap."""

# Written into the statement, not bound: SQLite uses a partial index only where it can read the condition.
IS_OPEN = RecordedSession.status == literal(SessionStatus.OPEN.value, literal_execute=True)


@dataclass(frozen=True, slots=True)
class Started:
    """A session that has begun, and the receipt of who has no account: it is not kept and cannot be shown again."""

    session: RecordedSession
    receipt: str | None


def start(
    identity: Identity | None,
    *,
    title: str | None = None,
    participant: str | None = None,
    notes: str | None = None,
    source: SessionSource = SessionSource.CAMERA,
    holder: UUID | None = None,
) -> Started:
    """Begin a session, of an account or of whoever holds its receipt.

    `holder` names the connection that records into it. Raises TooManySessions where the account has MOST_OPEN of them
    open, and InvalidToken where the account is being deleted.
    """
    receipt = None if identity else secrets.token_urlsafe(32)
    begun = RecordedSession(
        uid=uuid4(),
        title=title,
        participant=participant,
        notes=notes,
        source=source.value,
        status=SessionStatus.OPEN.value,
        started_at=utc_now(),
        gaps=[],
        holder=holder,
        receipt_sha256=receipt and digest(receipt),
    )
    begun.seen_at = begun.started_at
    with writing() as session:
        if identity is not None:
            begun.user_id = _account_with_room(session, identity.user_id)
        session.add(begun)
        session.flush()
        session.refresh(begun)
    return Started(begun, receipt)


def digest(receipt: str) -> str:
    """Return what is kept of a receipt: its SHA-256 in hexadecimal. It is 256 random bits and needs no salt."""
    return hashlib.sha256(receipt.encode(errors="replace")).hexdigest()


def resume(session: RecordedSession, holder: UUID) -> RecordedSession:
    """Hand an open session to the connection `holder` and note the gap that its client left, if any.

    A video has a time of its own, which goes on where it stopped, and no gaps.

    Raises SessionEnded where it is not open any more or its client was away for too long, NotFound where it is gone.
    """
    with writing() as changes:
        found = locked(changes, session.session_id)
        now = utc_now()
        if found.status != SessionStatus.OPEN or now - found.seen_at > patience_of(found.source):
            raise SessionEnded
        if now - found.seen_at > SHORTEST_GAP and found.source != SessionSource.VIDEO:
            found.gaps = [*found.gaps, [_last_sign_of_life(changes, found), elapsed(found, now)]][-MOST_GAPS:]
        found.holder, found.seen_at = holder, now
    return found


def end(session_id: int) -> RecordedSession:
    """End an open session now and return it; one that ended or was lost stays as it is. Raises NotFound."""
    with writing() as session:
        found = locked(session, session_id)
        if found.status == SessionStatus.OPEN:
            found.status, found.ended_at = SessionStatus.ENDED.value, max(utc_now(), found.started_at)
            outbox.session_ended(session.connection(), found)
    return found


def keep_alive(held: Mapping[int, UUID]) -> set[int]:
    """Note that the connections `held` names (session id to holder) are there; return the sessions still theirs.

    A session is no longer theirs once it ended, was deleted, or was resumed over another connection. One that was given
    up for lost, since nobody could be told of its client while the database was away, is open again.
    """
    if not held:
        return set()
    pairs = values(column("session_id", Integer), column("holder", Uuid), name="held").data([*held.items()]).cte()
    # In one order, so that those who change several sessions at once wait for each other and never in a circle.
    theirs = (
        select(RecordedSession.session_id)
        .join(pairs, RecordedSession.session_id == pairs.c.session_id)
        .where(RecordedSession.holder == pairs.c.holder, RecordedSession.status != SessionStatus.ENDED.value)
        .order_by(RecordedSession.session_id)
        .with_for_update(of=RecordedSession, key_share=True)
        .cte("theirs")
    )
    kept = (
        update(RecordedSession)
        .where(RecordedSession.session_id == theirs.c.session_id)
        .values(seen_at=utc_now(), status=SessionStatus.OPEN.value, ended_at=None)
        .returning(RecordedSession.session_id)
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        return set(session.scalars(kept))


def sweep() -> int:
    """Mark open sessions whose client is gone for too long as lost, and return how many those were."""
    now = utc_now()
    with reading() as session:
        if not session.scalar(select(exists().where(_abandoned(now)))):
            return 0
    lost = (
        update(RecordedSession)
        .where(_abandoned(now))
        .values(status=SessionStatus.LOST.value, ended_at=RecordedSession.seen_at)
        .returning(RecordedSession)
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        found = session.scalars(lost).all()
        for recorded in found:
            outbox.session_ended(session.connection(), recorded)
        return len(found)


def forget_empty() -> int:
    """Delete lost sessions in which nobody was seen and nothing was marked, and return how many those were.

    A day after their end: until then rows of theirs may wait on the disk of some process.
    """
    recorded = RecordedSession
    marked = exists().where(SessionMarker.session_id == recorded.session_id)
    empty = (
        delete(recorded)
        .where(recorded.status == SessionStatus.LOST.value, recorded.seconds == 0, ~marked)
        .where(recorded.ended_at < utc_now() - EMPTY_STAYS)
    )
    with writing() as session:
        unhurried(session.connection())
        return session.connection().execute(empty).rowcount


def locked(session: Session, session_id: int) -> RecordedSession:
    """Return a session as it is now, which nobody else changes until the transaction ends; raises NotFound."""
    found = session.get(RecordedSession, session_id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def patience_of(source: str) -> timedelta:
    """Return how long a session of that source stays open without its client."""
    return API_PATIENCE if source == SessionSource.API else PATIENCE


def elapsed(session: RecordedSession, moment: datetime) -> int:
    """Return the milliseconds from the start of a session to `moment`."""
    return milliseconds(moment - session.started_at)


def milliseconds(duration: timedelta) -> int:
    """Return a duration in whole milliseconds, rounded down."""
    return duration // timedelta(milliseconds=1)


def _account_with_room(session: Session, user_id: int) -> int:
    """Return the id of an account that may have one more session, which nobody else can start meanwhile."""
    # FOR NO KEY UPDATE: rows that refer to the account may still be written.
    account = session.get(User, user_id, with_for_update={"key_share": True})
    if account is None or account.deletion_requested_at is not None:
        raise InvalidToken
    some = select(RecordedSession.session_id).where(RecordedSession.user_id == user_id, IS_OPEN).limit(MOST_OPEN)
    if session.scalar(select(func.count()).select_from(some.subquery())) == MOST_OPEN:
        raise TooManySessions(limit=MOST_OPEN)
    return user_id


def _last_sign_of_life(changes: Session, found: RecordedSession) -> int:
    """Return the offset at which the client was there last: when it said so, or the end of its last reading."""
    last = select(func.max(SessionPerson.last_offset_ms)).where(SessionPerson.session_id == found.session_id)
    read = changes.scalar(last)
    read_until = 0 if read is None else min(read + 1000, elapsed(found, utc_now()))
    return max(elapsed(found, found.seen_at), read_until)


def _abandoned(now: datetime) -> ColumnElement[bool]:
    source, seen_at = RecordedSession.source, RecordedSession.seen_at
    of_streams = source.in_([one.value for one in SessionSource if one is not SessionSource.API])
    return IS_OPEN & or_(
        of_streams & (seen_at < now - PATIENCE), (source == SessionSource.API.value) & (seen_at < now - API_PATIENCE)
    )
