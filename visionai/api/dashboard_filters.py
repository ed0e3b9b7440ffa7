"""The filters of a dashboard call: whose readings may be asked for, and which session, version and source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from ..errors import Forbidden, NotFound
from ..services.accounts import accounts
from ..services.statistics.filters import Filters
from .security import current_identity, is_administrator
from .session_access import shown

_MINUTE = timedelta(minutes=1)


def filters_of(query: dict[str, Any]) -> Filters:
    """Return the filters of a query.

    Raises InvalidToken where a user is asked for without a token, Forbidden where it is another than the caller, who is
    no administrator, NotFound for users there are not and for sessions that the caller may not see.
    """
    filters = Filters(
        user_id=_user_id(query.get("user")),
        emotion=query.get("emotion"),
        since=query.get("since"),
        until=query.get("until"),
        version=query.get("version"),
        source=query.get("source"),
        by_minute=query.get("round") == "minute",
    )
    return _of_session(filters, query["session"]) if "session" in query else filters


def named_user(username: str) -> Any:
    """Return the user of that name, for that user or an administrator; raises Forbidden, NotFound."""
    if not is_administrator() and username.lower() != current_identity().username.lower():
        raise Forbidden
    account = accounts.user_named(username) if username.isprintable() else None
    if account is None:
        raise NotFound
    return account


def _user_id(user: str | None) -> int | None:
    if not user:
        return None
    me = current_identity()
    return me.user_id if user == "me" else named_user(user).user_id


def _of_session(filters: Filters, uid: UUID) -> Filters:
    """Return filters of a session; an end of the period that is not asked for is the session's own."""
    recorded = shown(uid)
    ended = recorded.ended_at and recorded.ended_at.replace(second=0, microsecond=0) + _MINUTE
    return replace(
        filters,
        session_id=recorded.session_id,
        since=filters.since or recorded.started_at,
        until=filters.until or ended,
        by_minute=True,
    )
