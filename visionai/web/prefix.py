"""Path prefix (`X-Forwarded-Prefix`, `SCRIPT_NAME`): VisionAI below a path of a host that has other things too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from ..environment import PATH_PREFIX


def init_app(app: Flask) -> None:
    """Let `app` know the path that it is below, so that links, cookies and sockets have it.

    A trusted proxy that took the path off a request says so in `X-Forwarded-Prefix`. For one that leaves it on, the
    setting SCRIPT_NAME says what to take off; paths without it, such as probes ask for, are served as they are.

    Reads SCRIPT_NAME and TRUSTED_PROXIES.
    """
    own, is_trusted = app.config["SCRIPT_NAME"], app.config["TRUSTED_PROXIES"] > 0
    inner: Any = app.wsgi_app

    def wsgi_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = (_told(environ) if is_trusted else "") or own
        environ["PATH_INFO"] = _without(own, environ.get("PATH_INFO", ""))
        answer: Iterable[bytes] = inner(environ, start_response)
        return answer

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def _told(environ: WSGIEnvironment) -> str:
    """Return the path that the proxy says it took off, empty for none and for one that no link can have."""
    prefix: str = environ.get("HTTP_X_FORWARDED_PREFIX", "").rpartition(",")[2].strip().rstrip("/")
    return prefix if PATH_PREFIX.fullmatch(prefix) else ""


def _without(prefix: str, path: str) -> str:
    if path == prefix:
        return "/"
    below = path.removeprefix(prefix)
    return below if below.startswith("/") else path
