"""Authentication of requests by bearer token, and the decorators that require it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, request

from ..addresses import reduced
from ..contract.bearer import bearer_token
from ..errors import Forbidden, InvalidToken, NotFound, TokenExpired
from ..services.accounts import tokens
from ..services.accounts.identity import IDENTITY, Identity
from ..services.analysis import Source
from ..services.audit import acting
from ..web.smorest import Blueprint

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
    """Return who asks, or None without an `Authorization` header; raises InvalidToken, TokenExpired."""
    if IDENTITY not in request.environ:
        token = bearer_token(request.headers.get("Authorization"))
        who = None if token is None else tokens.identify(token)
        if who is not None:
            acting.identify(who.user_id, who.username)
        request.environ[IDENTITY] = who
    return cast("Identity | None", request.environ[IDENTITY])


def current_identity() -> Identity:
    """Return who asks; raises InvalidToken without a token."""
    who = identity()
    if who is None:
        raise InvalidToken
    return who


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
    return cast(Route, Blueprint.raises(InvalidToken, TokenExpired, *also)(documented))
