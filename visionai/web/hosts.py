"""Host header check against DNS rebinding: which names the server answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from ..errors import N_, Forbidden
from .failures import answer

LOOPBACK = "localhost"
ANY = "*"


class UnknownHost(Forbidden):
    """The request is for a name that is not this server's."""

    message = N_("This server does not answer to that name. The operator can add it to ALLOWED_HOSTS.")


def init_app(app: Flask) -> None:
    """Refuse requests for other names than those of ALLOWED_HOSTS, before any part of `app` sees them."""
    names = {name.lower() for name in app.config["ALLOWED_HOSTS"]}
    inner: Any = app.wsgi_app
    if ANY in names:
        return

    def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST")
        if host is None or is_allowed(host, names):  # No browser leaves it out.
            answered: Iterable[bytes] = inner(environ, start_response)
            return answered
        with app.request_context(environ):
            response = app.process_response(answer(UnknownHost()))
            refused: Iterable[bytes] = response(environ, start_response)
            return refused

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def is_allowed(host: str, names: Collection[str]) -> bool:
    """Tell whether a `Host` header is one of `names`, which are lower case, or an address.

    Nobody can have an address point elsewhere, so that it always passes: orchestrators probe by address.
    """
    name = name_of(host)
    return name in names or is_address(name)


def is_address(name: str) -> bool:
    """Tell whether a name without port and brackets is an address and no name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def name_of(host: str) -> str:
    """Return the name of a `Host` header in lower case, without port, brackets and final dot; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return name.removesuffix(".") if parts.netloc == host and "@" not in host else ""
