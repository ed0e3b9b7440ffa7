"""Origin check (RFC 6454): which pages may open a stream."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment


def origin_allowed(environ: WSGIEnvironment, allowed: Collection[str]) -> bool:
    """Tell whether a page of the request's origin (RFC 6454) may open a stream.

    A request without `Origin` comes from no page; our own pages and those of `allowed` origins may, "*" being all.
    """
    origin = environ.get("HTTP_ORIGIN")
    if origin is None or origin in allowed or "*" in allowed:
        return True
    host = _host_of(origin)
    return bool(host) and host == environ.get("HTTP_HOST")


def _host_of(origin: str) -> str:
    """Return host and port of an origin, nothing where it is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
