"""Access control of `/metrics`: this very machine, or whoever shows the token."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import current_app, request

from ..errors import InvalidToken, NotFound
from ..web.hosts import LOOPBACK, is_allowed

# A proxy adds at least one of these, or one that begins with X-Forwarded-; a scrape from this machine carries none.
_FORWARDING = frozenset(
    {
        "Forwarded",
        "Via",
        "X-Real-Ip",
        "X-Client-Ip",
        "Client-Ip",
        "X-Cluster-Client-Ip",
        "True-Client-Ip",
        "Cf-Connecting-Ip",
        "X-Original-Forwarded-For",
        "X-Envoy-External-Address",
    }
)


def require_operator() -> None:
    """Let the current request pass or raise.

    Raises InvalidToken where `METRICS_TOKEN` is set and another or none was shown from elsewhere, NotFound where
    none is set: whoever may not read the figures need not learn that they exist.
    """
    expected = str(current_app.config["METRICS_TOKEN"])
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if expected and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), expected.encode()):
        return
    if "Authorization" not in request.headers and came_from_this_machine():
        return
    raise InvalidToken if expected else NotFound


def came_from_this_machine() -> bool:
    """Tell whether a program of this machine sent the current request.

    A proxy on this machine makes everybody's peer loopback, and what it says of them may be forged: any header of one
    refuses. So does a name that is not localhost, which a browser of this machine may have been led to.
    """
    forwarded = any(
        name.title().startswith("X-Forwarded-") or name.title() in _FORWARDING for name, _ in request.headers
    )
    return is_loopback(request.remote_addr) and not forwarded and is_allowed(request.host, {LOOPBACK})


def is_loopback(address: str | None) -> bool:
    """Tell whether `address` is one of this machine's own; a unix socket has none and does not count."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
