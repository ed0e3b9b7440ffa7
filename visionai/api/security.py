"""Authentication of requests by bearer token (of a login, or a key), and the decorators that require it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import current_app, request

from ..addresses import reduced
from ..contract import scopes
from ..contract.bearer import bearer_token
from ..errors import Forbidden, InvalidToken, LoginNeeded, NotFound, QuotaExceeded, TokenExpired, VisionAIError
from ..services.accounts.identity import IDENTITY, Identity
from ..services.analysis import Source
from ..services.audit import acting
from ..services.keys import callers
from ..services.keys.meter import key_meter
from ..web.smorest import Blueprint
from . import budgets

Route = TypeVar("Route", bound=Callable[..., Any])

_BEARER: list[dict[str, list[str]]] = [{"bearer": []}]


def signed_in(route: Route) -> Route:
    """Let only requests with a valid access token reach `route`."""
    return guarded(route, current_identity, _BEARER)


def signed_in_if_told(route: Route) -> Route:
    """Let requests without a token reach `route`, and those with a valid one; one that is not valid is refused."""
    return guarded(route, identity, [{}, *_BEARER])


def administrator(route: Route) -> Route:
    """Let only administrators reach `route`."""
    return guarded(route, _require_administrator, _BEARER, Forbidden)


def hidden_administrator(route: Route) -> Route:
    """Let only administrators reach `route`; for other users there is nothing at its address."""
    return guarded(route, _require_hidden_administrator, _BEARER, NotFound)


def dashboard_reader(route: Route) -> Route:
    """Let everybody reach `route`, or, with DASHBOARD_PUBLIC=false, only those with a valid token."""
    return guarded(route, _require_dashboard_reader, [{}, *_BEARER])


def identity() -> Identity | None:
    """Return who asks, or None without an `Authorization` header.

    A key is counted, and held to its scopes. Raises InvalidToken, TokenExpired, Forbidden, RateLimited, QuotaExceeded.
    """
    if IDENTITY not in request.environ:
        request.environ[IDENTITY] = _identified()
    known = request.environ[IDENTITY]
    if isinstance(known, VisionAIError):
        raise known
    return cast("Identity | None", known)


def _identified() -> Identity | VisionAIError | None:
    """Return who asks, or why they may not, so that a request is looked at and counted once however often it is asked.

    A database that is away is raised, as it says nothing of the caller.
    """
    try:
        token = bearer_token(request.headers.get("Authorization"))
        who = None if token is None else callers.identify(token)
        if who is not None:
            acting.identify(who.user_id, who.username)
            _admit(who)
    except VisionAIError as error:
        return error
    return who


def _admit(who: Identity) -> None:
    """Count a call with a key and hold it to what it may do; raises Forbidden, RateLimited, QuotaExceeded."""
    if who.key is not None:
        charge(who)
        endpoint = request.endpoint or ""
        callers.check(who, endpoint, scopes.of_operation(endpoint))


def uses(scope: scopes.Scope) -> None:
    """Let a request go on that takes one more scope than its operation; raises OutOfScope for a key without it."""
    who = identity()
    if who is not None:
        callers.check(who, request.endpoint or "", scope)


def charge(who: Identity | None, calls: int = 1) -> None:
    """Count calls where `who` shows a key that has limits; raises RateLimited, QuotaExceeded."""
    if who is None or who.key is None or not calls:
        return
    made = key_meter.charge(who.key, calls)
    if made.budget is not None:
        budgets.show(made.budget)
    made.check()


def current_identity() -> Identity:
    """Return who asks; raises InvalidToken without a token."""
    who = identity()
    if who is None:
        raise InvalidToken
    return who


def current_login() -> UUID:
    """Return the login of who asks; raises InvalidToken without a token, LoginNeeded with a key."""
    session_id = current_identity().session_id
    if session_id is None:
        raise LoginNeeded
    return session_id


def is_administrator() -> bool:
    """Tell whether an administrator asks."""
    who = identity()
    return who is not None and who.role == "admin"


def source() -> Source:
    """Return where the current request comes from, its address as far as `SOURCE_IP` lets it be kept."""
    return Source.of(identity(), reduced(request.remote_addr, current_app.config["SOURCE_IP"]))


def _require_administrator() -> None:
    current_identity()
    if not is_administrator():
        raise Forbidden


def _require_hidden_administrator() -> None:
    current_identity()
    if not is_administrator():
        raise NotFound


def _require_dashboard_reader() -> None:
    if identity() is None and not current_app.config["DASHBOARD_PUBLIC"]:
        raise InvalidToken


def guarded(route: Route, check: Callable[[], Any], security: list[Any], *also: Any) -> Route:
    """Let only requests that `check` lets pass reach `route`; `security` and the errors `also` are documented."""

    @wraps(route)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check()
        return current_app.ensure_sync(route)(*args, **kwargs)

    # `wraps` shares the documentation of the inner route; it must not be changed for both.
    checked._apidoc = deepcopy(getattr(route, "_apidoc", {}))  # type: ignore[attr-defined]
    documented = Blueprint.doc(security=security)(checked)
    return cast(Route, Blueprint.raises(InvalidToken, TokenExpired, Forbidden, QuotaExceeded, *also)(documented))
