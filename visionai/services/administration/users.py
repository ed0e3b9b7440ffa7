"""Users as administrators see and change them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from ...database.sessions import browsing
from ...database.types import UtcDateTime
from ...models import AuditAction, AuditEntry, PredictionTotal, RecordedSession, User
from ...models import Role as Role
from ..accounts import accounts
from ..log.cursors import cursor_of, place_of

_PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user in the list; `last_seen` is their last sign-in or reading, null where neither is known."""

    user_id: int
    username: str
    role: str
    is_active: bool
    created_at: datetime
    last_seen: datetime | None
    predictions: int
    sessions: int


@dataclass(frozen=True, slots=True)
class UsersPage:
    """Some users, the newest first, and where the next page begins, if there is one."""

    users: list[ListedUser]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A user and the password made for them, which is known this once."""

    user: User
    password: str


def users_page(text: str | None, limit: int, cursor: str | None) -> UsersPage:
    """Return at most `limit` users whose name holds a text, newest first; raises ValidationFailed for the cursor."""
    query = select(User).where(User.deletion_requested_at.is_(None))
    if text is not None:
        query = query.where(User.username.icontains(text, autoescape=True))
    if cursor is not None:
        query = query.where(tuple_(User.created_at, User.user_id) < tuple_(*place_of(cursor)))
    with browsing() as session:
        newest = query.order_by(User.created_at.desc(), User.user_id.desc())
        found = session.scalars(newest.limit(limit + 1)).all()
        shown = found[:limit]
        listed = _with_counts(session, shown)
    more = cursor_of(shown[-1].created_at, shown[-1].user_id) if len(found) > limit else None
    return UsersPage(listed, more)


def user(user_id: int) -> ListedUser:
    """Return a user as the list has them; raises NotFound."""
    account = accounts.user(user_id)
    with browsing() as session:
        return _with_counts(session, [account])[0]


def create(username: str, role: Role) -> Issued:
    """Make an account with a password of ours; raises ValidationFailed and UsernameTaken."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    return Issued(accounts.create_user(username, password, role), password)


def change(user_id: int, role: Role | None, is_active: bool | None) -> None:
    """Give a user a role, let them sign in or not; what is None stays. Raises NotFound and LastAdministrator."""
    name = accounts.user(user_id).username
    if role is not None:
        accounts.set_role(name, role)
    if is_active is not None:
        (accounts.activate if is_active else accounts.deactivate)(name)


def reset_password(user_id: int) -> Issued:
    """Give a user a password of ours in the place of theirs, and end their logins; raises NotFound."""
    account, password = accounts.user(user_id), secrets.token_urlsafe(_PASSWORD_BYTES)
    accounts.reset_password(account.username, password)
    return Issued(account, password)


def _with_counts(session: Session, users: Sequence[User]) -> list[ListedUser]:
    ids = [one.user_id for one in users]
    total, login = PredictionTotal, AuditEntry
    last = func.max(total.last_timestamp, type_=UtcDateTime)
    of_readings = (
        select(total.user_id, func.sum(total.count), last).where(total.user_id.in_(ids)).group_by(total.user_id)
    )
    readings = {user_id: (int(count), seen) for user_id, count, seen in session.execute(of_readings)}
    of_sessions = select(RecordedSession.user_id, func.count()).where(RecordedSession.user_id.in_(ids))
    sessions = _by_user(session, of_sessions.group_by(RecordedSession.user_id))
    theirs = (login.actor_id.in_(ids), login.action == AuditAction.LOGIN)
    of_logins = select(login.actor_id, func.max(login.timestamp, type_=UtcDateTime)).where(*theirs)
    logins = _by_user(session, of_logins.group_by(login.actor_id))
    return [
        ListedUser(
            one.user_id,
            one.username,
            one.role,
            one.is_active,
            one.created_at,
            max(filter(None, (logins.get(one.user_id), readings.get(one.user_id, (0, None))[1])), default=None),
            readings.get(one.user_id, (0, None))[0],
            sessions.get(one.user_id, 0),
        )
        for one in users
    ]


def _by_user(session: Session, query: Any) -> dict[int, Any]:
    return dict(session.execute(query).all())
