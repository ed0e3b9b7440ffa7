"""Access to recorded sessions over REST: receipts, the session an address names, and how often one may be started."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import current_app, request

from ..addresses import network_of
from ..errors import NotFound
from ..extensions import limiter
from ..models.sessions import RecordedSession as RecordedSession
from ..services.sessions import access
from ..web.smorest import RECEIPT_HEADER
from .security import guarded, identity

Route = TypeVar("Route", bound=Callable[..., Any])

MOST_RECEIPTS = 8
"""How many receipts of a header are read: as many as sessions are compared at once."""

_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {"receipt": []}]
ANYBODY_OR_RECEIPT: list[dict[str, list[str]]] = [{}, *_SECURITY]
"""Calls that need nothing, but a token or a receipt where they name a session."""


def with_receipt(route: Route) -> Route:
    """Let requests with a token, a receipt or neither reach `route`; a token that is not valid is refused."""
    return guarded(route, identity, _SECURITY)


def of_session(route: Route) -> Route:
    """Hand `route` the session that its address names, as `recorded`; NotFound for callers who may not see it."""

    @wraps(route)
    def handed(*args: Any, uid: UUID, **kwargs: Any) -> Any:
        return current_app.ensure_sync(route)(*args, recorded=shown(uid), **kwargs)

    return guarded(cast(Route, handed), identity, _SECURITY, NotFound)


def shown(uid: UUID) -> RecordedSession:
    """Return the session of that uid; raises NotFound for a caller who is not its owner, shows no receipt of it."""
    return access.find_with_any(uid, identity(), _receipts())


def limited(route: Route) -> Route:
    """Hold starts of sessions to SESSIONS_PER_MINUTE, by network and user; 0 is any number."""
    limit = limiter.limit(
        lambda: f"{current_app.config['SESSIONS_PER_MINUTE']}/minute",
        key_func=_caller,
        exempt_when=lambda: current_app.config["SESSIONS_PER_MINUTE"] == 0,
        override_defaults=False,
    )
    return cast(Route, limit(route))


def _receipts() -> list[str]:
    """Return the receipts of the header, which takes several, separated by commas. None is read from anywhere else."""
    texts = request.headers.get(RECEIPT_HEADER, "").split(",", MOST_RECEIPTS)[:MOST_RECEIPTS]
    return [text.strip() for text in texts if text.strip()]


def _caller() -> str:
    who = identity()
    return f"{network_of(request.remote_addr)} {who.user_id if who else ''}"
